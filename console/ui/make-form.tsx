import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from './save-bar.tsx';
import { useFocusKept } from './use-focus-kept.ts';

/** A form that makes something: its fields, what was refused and belongs to none of them, and the deed. */
export function MakeForm({
  form,
  make,
  label,
  cancel,
  children,
}: {
  form: { readonly problem: string | undefined; readonly isSaving: boolean };
  make: () => Promise<unknown>;
  /** What the button says: the deed. */
  label: string;
  cancel?: (() => void) | undefined;
  children: ReactNode;
}) {
  const button = useFocusKept(form.isSaving);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <Stack gap="md">
        {children}
        {form.problem === undefined ? null : <Problem text={form.problem} />}
        <Group gap="xs">
          <Button ref={button} type="submit" loading={form.isSaving}>
            {label}
          </Button>
          {cancel ? (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}
