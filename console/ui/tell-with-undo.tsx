import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

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
  const id = notifications.show({
    autoClose: shownMs,
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
            notifications.hide(id);
            undo().then(
              () => notifications.show({ message: undone }),
              () => notifications.show({ color: 'red', message: failed }),
            );
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
