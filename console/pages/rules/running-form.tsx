import { Fieldset, Radio, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RuleRunning } from '../../../contract/rules.ts';
import { useForm } from '../../ui/form.ts';
import { time } from '../../ui/last-hour.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { rulesQuery } from '../../ui/running-rules.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { tell } from '../../ui/tell.ts';
import { moment, whole } from '../../ui/words.ts';
import { changeRunning } from './api.ts';
import type { KnownRule } from './known-rule.ts';
import { savedWords } from './saved-words.ts';

const goOnMs = 2000;

/** What happens when it fails, how long it may take, and how it did. */
export function RunningForm({ known }: { known: KnownRule }) {
  // It counts for everybody's sign-in, whichever rule it is.
  const mayChange = useMayWriteCode()('update:rules');
  const form = useForm(valuesOf(known.running));
  const { values } = form;
  const { id, version } = known.running;

  async function save(overwrite: boolean): Promise<void> {
    const { on_failure, isLimited, deadline_ms } = values;
    const patch = { on_failure, deadline_ms: isLimited ? Number(deadline_ms) : null };
    const isSaved = await form.save(async () => {
      await changeRunning(id, { ...patch, ...(overwrite ? {} : { if_version: version }) });
      await known.reload();
    });
    if (isSaved) tell({ message: savedWords(known.rule.value) });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await known.reload();
    if (theirs) form.reset(valuesOf(theirs.running));
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <Figures running={known.running} />
        <Fieldset variant="unstyled" disabled={!mayChange}>
          <Stack gap="md">
            <Radio.Group
              label="When it fails or is late"
              value={values.on_failure}
              onChange={(value) => form.set('on_failure', value === 'go_on' ? 'go_on' : 'refuse')}
            >
              <Stack gap="xs" mt="xs">
                <Radio value="refuse" label="The sign-in is refused" description="For rules that keep somebody out." />
                <Radio
                  value="go_on"
                  label="The sign-in goes on as if it had not run"
                  description="For what is good to know, and not needed."
                />
              </Stack>
            </Radio.Group>
            <Switch
              label="A deadline of its own"
              description={
                values.on_failure === 'go_on'
                  ? `Without one: ${goOnMs / 1000} seconds, as for all whose failure does not matter.`
                  : 'Without one: only that of all rules together.'
              }
              checked={values.isLimited}
              onChange={(event) => form.set('isLimited', event.currentTarget.checked)}
            />
            {values.isLimited ? (
              <NumberField
                label="Deadline in ms"
                maw={200}
                min={50}
                max={20_000}
                value={values.deadline_ms}
                error={form.error('deadline_ms')}
                onChange={(value) => form.set('deadline_ms', value)}
              />
            ) : null}
          </Stack>
        </Fieldset>
        {mayChange ? (
          <SaveBar
            form={form}
            label="Save how it runs"
            save={(over) => void save(over)}
            reload={() => void showTheirs()}
          />
        ) : null}
      </Stack>
    </form>
  );
}

function valuesOf({ on_failure, deadline_ms }: RuleRunning): {
  on_failure: RuleRunning['on_failure'];
  isLimited: boolean;
  deadline_ms: number | string;
} {
  return { on_failure, isLimited: deadline_ms !== null, deadline_ms: deadline_ms ?? goOnMs };
}

function Figures({ running: { id, last_hour: first, version, updated_at } }: { running: RuleRunning }) {
  // The form stands on what was read; how it does goes on, as in the list.
  const { data } = useQuery(rulesQuery);
  const hour = data?.rules.find((rule) => rule.id === id)?.last_hour ?? first;
  const figures = [
    ['Runs of the last hour', whole(hour.runs)],
    ['Refused', whole(hour.refusals)],
    ['Errors', whole(hour.errors)],
    ['Half within', time(hour.p50_ms)],
    ['95 % within', time(hour.p95_ms)],
  ];
  return (
    <section aria-label="How it did">
      <SimpleGrid cols={2} spacing="xs">
        {figures.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Text className="numbers">{value}</Text>
          </div>
        ))}
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="xs">
        Version {version}, saved {moment(updated_at)}
      </Text>
    </section>
  );
}
