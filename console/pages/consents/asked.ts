/** What the list is narrowed to; the address of the page holds it. */
export type Asked = {
  /** Id of a brand, or `umbrella`. */
  readonly brand?: string | undefined;
  readonly purpose?: string | undefined;
};

export function askedOf({ brand, purpose }: Record<string, unknown>): Asked {
  return {
    ...(typeof brand === 'string' && brand !== '' && { brand }),
    ...(typeof purpose === 'string' && purpose !== '' && { purpose }),
  };
}
