import { Anchor, Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { OutboxMail } from '../../../contract/outbox.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportAll } from '../../ui/export-all.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { type Asked, mailsFrom, outboxQuery } from './api.ts';
import { Standing, standings } from './standing.tsx';

export const route = createLazyRoute('/outbox')({ component: OutboxPage });

const columns: readonly Column<OutboxMail>[] = [
  { name: 'Written', of: (mail) => mail.created_at },
  { name: 'Recipient', of: (mail) => mail.recipient },
  { name: 'Subject', of: (mail) => mail.subject },
  { name: 'Kind', of: (mail) => mail.kind },
  { name: 'Language', of: (mail) => mail.language },
  { name: 'Status', of: (mail) => mail.status },
  { name: 'Error', of: (mail) => mail.error },
  { name: 'Sent', of: (mail) => mail.sent_at },
];

function OutboxPage() {
  const asked = useSearch({ from: '/outbox' });
  const navigate = useNavigate({ from: '/outbox' });
  const found = useInfiniteQuery({ ...outboxQuery(asked), placeholderData: keepPreviousData });
  const mails = found.data?.pages.flatMap((page) => page.mails) ?? [];
  const change = (part: Asked) => {
    const next = Object.entries({ ...asked, ...part }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const isFiltered = Object.values(asked).some((value) => value !== undefined);
  return (
    <Page
      title="Outbox"
      about="Every mail of the last 30 days and what became of it. Codes and links in them are not shown: they open accounts."
      actions={
        <ExportAll
          name="outbox"
          columns={columns}
          read={(from, signal) => mailsFrom(asked, from, signal)}
          disabled={mails.length === 0}
        />
      }
    >
      <Filters asked={asked} change={change} />
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="Mails are being looked up" /> : null}
      {found.isSuccess && mails.length === 0 ? (
        <Empty title={isFiltered ? 'No such mail' : 'No mails yet'}>
          {isFiltered
            ? 'No mail of the last 30 days is as the filters say. An address must be whole.'
            : 'Codes, links and notices stand here from the moment they are written.'}
        </Empty>
      ) : null}
      {mails.length > 0 ? <Mails mails={mails} /> : null}
      <MoreButton list={found} />
    </Page>
  );
}

function Filters({ asked, change }: { asked: Asked; change: (part: Asked) => void }) {
  const [typed, setTyped] = useState(asked.recipient ?? '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change({ recipient: typed.trim() });
      }}
    >
      <Group gap="xs" align="flex-end">
        <Group gap="xs" align="flex-end" wrap="nowrap" maw="100%">
          <TextInput
            data-search
            type="search"
            label="Recipient"
            placeholder="ada@example.com"
            value={typed}
            maxLength={320}
            w={280}
            miw={0}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setTyped('');
            }}
          />
          <Button type="submit" variant="default" flex="none">
            Search
          </Button>
        </Group>
        <NativeSelect
          label="Status"
          value={asked.status ?? ''}
          data={[{ value: '', label: 'Any' }, ...Object.entries(standings).map(([value, label]) => ({ value, label }))]}
          onChange={(event) => change({ status: event.currentTarget.value })}
        />
        {asked.kind === undefined ? null : (
          <Button variant="default" onClick={() => change({ kind: undefined })}>
            All kinds instead of {asked.kind}
          </Button>
        )}
      </Group>
    </form>
  );
}

function Mails({ mails }: { mails: readonly OutboxMail[] }) {
  return (
    <ListTable label="Mails" minWidth={640} heads={['Subject', 'Status', 'Recipient', 'Written']}>
      {mails.map((mail) => (
        <tr key={mail.id}>
          <td>
            <Anchor component={Link} to={`/outbox/${mail.id}`} size="sm" className="value">
              {mail.subject}
            </Anchor>
          </td>
          <td>
            <Standing status={mail.status} />
          </td>
          <td className="value">{mail.recipient}</td>
          <td>{moment(mail.created_at)}</td>
        </tr>
      ))}
    </ListTable>
  );
}
