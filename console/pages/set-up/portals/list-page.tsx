import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Column } from '../../../ui/csv.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ExportButton } from '../../../ui/export-button.tsx';
import { ListTable } from '../../../ui/list-table.tsx';
import { Page } from '../../../ui/page.tsx';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { type Brand, brandsQuery } from '../brands/api.ts';
import { appTypes, type Client, isOwn, portalsQuery } from './api.ts';
import { MakePortal } from './make-portal.tsx';
import { Secret } from './secret.tsx';

export const route = createLazyRoute('/portals')({ component: PortalsPage });

const columns: readonly Column<Client>[] = [
  { name: 'Name', of: (portal) => portal.name },
  { name: 'Client id', of: (portal) => portal.client_id },
  { name: 'Type', of: (portal) => portal.app_type },
  { name: 'Brand', of: (portal) => portal.brand },
  { name: 'Open', of: (portal) => portal.enabled },
  { name: 'Callbacks', of: (portal) => portal.callbacks.join(' ') },
];

function PortalsPage() {
  const may = useMay();
  const { data, error, refetch } = useQuery(portalsQuery);
  const { data: brands = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Client>();
  const navigate = useNavigate();
  const portals = data?.filter((portal) => !isOwn(portal));
  const make = may('create:clients') ? <Button onClick={() => setMaking(true)}>New portal</Button> : null;

  function toMade(portal: Client): void {
    void navigate({ to: '/portals/$id', params: { id: portal.client_id } });
  }

  return (
    <Page
      title="Portals"
      about="The sites, apps and tills where customers sign in, and the machines that call an API."
      actions={
        <>
          <ExportButton name="portals" columns={columns} rows={portals ?? []} />
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!portals && !error ? <Loading label="Portals are being read" /> : null}
      {portals?.length === 0 ? (
        <Empty title="No portal yet" action={make}>
          Make one for each site or app that sends its customers here to sign in.
        </Empty>
      ) : null}
      {portals && portals.length > 0 ? <Portals portals={portals} brands={brands} /> : null}
      {isMaking ? (
        <Dialog title="New portal" close={() => setMaking(false)}>
          <MakePortal
            cancel={() => setMaking(false)}
            done={(portal) => {
              setMaking(false);
              if (hasSecret(portal)) setMade(portal);
              else toMade(portal);
            }}
          />
        </Dialog>
      ) : null}
      {made?.client_secret ? (
        <Dialog isFirm close={() => toMade(made)} title={made.name}>
          <Stack>
            <Secret id={made.client_id} secret={made.client_secret} />
            <Button onClick={() => toMade(made)}>I have kept it</Button>
          </Stack>
        </Dialog>
      ) : null}
    </Page>
  );
}

/** A page in the browser and an app have none that they use. */
function hasSecret({ token_endpoint_auth_method }: Client): boolean {
  return token_endpoint_auth_method !== 'none';
}

function Portals({ portals, brands }: { portals: readonly Client[]; brands: readonly Brand[] }) {
  return (
    <ListTable label="Portals" minWidth={620} heads={['Portal', 'Type', 'Brand', 'Client id']}>
      {portals.map((portal) => (
        <tr key={portal.client_id}>
          <td>
            <Group gap="xs" wrap="nowrap">
              <Anchor component={Link} to={`/portals/${encodeURIComponent(portal.client_id)}`} className="value">
                {portal.name}
              </Anchor>
              {portal.enabled ? null : <Badge color="gray">Closed</Badge>}
            </Group>
          </td>
          <td>{appTypes.find(({ value }) => value === portal.app_type)?.label}</td>
          <td>{brands.find(({ id }) => id === portal.brand)?.name ?? '–'}</td>
          <td className="cell">
            <Text size="sm" ff="monospace" truncate title={portal.client_id}>
              {portal.client_id}
            </Text>
          </td>
        </tr>
      ))}
    </ListTable>
  );
}
