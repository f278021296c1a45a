import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { day, moment } from '../../ui/words.ts';
import { devicesQuery, endAllSessions, endSession, sessionsQuery } from './people-api.ts';

/** Where the customer is signed in now, and the browsers they came by. */
export function Sessions({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const sessions = useQuery({ ...sessionsQuery(id), enabled: may('read:sessions') });
  const devices = useQuery(devicesQuery(id));
  const [isEndingAll, setEndingAll] = useState(false);
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'sessions'] });
  const end = useMutation({ mutationFn: endSession, onSettled: reload });
  const list = sessions.data ?? [];
  return (
    <Card withBorder padding="md" component="section" aria-label="Devices and sessions">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          Devices and sessions
        </Title>
        {may('delete:sessions') && list.length > 0 && (
          <Button size="compact-xs" variant="default" onClick={() => setEndingAll(true)}>
            End all
          </Button>
        )}
      </Group>
      {end.error ? <Failed error={end.error} /> : null}
      <Stack gap="xs">
        {list.map(({ id: session, device, last_interacted_at }) => (
          <Group key={session} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="value">
                Signed in, {device.last_ip ?? 'from somewhere'}
              </Text>
              <Text size="xs" c="dimmed">
                last used {moment(last_interacted_at)}
              </Text>
            </div>
            {may('delete:sessions') && (
              <Button
                size="compact-xs"
                flex="none"
                variant="default"
                loading={end.isPending && end.variables === session}
                onClick={() => end.mutate(session)}
              >
                End
              </Button>
            )}
          </Group>
        ))}
        {sessions.isSuccess && list.length === 0 && (
          <Text size="sm" c="dimmed">
            Signed in nowhere.
          </Text>
        )}
        {(devices.data ?? []).slice(0, 10).map(({ id: device, name, first_seen, last_seen }) => (
          <Text key={device} size="xs" c="dimmed" className="value">
            {name ?? 'An unknown browser'}, {day(first_seen)} to {day(last_seen)}
          </Text>
        ))}
        {devices.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            No browser of theirs is known yet.
          </Text>
        )}
      </Stack>
      {isEndingAll && (
        <Ask
          title="End all sessions?"
          yes="End them all"
          close={() => setEndingAll(false)}
          act={async () => {
            await endAllSessions(id);
            await reload();
          }}
        >
          The customer is signed out everywhere, at every brand, and signs in again the next time.
        </Ask>
      )}
    </Card>
  );
}
