import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleLine } from '../../contract/rules.ts';
import { useMay } from './session.ts';
import { Failed, Loading } from './states.tsx';
import { linesQuery, type Printer, useLines } from './use-code-lines.ts';
import { second } from './words.ts';

/** What a rule or an action prints by `console`, as it is printed. */
export function Log({ of }: { of: Printer }) {
  const { data, error, refetch } = useQuery(linesQuery(of));
  const live = useLines(of, data && (data[0]?.number ?? '0'));
  const may = useMay();
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The log is being read" />;
  const lines = [...live.lines, ...data];
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          What it prints by console.log and its like, and why it failed. Kept for a day.
        </Text>
        <Badge variant="dot" color={live.isConnected ? 'green' : 'gray'}>
          {live.isConnected ? 'Live' : 'Not live'}
        </Badge>
      </Group>
      {lines.length === 0 ? <Text size="sm">Nothing yet. When it runs, what it prints comes here.</Text> : null}
      {lines.length > 0 ? (
        <section className="log" aria-label="Log" aria-live="off">
          {lines.map((line) => (
            <Line key={line.number} line={line} seesCustomers={may('read:users')} />
          ))}
        </section>
      ) : null}
    </Stack>
  );
}

function Line({ line: { at, level, line, user_id }, seesCustomers }: { line: RuleLine; seesCustomers: boolean }) {
  const isBad = level === 'error' || level === 'warn';
  return (
    <div className="log-line">
      <Text size="xs" c="dimmed">
        {second(at)} · {level}
        {user_id !== null && seesCustomers ? (
          <>
            {' · '}
            <Anchor component={Link} to={`/customers/${encodeURIComponent(user_id)}`} size="xs" underline="always">
              customer
            </Anchor>
          </>
        ) : null}
      </Text>
      <Text size="sm" className="wrapped monospaced" {...(isBad && { c: 'var(--mantine-color-error)' })}>
        {line}
      </Text>
    </div>
  );
}
