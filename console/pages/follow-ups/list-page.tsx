import { Anchor, Badge, Button, Group, SegmentedControl, Switch, Text } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Column } from '../../ui/csv.ts';
import { ExportAll } from '../../ui/export-all.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { tellWithUndo } from '../../ui/tell-with-undo.tsx';
import { date, today } from '../../ui/words.ts';
import { type Asked, type Due, dueFrom, dueQuery, setDone } from './api.ts';

export const route = createLazyRoute('/follow-ups')({ component: FollowUpsPage });

const columns: readonly Column<Due>[] = [
  { name: 'Due', of: (one) => one.date },
  { name: 'Customer', of: (one) => nameOf(one) },
  { name: 'What', of: (one) => one.text },
  { name: 'Set by', of: (one) => one.author.name },
];

function FollowUpsPage() {
  const asked = useSearch({ from: '/follow-ups' });
  const navigate = useNavigate({ from: '/follow-ups' });
  const found = useInfiniteQuery({ ...dueQuery(asked), placeholderData: keepPreviousData });
  const rows = found.data?.pages.flatMap((page) => page.follow_ups) ?? [];
  const change = (search: Asked) => void navigate({ search, replace: true });
  return (
    <Page
      title="Follow-ups"
      about="What colleagues mean to do for customers, the longest due first. One is set on a customer's page."
      actions={
        <ExportAll
          name="follow-ups"
          columns={columns}
          read={(from, signal) => dueFrom(asked, from, signal)}
          disabled={rows.length === 0}
        />
      }
    >
      <Group gap="md">
        <SegmentedControl
          aria-label="Which ones"
          value={asked.show ?? 'due'}
          data={[
            { value: 'due', label: 'Due' },
            { value: 'all', label: 'Later too' },
          ]}
          onChange={(value) => change({ ...(value === 'all' && { show: value }), ...(asked.by && { by: asked.by }) })}
        />
        <Switch
          label="Only mine"
          checked={asked.by === 'me'}
          onChange={(event) =>
            change({
              ...(asked.show && { show: asked.show }),
              ...(event.currentTarget.checked && { by: 'me' as const }),
            })
          }
        />
      </Group>
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="Follow-ups are being looked up" /> : null}
      {found.isSuccess && rows.length === 0 ? (
        <Empty title={asked.show === 'all' ? 'Nothing to be done' : 'Nothing is due'}>
          {asked.show === 'all'
            ? 'A follow-up is set on a customer’s page: what is to be done, and on which day.'
            : 'What is set for a later day stands under “Later too”.'}
        </Empty>
      ) : null}
      {rows.length > 0 ? (
        <ListTable label="Follow-ups" minWidth={300} heads={['What is to be done', '']}>
          {rows.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ListTable>
      ) : null}
      <MoreButton list={found} />
    </Page>
  );
}

function Row({ one }: { one: Due }) {
  const may = useMay();
  const name = nameOf(one);
  const finish = useFinish(one);
  return (
    <tr>
      <td>
        <Group gap="xs">
          <Anchor
            component={Link}
            to={`/customers/${encodeURIComponent(one.user.user_id)}`}
            size="sm"
            className="value"
          >
            {name}
          </Anchor>
          <When day={one.date} />
        </Group>
        <Text size="sm" className="value" lineClamp={4}>
          {one.text}
        </Text>
        {one.author.name === null ? null : (
          <Text size="xs" c="dimmed" className="value">
            set by {one.author.name}
          </Text>
        )}
      </td>
      <td className="at-end">
        {may('update:user_follow_ups') && (
          <Button
            size="compact-sm"
            variant="default"
            loading={finish.isPending}
            aria-label={`Done: ${name}`}
            onClick={() => finish.mutate()}
          >
            Done
          </Button>
        )}
      </td>
    </tr>
  );
}

function When({ day }: { day: string }) {
  const now = today();
  const color = day < now ? 'red' : day === now ? 'yellow' : 'gray';
  const words = day < now ? `since ${date(day)}` : day === now ? 'today' : `on ${date(day)}`;
  return (
    <Badge color={color} variant="light" tt="none" flex="none">
      {words}
    </Badge>
  );
}

/** Done, with the way back. */
function useFinish(one: Due) {
  const queryClient = useQueryClient();
  const reload = async () => {
    await queryClient.invalidateQueries({ queryKey: ['customer', one.user.user_id, 'follow-up'] });
    await queryClient.invalidateQueries({ queryKey: ['follow-ups'] });
  };
  return useMutation({
    mutationFn: () => setDone(one, true),
    onSuccess: ({ version }) =>
      tellWithUndo({
        message: `Done: ${one.text.slice(0, 100)}`,
        undo: () => setDone({ ...one, version }, false).then(reload),
        undone: 'It is to be done again.',
        failed: 'It could not be opened again: somebody has set another one since.',
      }),
    onError: (error) => tell({ color: 'red', message: refusalOf(error).text }),
    onSettled: reload,
  });
}

function nameOf({ user }: Due): string {
  return user.name || user.email || user.phone_number || user.username || user.user_id;
}
