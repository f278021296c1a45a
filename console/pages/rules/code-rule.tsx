import { Grid, Stack, Tabs, TextInput } from '@mantine/core';
import { Log } from '../../ui/code-log.tsx';
import { useForm } from '../../ui/form.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { ScriptBox } from '../../ui/script-box.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { tell } from '../../ui/tell.ts';
import { changeRule } from './api.ts';
import { FindingsOf } from './findings.tsx';
import { History } from './history.tsx';
import type { KnownRule } from './known-rule.ts';
import { RunningForm } from './running-form.tsx';
import { savedWords } from './saved-words.ts';
import { TryPanel } from './try-panel.tsx';
import { useRuleMembers } from './use-members.ts';

/** A rule of the umbrella's own code: the editor, and what helps beside it. */
export function CodeRule({ known }: { known: KnownRule }) {
  const { value: rule, version } = known.rule;
  const form = useForm({ name: rule.name, script: rule.script });
  const { values } = form;
  const readOnly = !useMayWriteCode()('update:rules');
  const members = useRuleMembers();

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      await changeRule(rule.id, form.changes, overwrite ? undefined : version);
      await known.reload();
    });
    if (isSaved) tell({ message: savedWords(rule) });
  }

  async function showWhatIs(): Promise<void> {
    const now = await known.reload();
    if (now) form.reset({ name: now.rule.value.name, script: now.rule.value.script });
  }

  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <form noValidate onSubmit={(event) => event.preventDefault()}>
          <Stack gap="md">
            <TextInput
              label="Name"
              maxLength={256}
              readOnly={readOnly}
              value={values.name}
              error={form.error('name')}
              onChange={(event) => form.set('name', event.currentTarget.value)}
            />
            <ScriptBox
              label="Script"
              value={values.script}
              edition={form.edition}
              members={members}
              readOnly={readOnly}
              error={form.error('script')}
              onChange={(script) => form.set('script', script)}
            />
            <FindingsOf rule={rule} />
            {readOnly ? null : (
              <SaveBar form={form} save={(over) => void save(over)} reload={() => void showWhatIs()} />
            )}
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Tabs defaultValue="running" keepMounted={false}>
          <Tabs.List className="wraps">
            <Tabs.Tab value="running">How it runs</Tabs.Tab>
            {readOnly ? null : <Tabs.Tab value="try">Try</Tabs.Tab>}
            <Tabs.Tab value="history">History</Tabs.Tab>
            {readOnly ? null : <Tabs.Tab value="log">Log</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="running" pt="md">
            <RunningForm known={known} />
          </Tabs.Panel>
          <Tabs.Panel value="try" pt="md">
            <TryPanel script={values.script} onFailure={known.running.on_failure} />
          </Tabs.Panel>
          <Tabs.Panel value="history" pt="md">
            <History known={known} now={values.script} restored={showWhatIs} />
          </Tabs.Panel>
          <Tabs.Panel value="log" pt="md">
            <Log of={{ kind: 'rule', id: rule.id }} />
          </Tabs.Panel>
        </Tabs>
      </Grid.Col>
    </Grid>
  );
}
