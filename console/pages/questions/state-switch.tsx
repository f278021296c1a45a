import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refusalOf } from '../../ui/refusal.ts';
import { useMay } from '../../ui/session.ts';
import { changeQuestion, type Question } from './api.ts';

const states = {
  draft: { label: 'Draft', color: 'gray.7', deed: 'Go live' },
  live: { label: 'Live', color: 'regulars', deed: 'Pause' },
  paused: { label: 'Paused', color: 'gray.7', deed: 'Go live' },
} as const;

/** Is it asked? One click changes it, at once. */
export function StateSwitch({
  question: { id, name, state },
  changed,
}: {
  question: Pick<Question, 'id' | 'name' | 'state'>;
  changed: () => Promise<unknown>;
}) {
  const may = useMay();
  const { label, color, deed } = states[state];
  const change = useMutation({
    mutationFn: () => changeQuestion(id, { state: state === 'live' ? 'paused' : 'live' }),
    onSettled: changed,
  });
  return (
    <Group gap="xs" wrap="nowrap">
      <Badge color={color} miw="max-content">
        {label}
      </Badge>
      {may('update:questions') ? (
        <Button
          size="xs"
          variant="default"
          loading={change.isPending}
          aria-label={`${deed}: ${name}`}
          onClick={() => change.mutate()}
        >
          {deed}
        </Button>
      ) : null}
      {change.error ? (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {refusalOf(change.error).text}
        </Text>
      ) : null}
    </Group>
  );
}
