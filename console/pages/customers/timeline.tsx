import {
  Badge,
  Card,
  Group,
  Loader,
  SegmentedControl,
  Stack,
  Text,
  ThemeIcon,
  Title,
  VisuallyHidden,
} from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconLogin2, IconShieldLock, IconUserEdit } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Failed, Loading } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { placeOf, type Row, timelineQuery } from './timeline-api.ts';
import { detailOf } from './timeline-detail.ts';
import { changedBy, sentenceOf } from './timeline-words.ts';
import { useLive } from './use-live.ts';
import { useValueNames } from './use-value-names.ts';

const classes = [
  { value: '', label: 'All' },
  { value: 'sign_in', label: 'Sign-ins' },
  { value: 'profile', label: 'Profile' },
  { value: 'security', label: 'Security' },
];

const icons: Readonly<Record<string, { icon: typeof IconLogin2; color: string }>> = {
  sign_in: { icon: IconLogin2, color: 'regulars' },
  profile: { icon: IconUserEdit, color: 'blue' },
  security: { icon: IconShieldLock, color: 'orange' },
};

const states = {
  connecting: { label: 'connecting', about: 'New rows will come by themselves' },
  connected: { label: 'live', about: 'New rows come by themselves' },
  ended: { label: 'not live', about: 'New rows do not come by themselves any more' },
} as const;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** What happened to the customer, by day, the newest first; what happens now comes by itself. */
export function Timeline({ id }: { id: string }) {
  const [only, setOnly] = useState('');
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    timelineQuery(id, only),
  );
  const { nameOf } = useValueNames();
  const live = useLive(id, data?.pages[0]?.live);
  const { ref, entry } = useIntersection({ rootMargin: '400px' });
  const isAtEnd = entry?.isIntersecting === true;
  useEffect(() => {
    if (isAtEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isAtEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The timeline is being read" />;
  const read = data.pages.flatMap(({ timeline }) => timeline);
  const known = new Set(read.map((row) => row.id));
  const fresh = live.rows.filter((row) => !known.has(row.id) && (only === '' || row.class === only));
  const rows = [...fresh, ...read];
  const days = Map.groupBy(rows, (row) => day(row.occurred_at) ?? '');
  return (
    <Card withBorder padding="md" component="section" aria-label="Timeline">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Timeline
        </Title>
        <Badge variant="dot" color={live.state === 'connected' ? 'green' : 'gray'} title={states[live.state].about}>
          {states[live.state].label}
        </Badge>
      </Group>
      {live.state === 'ended' ? (
        <Text size="sm" mb="sm" role="status">
          Not live any more: what happens from now on is not shown. Load the page anew.
        </Text>
      ) : null}
      <SegmentedControl size="xs" mb="sm" data={classes} value={only} onChange={setOnly} fullWidth aria-label="Show" />
      <VisuallyHidden role="log" aria-live="polite">
        {fresh.slice(0, 3).map((row) => (
          <p key={row.id}>{sentenceOf(row, nameOf)}</p>
        ))}
      </VisuallyHidden>
      {rows.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing yet.
        </Text>
      )}
      <Stack gap="md">
        {[...days].map(([date, ofDay]) => (
          <section key={date} aria-label={date}>
            <Text size="xs" fw={600} c="dimmed" mb={4}>
              {date}
            </Text>
            <Stack gap="xs">
              {ofDay.map((row) => (
                <Line key={row.id} row={row} nameOf={nameOf} />
              ))}
            </Stack>
          </section>
        ))}
      </Stack>
      <div ref={ref}>
        {isFetchingNextPage && <Loader type="dots" size="sm" mt="sm" aria-label="More is on its way" />}
      </div>
    </Card>
  );
}

function Line({ row, nameOf }: { row: Row; nameOf: (path: string) => string }) {
  const { icon: Icon, color } = icons[row.class] ?? { icon: IconUserEdit, color: 'gray' };
  const where = [row.portal_name ?? row.brand, row.browser, placeOf(row), row.ip].filter(Boolean).join(' · ');
  const by = changedBy(row);
  const detail = by === undefined ? detailOf(row.data) : `by ${by}`;
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <ThemeIcon variant="light" color={color} size="sm" mt={2} aria-hidden>
        <Icon size={14} />
      </ThemeIcon>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="value">
          {sentenceOf(row, nameOf)}{' '}
          <Text span size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {clock.format(new Date(row.occurred_at))}
          </Text>
        </Text>
        {detail && (
          <Text size="xs" className="value">
            {detail}
          </Text>
        )}
        {where && (
          <Text size="xs" c="dimmed" className="value">
            {where}
          </Text>
        )}
      </div>
    </Group>
  );
}
