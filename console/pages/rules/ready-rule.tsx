import { Grid, Stack, Tabs, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { LibraryRule, RuleRunning } from '../../../contract/rules.ts';
import { Log } from '../../ui/code-log.tsx';
import { useForm } from '../../ui/form.ts';
import { libraryQuery } from '../../ui/rules-library.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { ScriptBox } from '../../ui/script-box.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { changeRule, changeRunning } from './api.ts';
import { History } from './history.tsx';
import type { KnownRule } from './known-rule.ts';
import { ruleMembers } from './members.ts';
import { ReadyAbout, ReadyMarks } from './ready-card.tsx';
import { useMayChange } from './rights.ts';
import { RunningForm } from './running-form.tsx';
import { savedWords } from './saved-words.ts';
import { SettingsForm } from './settings-form.tsx';
import { fieldsOf, leadElsewhere, settingsOf, typedOf } from './settings-schema.ts';

/** A rule of the library: its form, and what it is. */
export function ReadyRule({ known }: { known: KnownRule }) {
  const { data, error, refetch } = useQuery(libraryQuery);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The library is being read" />;
  const library = data.find(({ id }) => id === known.running.library);
  if (!library) return <Empty title="Not in the library">This server’s library has it no more: it does nothing.</Empty>;
  return <Editor known={known} library={library} />;
}

function Editor({ known, library }: { known: KnownRule; library: LibraryRule }) {
  const mayCode = useMayWriteCode()('update:rules');
  const readOnly = !useMayChange()('update:rules', known.running);
  const fields = fieldsOf(library.settings);
  const valuesOf = ({ name, settings }: RuleRunning) => ({ name, settings: typedOf(fields, settings ?? {}) });
  const form = useForm(valuesOf(known.running));
  const { values, changes } = form;
  const { id, version } = known.running;

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      if (changes.settings) {
        const settings = settingsOf(fields, values.settings);
        await changeRunning(id, { settings, ...(overwrite ? {} : { if_version: version }) });
      }
      if (changes.name !== undefined) await changeRule(id, { name: changes.name });
    });
    if (!isSaved) return;
    // A secret is seen no more, and what was left empty is what it is then.
    await showWhatIs();
    tell({ message: savedWords(known.rule.value) });
  }

  async function showWhatIs(): Promise<void> {
    const now = await known.reload();
    if (now) form.reset(valuesOf(now.running));
  }

  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="md">
          <ReadyMarks rule={library} />
          <ReadyAbout rule={library} />
          <form noValidate onSubmit={(event) => event.preventDefault()}>
            <Stack gap="md">
              <TextInput
                label="Name"
                maxLength={256}
                readOnly={!mayCode}
                value={values.name}
                error={form.error('name')}
                onChange={(event) => form.set('name', event.currentTarget.value)}
              />
              <SettingsForm
                fields={fields}
                typed={values.settings}
                set={(name, value) => form.set('settings', { ...values.settings, [name]: value }, `settings.${name}`)}
                refusedAt={(name) => form.refusedAt(`settings.${name}`)}
                secretsSet={known.running.secret_settings}
                asksAgain={leadElsewhere(fields, valuesOf(known.running).settings, values.settings)}
                disabled={readOnly}
              />
              {readOnly ? null : (
                <SaveBar form={form} save={(over) => void save(over)} reload={() => void showWhatIs()} />
              )}
            </Stack>
          </form>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Tabs defaultValue="running" keepMounted={false}>
          <Tabs.List className="wraps">
            <Tabs.Tab value="running">How it runs</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
            {mayCode ? <Tabs.Tab value="log">Log</Tabs.Tab> : null}
            <Tabs.Tab value="script">Script</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="running" pt="md">
            <RunningForm known={known} />
          </Tabs.Panel>
          <Tabs.Panel value="history" pt="md">
            <History known={known} now={undefined} restored={showWhatIs} />
          </Tabs.Panel>
          <Tabs.Panel value="log" pt="md">
            <Log of={{ kind: 'rule', id }} />
          </Tabs.Panel>
          <Tabs.Panel value="script" pt="md">
            <ScriptBox
              label="Script of the library"
              value={library.script}
              edition={0}
              members={ruleMembers([])}
              readOnly
              error={undefined}
            />
          </Tabs.Panel>
        </Tabs>
      </Grid.Col>
    </Grid>
  );
}
