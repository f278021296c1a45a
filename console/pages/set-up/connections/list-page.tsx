import { Anchor, Badge, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { Column } from '../../../ui/csv.ts';
import { ExportButton } from '../../../ui/export-button.tsx';
import { ListTable } from '../../../ui/list-table.tsx';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { connectionsQuery, type ListedConnection } from './api.ts';
import { strategyOf } from './strategies.ts';

export const route = createLazyRoute('/connections')({ component: ConnectionsPage });

const columns: readonly Column<ListedConnection>[] = [
  { name: 'Name', of: (connection) => connection.name },
  { name: 'Shown as', of: (connection) => connection.display_name },
  { name: 'Kind', of: (connection) => connection.strategy },
  { name: 'Id', of: (connection) => connection.id },
  { name: 'Button', of: (connection) => connection.show_as_button },
];

function ConnectionsPage() {
  const { data: connections, error, refetch } = useQuery(connectionsQuery);
  const may = useMay();
  const make = may('create:connections') ? (
    <Button component={Link} to="/connections/new">
      New connection
    </Button>
  ) : null;
  return (
    <Page
      title="Connections"
      about="Where customers come from: passwords kept here, and the networks that know them already."
      actions={
        <>
          <ExportButton name="connections" columns={columns} rows={connections ?? []} />
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!connections && !error ? <Loading label="Connections are being read" /> : null}
      {connections?.length === 0 ? (
        <Empty title="No connection yet" action={make}>
          Without one nobody can sign in. Most begin with e-mail and password, then add networks.
        </Empty>
      ) : null}
      {connections && connections.length > 0 ? (
        <ListTable label="Connections" minWidth={480} heads={['Connection', 'Kind', 'Name']}>
          {connections.map((connection) => (
            <tr key={connection.id}>
              <td>
                <Group gap="xs" wrap="nowrap">
                  <Anchor component={Link} to={`/connections/${connection.id}`} className="value">
                    {connection.display_name}
                  </Anchor>
                  {connection.show_as_button ? null : <Badge color="gray">Without a button</Badge>}
                </Group>
              </td>
              <td>{strategyOf(connection.strategy).label}</td>
              <td className="value">{connection.name}</td>
            </tr>
          ))}
        </ListTable>
      ) : null}
    </Page>
  );
}
