import { Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Versioned } from '../../../ui/api.ts';
import { Ask } from '../../../ui/ask.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useForm } from '../../../ui/form.ts';
import { Page } from '../../../ui/page.tsx';
import { SaveBar } from '../../../ui/save-bar.tsx';
import { useMay } from '../../../ui/session.ts';
import { Failed, Loading } from '../../../ui/states.tsx';
import { tell } from '../../../ui/tell.ts';
import { brandsQuery } from '../brands/api.ts';
import { type Client, changePortal, portalQuery, removePortal, rotateSecret } from './api.ts';
import { Secret } from './secret.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SnippetsPanel } from './snippets-panel.tsx';
import { aliases, patchOf, valuesOf } from './values.ts';
import { WaysPanel } from './ways-panel.tsx';

export const route = createLazyRoute('/portals/$id')({ component: PortalPage });

function PortalPage() {
  const { id } = useParams({ from: '/portals/$id' });
  const { data, error, refetch } = useQuery(portalQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The portal is being read" />;
  return <Portal key={data.value.client_id} known={data} reload={async () => (await refetch()).data} />;
}

type Reload = () => Promise<Versioned<Client> | undefined>;

function Portal({ known, reload }: { known: Versioned<Client>; reload: Reload }) {
  const portal = known.value;
  const id = portal.client_id;
  const may = useMay();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { data: brands = [] } = useQuery({ ...brandsQuery, enabled: may('read:brands') });
  const form = useForm(valuesOf(portal), aliases);
  const [asks, setAsks] = useState<'rotate' | 'remove'>();
  const [secret, setSecret] = useState<string>();
  const disabled = !may('update:clients');
  const isPublic = portal.token_endpoint_auth_method === 'none';

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await changePortal(id, patchOf(form.changes, form.values), overwrite ? undefined : known.version);
      await Promise.all([reload(), queryClient.invalidateQueries({ queryKey: ['portals'] })]);
    });
    if (isSaved) tell({ message: `${form.values.name} is saved.` });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset(valuesOf(theirs.value));
  }

  return (
    <Page
      title={portal.name}
      about={portal.description || undefined}
      actions={
        <>
          {may('update:client_keys') && !isPublic ? (
            <Button variant="default" onClick={() => setAsks('rotate')}>
              New secret
            </Button>
          ) : null}
          {may('delete:clients') ? (
            <Button variant="default" onClick={() => setAsks('remove')}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <Tabs defaultValue="code" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="code">Code</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          {may('read:connections') && portal.app_type !== 'non_interactive' ? (
            <Tabs.Tab value="ways">Ways in</Tabs.Tab>
          ) : null}
        </Tabs.List>
        <Tabs.Panel value="code" pt="md">
          <SnippetsPanel portal={portal} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" pt="md">
          <form noValidate onSubmit={(event) => event.preventDefault()}>
            <Stack gap="lg" maw={680}>
              <SettingsForm form={form} brands={brands} disabled={disabled} />
              {disabled ? null : (
                <SaveBar form={form} save={(over) => void save(over)} reload={() => void showTheirs()} />
              )}
            </Stack>
          </form>
        </Tabs.Panel>
        <Tabs.Panel value="ways" pt="md">
          <WaysPanel portal={id} />
        </Tabs.Panel>
      </Tabs>
      {asks === 'rotate' ? (
        <Ask
          title={`A new secret for ${portal.name}?`}
          yes="Replace the secret"
          close={() => setAsks(undefined)}
          act={async () => setSecret((await rotateSecret(id)).client_secret)}
        >
          The present secret is good for nothing from that moment on: until you have put the new one in its place,
          nobody can sign in at this portal and no token of it is renewed. The new one is shown once.
        </Ask>
      ) : null}
      {asks === 'remove' ? (
        <Ask
          title={`Remove ${portal.name}?`}
          yes="Remove the portal"
          typed={portal.name}
          close={() => setAsks(undefined)}
          act={async () => {
            await removePortal(id);
            await queryClient.invalidateQueries({ queryKey: ['portals'] });
            form.reset();
            await navigate({ to: '/portals', ignoreBlocker: true });
          }}
        >
          Nobody can sign in there any more, its tokens are not renewed, and its client id and secret never come back.
          Customers and what is known of them stay.
        </Ask>
      ) : null}
      {secret === undefined ? null : (
        <Dialog isFirm title={portal.name} close={() => setSecret(undefined)}>
          <Stack>
            <Secret id={id} secret={secret} />
            <Text size="sm">Put it where your portal keeps its secret, and start the portal anew.</Text>
            <Group>
              <Button onClick={() => setSecret(undefined)}>I have kept it</Button>
            </Group>
          </Stack>
        </Dialog>
      )}
    </Page>
  );
}
