import { Stack, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate } from '@tanstack/react-router';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { rulesQuery } from '../../ui/running-rules.ts';
import { ScriptBox } from '../../ui/script-box.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { NotAllowed } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { makeRule } from './api.ts';
import { useRuleMembers } from './use-members.ts';

export const route = createLazyRoute('/rules/new')({ component: NewPage });

const first = `function (user, context, callback) {
  // What portals read in the ID token; a name of your own needs your address in front.
  context.idToken['https://example.com/sign_ins'] = context.stats.loginsCount;

  // Once, at the end. With new UnauthorizedError('why') as the first argument nobody signs in.
  callback(null, user, context);
}
`;

function NewPage() {
  const may = useMayWriteCode();
  return (
    <Page title="New rule" about="One function. It runs after all other rules; its place can be changed afterwards.">
      {may('create:rules') ? <NewRule /> : <NotAllowed />}
    </Page>
  );
}

function NewRule() {
  const form = useForm({ name: '', script: first, enabled: false });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { values } = form;
  const members = useRuleMembers();

  async function make(): Promise<void> {
    let id = '';
    const isMade = await form.save(async () => {
      ({ id } = await makeRule(values));
      await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
    });
    if (!isMade) return;
    tell({ message: `${values.name} is made.` });
    await navigate({ to: '/rules/$id', params: { id } });
  }

  return (
    <MakeForm form={form} make={make} label="Make the rule" cancel={() => void navigate({ to: '/rules' })}>
      <Stack gap="md">
        <TextInput
          label="Name"
          maxLength={256}
          maw={480}
          value={values.name}
          error={form.error('name')}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <ScriptBox
          label="Script"
          value={values.script}
          edition={form.edition}
          members={members}
          error={form.error('script')}
          onChange={(script) => form.set('script', script)}
        />
        <Switch
          label="On from the start"
          description="Off: it is kept, can be tried, and does nothing yet."
          checked={values.enabled}
          onChange={(event) => form.set('enabled', event.currentTarget.checked)}
        />
      </Stack>
    </MakeForm>
  );
}
