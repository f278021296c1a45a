import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { browserName } from '../../../contract/browser-names.ts';
import { Ask } from '../../ui/ask.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { endSession, type StaffSession, sessionsQuery } from './api.ts';

/** Where one of the staff is signed in. */
export function Sessions({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery(id));
  const [ending, setEnding] = useState<StaffSession>();
  return (
    <Card withBorder padding="md" maw={640} component="section" aria-label="Sessions">
      <Title order={2} size="h5" mb="xs">
        Sessions
      </Title>
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="Sessions are being read" /> : null}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          Signed in nowhere.
        </Text>
      )}
      <Stack gap="xs">
        {data?.map((session) => (
          <Group key={session.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="value" title={session.user_agent.slice(0, 500)}>
                {nameOf(session)}
              </Text>
              <Text size="xs" c="dimmed">
                {session.ip} · last used {moment(session.last_seen_at)}
              </Text>
            </div>
            {may('update:staff') && (
              <Button size="compact-xs" flex="none" variant="default" onClick={() => setEnding(session)}>
                End
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {ending && (
        <Ask
          title="End this session?"
          yes="End it"
          close={() => setEnding(undefined)}
          act={async () => {
            await endSession(id, ending.id);
            await queryClient.invalidateQueries({ queryKey: ['staff', id, 'sessions'] });
          }}
        >
          They are signed out in this browser ({nameOf(ending)}) with the next thing they do, and sign in again to go
          on.
        </Ask>
      )}
    </Card>
  );
}

function nameOf({ user_agent }: StaffSession): string {
  return browserName(user_agent) ?? 'An unknown browser';
}
