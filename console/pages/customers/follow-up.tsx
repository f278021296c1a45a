import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { date, today } from '../../ui/words.ts';
import { changeFollowUp, type FollowUp as Followed, followUpQuery, removeFollowUp } from './people-api.ts';

const Form = lazy(() => import('./follow-up-form.tsx').then((module) => ({ default: module.FollowUpForm })));

/** What somebody means to do for the customer, and when. */
export function FollowUp({ id }: { id: string }) {
  const may = useMay();
  const { data, error, refetch } = useQuery(followUpQuery(id));
  const [isEditing, setEditing] = useState(false);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading label="The follow-up is being read" height={30} />;
  const open = data && !data.done ? data : undefined;
  return (
    <>
      {open ? <Open id={id} followUp={open} change={() => setEditing(true)} /> : null}
      {!open && may('create:user_follow_ups') ? (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCalendarEvent size={14} aria-hidden />}
          onClick={() => setEditing(true)}
        >
          Follow up
        </Button>
      ) : null}
      <Suspense fallback={null}>
        {isEditing ? <Form id={id} followUp={open} close={() => setEditing(false)} /> : null}
      </Suspense>
    </>
  );
}

function Open({ id, followUp, change }: { id: string; followUp: Followed; change: () => void }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const { text, date: due, version, author } = followUp;
  const reload = async () => {
    await queryClient.invalidateQueries({ queryKey: ['customer', id, 'follow-up'] });
    await queryClient.invalidateQueries({ queryKey: ['follow-ups'] });
  };
  const finish = useMutation({
    mutationFn: () => changeFollowUp(id, { done: true, if_version: version }),
    onSettled: reload,
  });
  const isDue = due <= today();
  return (
    <Alert
      variant="light"
      color={isDue ? 'yellow' : 'blue'}
      icon={<IconCalendarEvent />}
      title={due < today() ? `Follow up since ${date(due)}` : `Follow up ${isDue ? 'today' : `on ${date(due)}`}`}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="value">
          {text}
        </Text>
        {author.name === null ? null : (
          <Text size="xs" className="value">
            set by {author.name}
          </Text>
        )}
        {finish.error ? <Failed error={finish.error} /> : null}
        <Group gap="xs">
          {may('update:user_follow_ups') && (
            <>
              <Button size="compact-xs" variant="default" loading={finish.isPending} onClick={() => finish.mutate()}>
                Done
              </Button>
              <Button size="compact-xs" variant="default" onClick={change}>
                Change
              </Button>
            </>
          )}
          {may('delete:user_follow_ups') && (
            <Button size="compact-xs" variant="default" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          )}
        </Group>
      </Stack>
      {isRemoving && (
        <Ask
          title="Remove the follow-up?"
          yes="Remove it"
          close={() => setRemoving(false)}
          act={async () => {
            await removeFollowUp(id);
            await reload();
          }}
        >
          Nobody is reminded of it any more. What was done is rather marked as done.
        </Ask>
      )}
    </Alert>
  );
}
