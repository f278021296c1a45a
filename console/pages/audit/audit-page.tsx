import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../ui/api.ts';
import type { Column } from '../../ui/csv.ts';
import { ExportAll } from '../../ui/export-all.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { type Asked, type AuditEntry, auditQuery, entriesFrom } from './api.ts';
import { acts, Entries, whoOf } from './entries.tsx';
import { TakeAlong, Verify } from './verify.tsx';

export const route = createLazyRoute('/audit')({ component: AuditPage });

const everything: Asked = { user_id: '', act: '', by: '', byName: '', since: '', until: '' };

const columns: readonly Column<AuditEntry>[] = [
  { name: 'When', of: (entry) => entry.at },
  { name: 'Who', of: (entry) => whoOf(entry.by) },
  { name: 'What', of: (entry) => entry.act },
  { name: 'In words', of: (entry) => entry.summary },
  { name: 'About', of: (entry) => entry.about },
  { name: 'On', of: (entry) => entry.user_id ?? entry.thing },
  { name: 'Paths', of: (entry) => entry.paths.join(', ') },
  { name: 'From', of: (entry) => entry.ip },
];

function AuditPage() {
  const [asked, setAsked] = useState<Asked>(everything);
  const settled = useSettled(asked, 250);
  const found = useInfiniteQuery({ ...auditQuery(settled), placeholderData: keepPreviousData });
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  const entries = found.data?.pages.flatMap(({ audit }) => audit) ?? [];
  return (
    <Page
      title="Audit log"
      about="What staff and machines did, and whom they looked at. Nothing is taken out of it but by age, and every change to it shows."
      actions={
        <>
          <Verify />
          <ExportAll
            name="audit"
            columns={columns}
            read={(from, signal) => entriesFrom(settled, from, signal)}
            disabled={entries.length === 0}
          />
          <TakeAlong asked={settled} disabled={isUnknown} />
        </>
      }
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Customer"
          placeholder="auth0|…"
          maxLength={600}
          value={asked.user_id}
          onChange={(event) => setAsked({ ...asked, user_id: event.currentTarget.value })}
        />
        <NativeSelect
          label="What"
          data={acts}
          value={asked.act}
          onChange={(event) => setAsked({ ...asked, act: event.currentTarget.value })}
        />
        <TextInput
          label="Since"
          type="date"
          value={asked.since}
          onChange={(event) => setAsked({ ...asked, since: event.currentTarget.value })}
        />
        <TextInput
          label="Until"
          type="date"
          value={asked.until}
          onChange={(event) => setAsked({ ...asked, until: event.currentTarget.value })}
        />
        {asked.by ? (
          <Button variant="default" onClick={() => setAsked({ ...asked, by: '', byName: '' })}>
            Everybody instead of {asked.byName}
          </Button>
        ) : null}
      </Group>
      {found.error && !isUnknown ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {isUnknown ? <Empty title="No such customer">Type the whole id, as the profile shows it.</Empty> : null}
      {found.isPending ? <Loading label="The log is being read" /> : null}
      {found.isSuccess && entries.length === 0 && !found.hasNextPage ? (
        <Empty title="Nothing like that happened">Take a filter away, or ask for an earlier day.</Empty>
      ) : null}
      {found.isSuccess && entries.length === 0 && found.hasNextPage ? (
        <Empty title="Nothing among the newest">Older rows may be what you may see: show more.</Empty>
      ) : null}
      {entries.length > 0 && !isUnknown ? (
        <Entries entries={entries} choose={(by) => setAsked({ ...asked, by: by.id, byName: whoOf(by) })} />
      ) : null}
      {isUnknown ? null : <MoreButton list={found} />}
    </Page>
  );
}
