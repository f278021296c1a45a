import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate } from '@tanstack/react-router';
import { triggers as knownTriggers } from '../../../contract/action-triggers.ts';
import type { TriggerId } from '../../../contract/actions.ts';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { Page } from '../../ui/page.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { NotAllowed } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { actionsQuery, makeAction, triggers } from './api.ts';

export const route = createLazyRoute('/actions/new')({ component: NewPage });

const first: TriggerId = 'post-login';

function NewPage() {
  const may = useMayWriteCode();
  return (
    <Page title="New action" about="It runs once it is written, deployed, and bound to its trigger.">
      {may('create:actions') ? <NewAction /> : <NotAllowed />}
    </Page>
  );
}

function NewAction() {
  const form = useForm({ name: '', trigger: first });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { values } = form;

  async function make(): Promise<void> {
    let id = '';
    const isMade = await form.save(async () => {
      const code = `exports.${knownTriggers[values.trigger].execute} = async (event, api) => {\n  \n};\n`;
      ({ id } = await makeAction({ ...values, code }));
      await queryClient.invalidateQueries({ queryKey: actionsQuery.queryKey });
    });
    if (!isMade) return;
    tell({ message: `${values.name} is made.` });
    await navigate({ to: '/actions/$id', params: { id } });
  }

  return (
    <MakeForm form={form} make={make} label="Make the action" cancel={() => void navigate({ to: '/actions' })}>
      <Stack gap="md" maw={480}>
        <TextInput
          label="Name"
          maxLength={300}
          value={values.name}
          error={form.error('name')}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <NativeSelect
          label="Where it runs"
          data={triggers.map(({ value, label }) => ({ value, label }))}
          value={values.trigger}
          onChange={(event) => {
            const chosen = triggers.find(({ value }) => value === event.currentTarget.value);
            if (chosen) form.set('trigger', chosen.value);
          }}
        />
      </Stack>
    </MakeForm>
  );
}
