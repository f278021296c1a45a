import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import type { Form } from './form.ts';
import { useFocusKept } from './use-focus-kept.ts';

/**
 * Below a form: saves it, puts back what was there, says what was refused and belongs to no field. Who is about to
 * leave with something unsaved is asked; who comes second is told and decides.
 */
export function SaveBar<V extends object>({
  form,
  save,
  reload,
  label = 'Save',
}: {
  form: Form<V>;
  /** `overwrite`: though somebody changed it meanwhile. */
  save: (overwrite: boolean) => void;
  /** Shows what is there now instead of what was typed. */
  reload: () => void;
  label?: string;
}) {
  const { isChanged, isSaving, isOutdated, problem } = form;
  const button = useFocusKept(isSaving);
  useBlocker({
    shouldBlockFn: () => isChanged && !isSaving && !window.confirm('Leave without saving what you changed?'),
    enableBeforeUnload: isChanged,
  });
  return (
    <Stack gap="sm">
      {isOutdated ? (
        <Alert color="yellow" role="alert" icon={<IconAlertCircle />} title="Somebody changed this while you did">
          <Text size="sm">What you typed is still here. Look at what they saved, or save yours over it.</Text>
          <Group gap="xs" mt="sm">
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                // It goes away with the question.
                button.current?.focus();
                reload();
              }}
            >
              Show theirs, drop mine
            </Button>
            <Button size="xs" variant="default" onClick={() => save(true)}>
              Save mine over it
            </Button>
          </Group>
        </Alert>
      ) : null}
      {problem === undefined ? null : <Problem text={problem} />}
      <Group gap="xs">
        {/* Not disabled but idle while there is nothing to save: the focus stays where it is. */}
        <Button
          ref={button}
          type="submit"
          loading={isSaving}
          aria-disabled={!isChanged}
          {...(!isChanged && { 'data-disabled': true })}
          onClick={() => {
            if (isChanged) save(false);
          }}
        >
          {label}
        </Button>
        {isChanged && !isSaving ? (
          <Button
            variant="default"
            onClick={() => {
              button.current?.focus();
              form.reset();
            }}
          >
            Put back
          </Button>
        ) : null}
      </Group>
    </Stack>
  );
}

/** What was refused. */
export function Problem({ text }: { text: string }) {
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle />}>
      {text}
    </Alert>
  );
}
