import { Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { Action, TriggerId } from '../../../contract/actions.ts';
import type { Form } from '../../ui/form.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { ScriptBox } from '../../ui/script-box.tsx';
import { failureAt } from './failure-at.ts';
import { membersOf } from './members.ts';
import type { ActionValues } from './values.ts';

/** What is written of an action. */
export function ActionForm({
  trigger,
  secrets,
  form,
  readOnly,
  findings,
  save,
  reload,
}: {
  trigger: TriggerId;
  /** Those of the action, by name. */
  secrets: Action['secrets'];
  form: Form<ActionValues>;
  readOnly: boolean;
  /** What is to be said of the code that is saved. */
  findings: ReactNode;
  save: (overwrite: boolean) => Promise<void>;
  reload: () => Promise<void>;
}) {
  const { values } = form;
  const members = useMemo(
    () =>
      membersOf(
        trigger,
        secrets.map(({ name }) => name),
      ),
    [trigger, secrets],
  );
  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <TextInput
          label="Name"
          maxLength={300}
          readOnly={readOnly}
          value={values.name}
          error={form.error('name')}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
        <ScriptBox
          label="Code"
          value={values.code}
          edition={form.edition}
          members={members}
          readOnly={readOnly}
          error={form.error('code')}
          onChange={(code) => form.set('code', code)}
        />
        {findings}
        <Textarea
          label="Packages"
          description="What the code requires without saying a version, one package in each line: lodash@4.17.21."
          autosize
          minRows={1}
          maxRows={8}
          readOnly={readOnly}
          classNames={{ input: 'monospaced' }}
          value={values.dependencies}
          error={form.error('dependencies')}
          onChange={(event) => form.set('dependencies', event.currentTarget.value)}
        />
        <Radio.Group
          label="When it fails or is late"
          value={values.on_failure}
          onChange={(value) => form.set('on_failure', value === 'go_on' ? 'go_on' : 'refuse')}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="refuse" label={failureAt[trigger]} disabled={readOnly} />
            <Radio value="go_on" label="It goes on as if the action had not run" disabled={readOnly} />
          </Stack>
        </Radio.Group>
        {readOnly ? null : <SaveBar form={form} save={(over) => void save(over)} reload={() => void reload()} />}
      </Stack>
    </form>
  );
}
