import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const shownMs = 12_000;

/**
 * Says that a value was saved, with the way back.
 *
 * @param isAsked does the profile show what was asked for? Other sources may be believed more.
 */
export function tellSaved({
  label,
  isAsked,
  undo,
}: {
  label: string;
  isAsked: boolean;
  undo: () => Promise<void>;
}): void {
  const id = notifications.show({
    autoClose: shownMs,
    color: isAsked ? 'regulars' : 'yellow',
    message: (
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" className="value">
          {isAsked
            ? `“${label}” is saved.`
            : `“${label}” is saved, but the profile shows otherwise: the customer objected, or another source is believed more here.`}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo().then(
              () => notifications.show({ message: `“${label}” is as it was.` }),
              () =>
                notifications.show({
                  color: 'red',
                  message: `“${label}” could not be put back; was it changed since?`,
                }),
            );
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
