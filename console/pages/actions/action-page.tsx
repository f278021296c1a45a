import { Anchor, Badge, Button, Grid, Tabs, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Action } from '../../../contract/actions.ts';
import { Ask } from '../../ui/ask.tsx';
import { Log } from '../../ui/code-log.tsx';
import { FindingsAlert } from '../../ui/findings.tsx';
import { useForm } from '../../ui/form.ts';
import { GlassBroken } from '../../ui/glass-broken.tsx';
import { Page } from '../../ui/page.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { useMayWriteCode } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { useFocusKept } from '../../ui/use-focus-kept.ts';
import { ActionForm } from './action-form.tsx';
import {
  actionQuery,
  actionsQuery,
  bindingsQuery,
  changeAction,
  checkQuery,
  deployAction,
  removeAction,
  triggerOf,
} from './api.ts';
import { Secrets } from './secrets.tsx';
import { TryPanel } from './try-panel.tsx';
import { valuesOf, writtenOf } from './values.ts';
import { Versions } from './versions.tsx';

export const route = createLazyRoute('/actions/$id')({ component: ActionPage });

function ActionPage() {
  const { id } = useParams({ from: '/actions/$id' });
  const { data, error, refetch } = useQuery(actionQuery(id));
  const queryClient = useQueryClient();
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The action is being read" />;
  const reload = async () => {
    const [again] = await Promise.all([
      refetch(),
      queryClient.invalidateQueries({ queryKey: actionsQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ['action-versions', id] }),
      queryClient.invalidateQueries({ queryKey: ['action-bindings'] }),
    ]);
    return again.data;
  };
  return <Editor key={id} action={data} reload={reload} />;
}

function Editor({ action, reload }: { action: Action; reload: () => Promise<Action | undefined> }) {
  const may = useMayWriteCode();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const form = useForm(valuesOf(action));
  const readOnly = !may('update:actions');
  const queryClient = useQueryClient();
  const check = checkQuery(action);
  const { data: findings = [] } = useQuery({ ...check, enabled: may('create:actions') });
  const deploy = useMutation({
    mutationFn: async () => {
      const { number } = await deployAction(action.id);
      // What is to be said of it prevents nothing.
      const found = await queryClient.ensureQueryData(check).catch(() => []);
      await reload();
      return { title: `Version ${number} is deployed.`, message: found.map(({ message }) => message).join(' ') };
    },
    onSuccess: ({ title, message }) =>
      message === '' ? tell({ message: title }) : tell({ title, message, color: 'yellow', shownMs: 'until closed' }),
    onError: (error) => tell({ color: 'red', message: refusalOf(error).text }),
  });

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await changeAction(action.id, writtenOf(form.values), overwrite ? undefined : action.updated_at);
      await reload();
    });
    if (isSaved) tell({ message: 'Saved. It runs once it is deployed.' });
  }

  async function showWhatIs(): Promise<void> {
    const now = await reload();
    if (now) form.reset(valuesOf(now));
  }

  const deployButton = useFocusKept(deploy.isPending);
  const isIdle = form.isChanged || action.all_changes_deployed;
  const trigger = triggerOf(action);
  const { data: bound } = useQuery(bindingsQuery(trigger));
  const isUnbound = action.deployed_version && bound && !bound.some((one) => one.action.id === action.id);
  return (
    <Page
      title={action.name}
      about={
        <>
          At the trigger {trigger}.{' '}
          {action.deployed_version ? `Version ${action.deployed_version.number} is deployed.` : 'Not deployed yet.'}{' '}
          {action.all_changes_deployed ? null : <Badge variant="default">Changes not deployed</Badge>}
          {isUnbound ? (
            <Text component="span" inherit display="block">
              It runs nowhere yet:{' '}
              <Anchor component={Link} to="/actions" size="sm" underline="always">
                bind it in the list of actions
              </Anchor>
              .
            </Text>
          ) : null}
        </>
      }
      actions={
        <>
          {may('create:actions') ? (
            // Not disabled but idle while there is nothing to deploy: the focus stays where it is.
            <Button
              ref={deployButton}
              loading={deploy.isPending}
              aria-disabled={isIdle}
              {...(isIdle && { 'data-disabled': true })}
              onClick={() => {
                if (!isIdle) deploy.mutate();
              }}
            >
              Deploy
            </Button>
          ) : null}
          <Button component={Link} to="/actions" variant="default">
            All actions
          </Button>
          {may('delete:actions') ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Remove
            </Button>
          ) : null}
        </>
      }
    >
      <GlassBroken />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <ActionForm
            trigger={trigger}
            secrets={action.secrets}
            form={form}
            readOnly={readOnly}
            findings={<FindingsAlert findings={findings} title="Look at this in what is saved" />}
            save={save}
            reload={showWhatIs}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Tabs defaultValue="versions" keepMounted={false}>
            <Tabs.List className="wraps">
              <Tabs.Tab value="versions">Versions</Tabs.Tab>
              <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
              {may('create:actions') ? <Tabs.Tab value="try">Try</Tabs.Tab> : null}
              {readOnly ? null : <Tabs.Tab value="log">Log</Tabs.Tab>}
            </Tabs.List>
            <Tabs.Panel value="versions" pt="md">
              <Versions action={action} now={form.values.code} restored={showWhatIs} />
            </Tabs.Panel>
            <Tabs.Panel value="secrets" pt="md">
              <Secrets action={action} readOnly={readOnly} reload={reload} />
            </Tabs.Panel>
            <Tabs.Panel value="try" pt="md">
              <TryPanel action={action} trigger={trigger} isChanged={form.isChanged} />
            </Tabs.Panel>
            <Tabs.Panel value="log" pt="md">
              <Log of={{ kind: 'action', id: action.id }} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
      {asks ? (
        <Ask
          title={`Remove ${action.name}?`}
          yes="Remove it"
          typed={action.name}
          close={() => setAsks(false)}
          act={async () => {
            await removeAction(action.id);
            await reload().catch(() => undefined);
            await navigate({ to: '/actions' });
          }}
        >
          It runs no more, wherever it is bound, and its versions and secrets are gone for good.
        </Ask>
      ) : null}
    </Page>
  );
}
