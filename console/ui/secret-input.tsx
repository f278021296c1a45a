import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** A text that is covered while it is typed; what was refused of it is told to screen readers, too. */
export function SecretInput({ label, error, ...input }: Omit<PasswordInputProps, 'label'> & { label: string }) {
  return (
    <PasswordInput
      {...input}
      label={label}
      error={error}
      // Of itself it says so by its colour alone.
      aria-invalid={error ? true : undefined}
      visibilityToggleButtonProps={{ 'aria-label': `Show ${label}` }}
    />
  );
}
