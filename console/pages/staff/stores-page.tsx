import { Button, Group } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import type { Column } from '../../ui/csv.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ExportButton } from '../../ui/export-button.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { removeStore, type Store, storesQuery } from './api.ts';
import { StoreForm } from './store-form.tsx';

export const route = createLazyRoute('/stores')({ component: StoresPage });

function columnsOf(brands: readonly { id: string; name: string }[]): readonly Column<Store>[] {
  return [
    { name: 'Store', of: (store) => store.name },
    { name: 'Brand', of: (store) => brands.find(({ id }) => id === store.brand)?.name },
    { name: 'Time zone', of: (store) => store.time_zone },
    { name: 'Currency', of: (store) => store.currency },
  ];
}

function StoresPage() {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data: stores, error, refetch } = useQuery(storesQuery);
  const brandsRead = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  const { data: brands = [] } = brandsRead;
  const [edited, setEdited] = useState<Store | 'new'>();
  const [removed, setRemoved] = useState<Store>();
  const lacksBrand = brandsRead.isSuccess && brands.length === 0;
  const make =
    may('create:stores') && brands.length > 0 ? <Button onClick={() => setEdited('new')}>New store</Button> : null;
  return (
    <Page
      title="Stores"
      about="Where the brands sell in person."
      actions={
        <>
          <ExportButton name="stores" columns={columnsOf(brands)} rows={stores ?? []} />
          {make}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!stores && !error ? <Loading label="Stores are being read" /> : null}
      {stores?.length === 0 && lacksBrand ? (
        <Empty
          title="A brand first"
          action={
            <Button component={Link} to="/brands">
              To the brands
            </Button>
          }
        >
          A store is a brand’s: make the brand, then its stores.
        </Empty>
      ) : null}
      {stores?.length === 0 && !lacksBrand ? (
        <Empty title="No stores yet" action={make}>
          A store has a time zone and a currency, so that what happens at its till is told in its own time and money.
        </Empty>
      ) : null}
      {stores && stores.length > 0 ? (
        <ListTable label="Stores" minWidth={560} heads={['Store', 'Brand', 'Time zone', 'Currency', '']}>
          {stores.map((store) => (
            <tr key={store.id}>
              <td className="value">{store.name}</td>
              <td>{brands.find(({ id }) => id === store.brand)?.name ?? '–'}</td>
              <td>{store.time_zone}</td>
              <td>{store.currency}</td>
              <td>
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  {may('update:stores') && (
                    <Button size="compact-xs" variant="default" onClick={() => setEdited(store)}>
                      Change
                    </Button>
                  )}
                  {may('delete:stores') && (
                    <Button size="compact-xs" variant="default" onClick={() => setRemoved(store)}>
                      Remove
                    </Button>
                  )}
                </Group>
              </td>
            </tr>
          ))}
        </ListTable>
      ) : null}
      {edited && (
        <Dialog title={edited === 'new' ? 'New store' : 'Change the store'} close={() => setEdited(undefined)}>
          <StoreForm store={edited === 'new' ? undefined : edited} brands={brands} done={() => setEdited(undefined)} />
        </Dialog>
      )}
      {removed && (
        <Ask
          title={`Remove ${removed.name}?`}
          yes="Remove it"
          close={() => setRemoved(undefined)}
          act={async () => {
            await removeStore(removed.id);
            await queryClient.invalidateQueries({ queryKey: ['stores'] });
          }}
        >
          Staff who belong to it stay, without it.
        </Ask>
      )}
    </Page>
  );
}
