import { Button, Group, Text } from '@mantine/core';
import { tell } from './tell.ts';

const shownMs = 12_000;

/** Says what was done, with the way back; and then that it was taken, or could not be. */
export function tellWithUndo({
  message,
  color = 'regulars',
  undo,
  undone,
  failed,
}: {
  message: string;
  color?: string;
  undo: () => Promise<void>;
  undone: string;
  failed: string;
}): void {
  const hide = tell({
    shownMs,
    color,
    message: (
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" className="value">
          {message}
        </Text>
        <Button
          size="compact-xs"
          flex="none"
          variant="default"
          onClick={() => {
            hide();
            undo().then(
              () => tell({ message: undone }),
              () => tell({ color: 'red', message: failed }),
            );
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
