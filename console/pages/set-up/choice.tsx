import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';

/** One of a few values that the API knows, by their names for people. */
export function Choice<V extends string>({
  label,
  about,
  options,
  value,
  set,
  error,
  disabled = false,
}: {
  label: string;
  about?: ReactNode;
  options: readonly { readonly value: V; readonly label: string }[];
  value: V;
  set: (value: V) => void;
  error?: string | undefined;
  disabled?: boolean;
}) {
  return (
    <NativeSelect
      label={label}
      description={about}
      disabled={disabled}
      data={[...options]}
      value={value}
      error={error}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) set(chosen.value);
      }}
    />
  );
}
