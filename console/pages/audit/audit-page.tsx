import { Badge, Group, NativeSelect, Table, Text, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { ListTable } from '../../ui/list-table.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { moment } from '../../ui/words.ts';
import { type Asked, type AuditEntry, auditQuery } from './api.ts';
import { TakeAlong, Verify } from './verify.tsx';

export const route = createLazyRoute('/audit')({ component: AuditPage });

const acts = [
  { value: '', label: 'Everything' },
  { value: 'read', label: 'Looked at' },
  { value: 'create', label: 'Made' },
  { value: 'change', label: 'Changed' },
  { value: 'delete', label: 'Removed' },
  { value: 'refuse', label: 'Refused' },
];

const colours: Readonly<Record<AuditEntry['act'], string>> = {
  read: 'gray',
  create: 'regulars',
  change: 'blue',
  delete: 'orange',
  refuse: 'red',
};

function AuditPage() {
  const [asked, setAsked] = useState<Asked>({ user_id: '', act: '', since: '' });
  const settled = useSettled(asked, 250);
  const found = useInfiniteQuery({ ...auditQuery(settled), placeholderData: keepPreviousData });
  const entries = found.data?.pages.flatMap(({ audit }) => audit) ?? [];
  return (
    <Page
      title="Audit log"
      about="What staff and machines did, and whom they looked at. Nothing is taken out of it but by age, and every change to it shows."
      actions={
        <>
          <Verify />
          <TakeAlong asked={settled} />
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
      </Group>
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="The log is being read" /> : null}
      {found.isSuccess && entries.length === 0 ? (
        <Empty title="Nothing like that happened">Take a filter away, or ask for an earlier day.</Empty>
      ) : null}
      {entries.length > 0 ? <Entries entries={entries} /> : null}
      <MoreButton list={found} />
    </Page>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  const isNarrow = useMediaQuery('(max-width: 48em)');
  return (
    <ListTable
      minWidth={isNarrow ? 300 : 860}
      heads={isNarrow ? ['What, when and by whom'] : ['When', 'Who', 'What', 'Where from']}
    >
      {entries.map((entry) =>
        isNarrow ? (
          <Table.Tr key={entry.id}>
            <Table.Td className="value">
              <What entry={entry} />
              <Text size="xs" c="dimmed">
                {[moment(entry.at), whoOf(entry), entry.ip].filter(Boolean).join(' · ')}
              </Text>
            </Table.Td>
          </Table.Tr>
        ) : (
          <Table.Tr key={entry.id}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{moment(entry.at)}</Table.Td>
            <Table.Td className="value" miw={170}>
              {whoOf(entry)}
            </Table.Td>
            <Table.Td className="value">
              <What entry={entry} />
            </Table.Td>
            <Table.Td className="value">
              <Text size="xs" c="dimmed">
                {entry.ip}
              </Text>
            </Table.Td>
          </Table.Tr>
        ),
      )}
    </ListTable>
  );
}

function whoOf({ by }: AuditEntry): string {
  return by.kind === 'machine' ? `${by.name} (machine)` : by.name;
}

function What({ entry }: { entry: AuditEntry }) {
  return (
    <>
      <Group gap="xs">
        <Badge variant="light" color={colours[entry.act]}>
          {acts.find(({ value }) => value === entry.act)?.label}
        </Badge>
        <Text size="sm">{entry.summary}</Text>
      </Group>
      <Text size="xs" c="dimmed">
        {[entry.user_id ?? entry.thing, entry.paths.join(', ')].filter(Boolean).join(' · ')}
      </Text>
    </>
  );
}
