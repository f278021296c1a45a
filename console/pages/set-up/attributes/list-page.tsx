import { Anchor, Badge, Button, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import type { Column } from '../../../ui/csv.ts';
import { ExportButton } from '../../../ui/export-button.tsx';
import { ListTable } from '../../../ui/list-table.tsx';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { type Attribute, attributesQuery, types } from './api.ts';
import { AttributeDialog } from './attribute-dialog.tsx';

export const route = createLazyRoute('/attributes')({ component: AttributesPage });

const columns: readonly Column<Attribute>[] = [
  { name: 'Path', of: (attribute) => attribute.path },
  { name: 'Name', of: (attribute) => attribute.labels.en },
  { name: 'Type', of: (attribute) => attribute.type },
  { name: 'Sensitive', of: (attribute) => attribute.sensitive },
  { name: 'In segments', of: (attribute) => attribute.segmentable },
  { name: 'Days kept', of: (attribute) => attribute.retention_days },
];

function AttributesPage() {
  const { data: attributes, error, refetch } = useQuery(attributesQuery);
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<{ path: string | undefined }>();
  const may = useMay();
  const wanted = search.trim().toLowerCase();
  const found = attributes?.filter(({ path, labels }) =>
    [path, ...Object.values(labels)].some((text) => text?.toLowerCase().includes(wanted)),
  );
  const add = may('create:attributes') ? (
    <Button onClick={() => setOpen({ path: undefined })}>New attribute</Button>
  ) : null;
  return (
    <Page
      title="Attributes"
      about="What is known of the values in a profile: what they are called, who may see them, how long they stay. Paths that are not listed here are stored, too, but have no name."
      actions={
        <>
          <ExportButton name="attributes" columns={columns} rows={attributes ?? []} />
          {add}
        </>
      }
    >
      <TextInput
        data-search
        type="search"
        aria-label="Search attributes"
        placeholder="Path or name"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!attributes && !error ? <Loading label="The catalogue is being read" /> : null}
      {found?.length === 0 ? (
        <Empty title="No such attribute" action={add}>
          Add what your portals, rules or imports write into profiles.
        </Empty>
      ) : null}
      {found && found.length > 0 ? <Attributes attributes={found} open={(path) => setOpen({ path })} /> : null}
      {open ? <AttributeDialog path={open.path} close={() => setOpen(undefined)} /> : null}
    </Page>
  );
}

function Attributes({ attributes, open }: { attributes: readonly Attribute[]; open: (path: string) => void }) {
  return (
    <ListTable label="Attributes" minWidth={560} heads={['Path', 'Name', 'Type', 'Kept']}>
      {attributes.map((attribute) => (
        <tr key={attribute.path}>
          <td>
            <Group gap="xs">
              <Anchor component="button" type="button" className="value" ta="left" onClick={() => open(attribute.path)}>
                {attribute.path}
              </Anchor>
              {attribute.sensitive ? <Badge color="red.9">Sensitive</Badge> : null}
              {attribute.segmentable ? <Badge color="gray.7">Segments</Badge> : null}
            </Group>
          </td>
          <td>{attribute.labels.en ?? '–'}</td>
          <td>{types.find(({ value }) => value === attribute.type)?.label}</td>
          <td>{attribute.retention_days === null ? 'always' : `${attribute.retention_days} days`}</td>
        </tr>
      ))}
    </ListTable>
  );
}
