/** What conditions can ask of a sign-in; kept of the last one with the customer. */
export type SignInContext = {
  /** Client id. */
  readonly portal: string | null;
  /** Slug. */
  readonly brand: string | null;
  readonly connection: string;
  /** ISO 3166-1, two letters, of the IP address; null: not known. */
  readonly country: string | null;
  readonly language: string | null;
  /** Null: not a browser. */
  readonly device: 'phone' | 'tablet' | 'desktop' | null;
  /** Of the customer's day, 0 to 23. */
  readonly hour: number;
};
