import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { browserName } from '../../../contract/browser-names.ts';
import { Ask } from '../../ui/ask.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { day, moment } from '../../ui/words.ts';
import { devicesQuery, endAllSessions, endSession, type Session, sessionsQuery } from './people-api.ts';

/** Where the customer is signed in now, and the browsers they came by. */
export function Sessions({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const sessions = useQuery({ ...sessionsQuery(id), enabled: may('read:sessions') });
  const [ending, setEnding] = useState<Session | 'all'>();
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'sessions'] });
  const list = sessions.data ?? [];
  return (
    <Card withBorder padding="md" component="section" aria-label="Devices and sessions">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Devices and sessions
        </Title>
        {may('delete:sessions') && list.length > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => setEnding('all')}>
            End all
          </Button>
        )}
      </Group>
      <Stack gap="xs">
        {sessions.error ? <Failed error={sessions.error} retry={() => void sessions.refetch()} /> : null}
        {sessions.isLoading ? <Loading label="Sessions are being read" /> : null}
        {list.map((session) => (
          <Line
            key={session.id}
            session={session}
            end={may('delete:sessions') ? () => setEnding(session) : undefined}
          />
        ))}
        {sessions.isSuccess && list.length === 0 && (
          <Text size="sm" c="dimmed">
            Signed in nowhere.
          </Text>
        )}
        <Devices id={id} />
      </Stack>
      {ending === 'all' && (
        <Ask
          title="End all sessions?"
          yes="End them all"
          close={() => setEnding(undefined)}
          act={async () => {
            await endAllSessions(id);
            await reload();
          }}
        >
          The customer is signed out everywhere, at every brand, and signs in again the next time.
        </Ask>
      )}
      {ending && ending !== 'all' && (
        <Ask
          title="End this session?"
          yes="End it"
          close={() => setEnding(undefined)}
          act={async () => {
            await endSession(ending.id);
            await reload();
          }}
        >
          The customer is signed out in this browser ({browserOf(ending)}), at every brand, and signs in again the next
          time.
        </Ask>
      )}
    </Card>
  );
}

function Line({ session, end }: { session: Session; end: (() => void) | undefined }) {
  const { device, last_interacted_at } = session;
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="value">
          {browserOf(session)}
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {[device.last_ip, `last used ${moment(last_interacted_at)}`].filter(Boolean).join(' · ')}
        </Text>
      </div>
      {end && (
        <Button size="compact-xs" flex="none" variant="default" onClick={end}>
          End
        </Button>
      )}
    </Group>
  );
}

function browserOf({ device: { last_user_agent } }: Session): string {
  return browserName(last_user_agent) ?? 'An unknown browser';
}

const mostShown = 10;

function Devices({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(devicesQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Devices are being read" />;
  if (data.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No browser of theirs is known yet.
      </Text>
    );
  return data.slice(0, mostShown).map(({ id: device, name, first_seen, last_seen }) => (
    <Text key={device} size="xs" c="dimmed" className="value">
      {name ?? 'An unknown browser'}, {day(first_seen)} to {day(last_seen)}
    </Text>
  ));
}
