import { Alert, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { type FollowUp as Followed, finishFollowUp, followUpQuery, setFollowUp } from './people-api.ts';

/** What somebody means to do for the customer, and when. */
export function FollowUp({ id }: { id: string }) {
  const may = useMay();
  const { data } = useQuery(followUpQuery(id));
  if (data && !data.done) return <Open id={id} followUp={data} />;
  return may('create:user_follow_ups') ? <SetFollowUp id={id} /> : null;
}

function Open({ id, followUp: { text, date, version } }: { id: string; followUp: Followed }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const finish = useMutation({
    mutationFn: () => finishFollowUp(id, version),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'follow-up'] }),
  });
  const isDue = date <= new Date().toISOString().slice(0, 10);
  return (
    <Alert
      variant="light"
      color={isDue ? 'yellow' : 'blue'}
      icon={<IconCalendarEvent />}
      title={`Follow up ${isDue ? 'now' : `on ${day(date)}`}`}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="value">
          {text}
        </Text>
        {finish.error ? <Failed error={finish.error} /> : null}
        {may('update:user_follow_ups') && (
          <Button size="compact-xs" variant="default" loading={finish.isPending} onClick={() => finish.mutate()}>
            Done
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function SetFollowUp({ id }: { id: string }) {
  const queryClient = useQueryClient();
  const [opened, { toggle, close }] = useDisclosure();
  const [text, setText] = useState('');
  const [date, setDate] = useState('');
  const set = useMutation({
    mutationFn: () => setFollowUp(id, { text: text.trim(), date }),
    onSuccess: async () => {
      close();
      await queryClient.invalidateQueries({ queryKey: ['customer', id, 'follow-up'] });
    },
  });
  return (
    <Popover opened={opened} onChange={(next) => !next && close()} width={300} position="bottom-start" trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconCalendarEvent size={14} aria-hidden />} onClick={toggle}>
          Follow up
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate();
          }}
        >
          <Stack gap="xs">
            <TextInput
              label="What"
              required
              maxLength={1000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <TextInput
              label="When"
              type="date"
              required
              value={date}
              onChange={(event) => setDate(event.currentTarget.value)}
            />
            {set.error ? <Failed error={set.error} /> : null}
            <Group>
              <Button type="submit" size="xs" loading={set.isPending} disabled={text.trim() === '' || date === ''}>
                Keep in mind
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
