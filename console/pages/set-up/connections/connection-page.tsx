import { Button, Stack, Switch, Tabs, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Versioned } from '../../../ui/api.ts';
import { Ask } from '../../../ui/ask.tsx';
import { useForm } from '../../../ui/form.ts';
import { Page } from '../../../ui/page.tsx';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { tell } from '../../../ui/tell.ts';
import { brandsQuery } from '../brands/api.ts';
import { Offers } from '../offers.tsx';
import { isOwn, portalsQuery } from '../portals/api.ts';
import { type Connection, changeConnection, connectionQuery, offer, removeConnection } from './api.ts';
import { NetworkForm } from './network-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { Steps } from './steps.tsx';
import { strategyOf } from './strategies.ts';
import { Try } from './try.tsx';
import { patchOf, valuesOf } from './values.ts';

export const route = createLazyRoute('/connections/$id')({ component: ConnectionPage });

function ConnectionPage() {
  const { id } = useParams({ from: '/connections/$id' });
  const { data, error, refetch } = useQuery(connectionQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The connection is being read" />;
  return <OneConnection key={data.value.id} known={data} reload={async () => (await refetch()).data} />;
}

type Reload = () => Promise<Versioned<Connection> | undefined>;

function OneConnection({ known, reload }: { known: Versioned<Connection>; reload: Reload }) {
  const connection = known.value;
  const guide = strategyOf(connection.strategy);
  const may = useMay();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { data: portals = [] } = useQuery({ ...portalsQuery, enabled: may('read:clients') });
  const { data: brands = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  const form = useForm(valuesOf(connection));
  const [asks, setAsks] = useState<'try' | 'remove'>();
  const disabled = !may('update:connections');
  const offering = portals.filter(({ client_id }) => connection.enabled_clients.includes(client_id));
  const brandsThere = brands.filter(({ id }) => offering.some(({ brand }) => brand === id));

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await changeConnection(connection.id, patchOf(form.changes), overwrite ? undefined : known.version);
      await queryClient.invalidateQueries({ queryKey: ['connections'] });
    });
    if (!isSaved) return;
    // Secrets that were typed are not shown again.
    await showTheirs();
    tell({ message: `${form.values.display_name} is saved. The next sign-in uses it.` });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(valuesOf(theirs.value));
  }

  return (
    <Page
      title={connection.display_name}
      about={`${guide.label} · ${connection.name}`}
      actions={
        <>
          <Button variant="default" onClick={() => setAsks('try')}>
            Try it
          </Button>
          {may('delete:connections') ? (
            <Button variant="default" onClick={() => setAsks('remove')}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <Tabs defaultValue="settings">
        <Tabs.List>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          {may('read:clients') ? <Tabs.Tab value="portals">Portals</Tabs.Tab> : null}
          {guide.steps.length > 0 ? <Tabs.Tab value="steps">At {guide.label}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="settings" pt="md">
          <form noValidate onSubmit={(event) => event.preventDefault()}>
            <Stack gap="md" maw={640}>
              <TextInput
                label="Shown as"
                description={guide.steps.length > 0 ? 'The button says “Continue with …”.' : undefined}
                disabled={disabled}
                value={form.values.display_name}
                error={form.error('display_name')}
                onChange={(event) => form.set('display_name', event.currentTarget.value)}
              />
              {guide.steps.length > 0 ? (
                <>
                  <Switch
                    label="With a button"
                    description="Without one a portal must ask for it by name."
                    disabled={disabled}
                    checked={form.values.show_as_button}
                    onChange={(event) => form.set('show_as_button', event.currentTarget.checked)}
                  />
                  <NetworkForm guide={guide} form={form} isNew={false} disabled={disabled} />
                </>
              ) : (
                <PasswordForm form={form} disabled={disabled} />
              )}
              {disabled ? null : (
                <SaveBar form={form} save={(over) => void save(over)} reload={() => void showTheirs()} />
              )}
            </Stack>
          </form>
        </Tabs.Panel>
        <Tabs.Panel value="portals" pt="md">
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              Who offers it on the sign-in page. A change counts at once.
            </Text>
            {portals.length === 0 ? <Empty title="No portal yet">Make one first, under Portals.</Empty> : null}
            <Offers
              disabled={disabled}
              lines={portals
                .filter((portal) => !isOwn(portal) && portal.app_type !== 'non_interactive')
                .map(({ client_id, name, brand }) => ({
                  id: client_id,
                  label: name,
                  about: brands.find(({ id }) => id === brand)?.name ?? '',
                  isOn: connection.enabled_clients.includes(client_id),
                }))}
              set={async (portal, isOn) => {
                await offer(connection.id, portal, isOn);
                await reload();
              }}
            />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="steps" pt="md">
          <Steps guide={guide} />
        </Tabs.Panel>
      </Tabs>
      {asks === 'try' ? (
        <Try connection={connection.name} brands={brandsThere} close={() => setAsks(undefined)} />
      ) : null}
      {asks === 'remove' ? (
        <Ask
          title={`Remove ${connection.display_name}?`}
          yes="Remove the connection"
          typed={connection.name}
          close={() => setAsks(undefined)}
          act={async () => {
            await removeConnection(connection.id);
            await queryClient.invalidateQueries({ queryKey: ['connections'] });
            form.reset();
            await navigate({ to: '/connections', ignoreBlocker: true });
          }}
        >
          No portal offers it any more, and its secret and settings are gone for good. A connection by which customers
          still sign in is not removed.
        </Ask>
      ) : null}
    </Page>
  );
}
