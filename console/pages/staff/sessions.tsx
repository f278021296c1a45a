import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { endSession, sessionsQuery } from './api.ts';
import { browserName } from './browser-name.ts';

/** Where one of the staff is signed in. */
export function Sessions({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data = [], error } = useQuery(sessionsQuery(id));
  const end = useMutation({
    mutationFn: (session: string) => endSession(id, session),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['staff', id, 'sessions'] }),
  });
  return (
    <Card withBorder padding="md" maw={640} component="section" aria-label="Sessions">
      <Title order={2} size="h5" mb="xs">
        Sessions
      </Title>
      {error ? <Failed error={error} /> : null}
      {end.error ? <Failed error={end.error} /> : null}
      {data.length === 0 && (
        <Text size="sm" c="dimmed">
          Signed in nowhere.
        </Text>
      )}
      <Stack gap="xs">
        {data.map((session) => (
          <Group key={session.id} justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="value" title={session.user_agent.slice(0, 500)}>
                {browserName(session.user_agent)}
              </Text>
              <Text size="xs" c="dimmed">
                {session.ip} · last used {moment(session.last_seen_at)}
              </Text>
            </div>
            {may('update:staff') && (
              <Button
                size="compact-xs"
                flex="none"
                variant="default"
                loading={end.isPending && end.variables === session.id}
                onClick={() => end.mutate(session.id)}
              >
                End
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
