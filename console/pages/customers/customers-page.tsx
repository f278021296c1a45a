import { Group, Text, TextInput } from '@mantine/core';
import { IconColumns3, IconFilter, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ExportAll } from '../../ui/export-all.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { OnDemand } from '../../ui/on-demand.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { whole } from '../../ui/words.ts';
import { attributesQuery, customersFrom, customersQuery, type User } from './api.ts';
import { valueIn } from './columns.ts';
import { CustomerTable } from './customer-table.tsx';
import { readFilter, writeFilter } from './filters.ts';
import { nameOf } from './names.ts';
import { useColumns } from './use-columns.ts';

const FilterBar = lazy(() => import('./filter-bar.tsx').then((part) => ({ default: part.FilterBar })));
const ColumnPicker = lazy(() => import('./column-picker.tsx').then((part) => ({ default: part.ColumnPicker })));

export const route = createLazyRoute('/customers')({ component: ListPage });

function ListPage() {
  const { search, filter, sort } = useSearch({ from: '/customers' });
  const navigate = useNavigate({ from: '/customers' });
  const may = useMay();
  const catalogue = useQuery({ ...attributesQuery, enabled: may('read:attributes') });
  const columns = useColumns(catalogue.data ?? []);
  const asked = { search, filter, sort };
  const found = useInfiniteQuery({ ...customersQuery(asked), placeholderData: keepPreviousData });
  const users = found.data?.pages.flatMap((page) => page.users) ?? [];
  const [first] = found.data?.pages ?? [];
  const taken = [
    { name: 'Customer', of: nameOf },
    ...columns.shown.map((column) => ({ name: column.label, of: (user: User) => valueIn(column, user) })),
  ];
  const change = (part: { search?: string | undefined; filter?: string | undefined; sort?: string | undefined }) => {
    const next = Object.entries({ ...asked, ...part }).filter(([, value]) => value !== undefined && value !== '');
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const leaves = readFilter(filter);
  const bar = <FilterBar leaves={leaves} onChange={(next) => change({ filter: writeFilter(next) })} />;
  return (
    <Page
      title="Customers"
      actions={
        <ExportAll
          key={JSON.stringify(asked)}
          name="customers"
          columns={taken}
          read={(from, signal) => customersFrom(asked, from, signal)}
          disabled={users.length === 0}
        />
      }
      about={first && users.length > 0 && `${first.total_is_estimate ? 'About ' : ''}${whole(first.total)} found`}
    >
      <SearchField search={search ?? ''} onChange={(text) => change({ search: text })} />
      <Group justify="space-between" gap="xs">
        {leaves.length > 0 ? (
          <Suspense>{bar}</Suspense>
        ) : (
          <OnDemand label="Add a filter" icon={<IconFilter size={14} aria-hidden />}>
            {bar}
          </OnDemand>
        )}
        <OnDemand label="Columns" icon={<IconColumns3 size={14} aria-hidden />}>
          <ColumnPicker columns={columns} />
        </OnDemand>
      </Group>
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="Customers are being looked up" /> : null}
      {found.isSuccess && users.length === 0 ? <Nobody search={search} isFiltered={filter !== undefined} /> : null}
      {users.length > 0 ? (
        <CustomerTable
          users={users}
          columns={columns.shown}
          sort={search ? undefined : (sort ?? 'created_at:-1')}
          onSort={search ? undefined : (next) => change({ sort: next })}
        />
      ) : null}
      <MoreButton list={found} />
    </Page>
  );
}

/** What is typed is looked up as soon as the hands rest. */
function SearchField({ search, onChange }: { search: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(search);
  const settled = useSettled(typed.trim(), 150);
  const told = useRef(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed is told, not that the page was drawn anew
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    onChange(settled);
  }, [settled]);
  // The address was changed by other means: the menu, a key, the way back.
  useEffect(() => {
    if (search === told.current) return;
    told.current = search;
    setTyped(search);
  }, [search]);
  return (
    <TextInput
      data-search
      type="search"
      size="md"
      aria-label="Search customers"
      placeholder="Name, e-mail address, phone number or id"
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={
        <Text size="xs" c="dimmed" aria-hidden>
          /
        </Text>
      }
      value={typed}
      maxLength={200}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        setTyped('');
        if (typed === '') event.currentTarget.blur();
      }}
    />
  );
}

function Nobody({ search, isFiltered }: { search: string | undefined; isFiltered: boolean }) {
  if (search)
    return (
      <Empty title="Nobody found">
        No customer {isFiltered ? 'with these filters ' : ''}has “{search}” at the beginning of a name, an address, a
        phone number or as an id.
      </Empty>
    );
  if (isFiltered) return <Empty title="Nobody found">No customer is as the filters say. Take one away.</Empty>;
  return (
    <Empty title="No customers yet">
      Everybody who signs in at one of your portals is here from that moment on, with what they told you and where it
      comes from.
    </Empty>
  );
}
