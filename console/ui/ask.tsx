import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';
import { refusalOf } from './refusal.ts';
import { Problem } from './save-bar.tsx';
import { useFocusKept } from './use-focus-kept.ts';

/**
 * A question before something that is not easily taken back: what will happen, and for what cannot be undone at all the
 * name of the thing to be typed.
 */
export function Ask({
  title,
  children,
  yes,
  typed,
  act,
  close,
}: {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** What the button says: the deed, not "OK". */
  yes: string;
  /** Must be typed before. */
  typed?: string;
  act: () => Promise<unknown>;
  close: () => void;
}) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const button = useFocusKept(isBusy);

  async function go(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      close();
    } catch (error) {
      setProblem(refusalOf(error).text);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} close={close} isKept={typed === undefined}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {typed === undefined ? null : (
            <TextInput
              label={
                <>
                  Type <b>{typed}</b> to go on
                </>
              }
              value={text}
              autoComplete="off"
              data-autofocus
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {problem === undefined ? null : <Problem text={problem} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button
              ref={button}
              type="submit"
              color="red.9"
              loading={isBusy}
              disabled={typed !== undefined && text !== typed}
            >
              {yes}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
