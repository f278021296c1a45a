import { Fieldset, Radio, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import type { RuleRunning } from '../../../contract/rules.ts';
import { useForm } from '../../ui/form.ts';
import { NumberField } from '../../ui/number-field.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { tell } from '../../ui/tell.ts';
import { moment, whole } from '../../ui/words.ts';
import { changeRunning } from './api.ts';
import type { KnownRule } from './known-rule.ts';

const goOnMs = 2000;

/** What happens when it fails, how long it may take, and how it did. */
export function RunningForm({ known }: { known: KnownRule }) {
  const may = useMay();
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
    if (isSaved) tell({ message: 'Saved. It counts from the next sign-in on.' });
  }

  async function showTheirs(): Promise<void> {
    const theirs = await known.reload();
    if (theirs) form.reset(valuesOf(theirs.running));
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <Figures running={known.running} />
        <Fieldset variant="unstyled" disabled={!may('update:rules')}>
          <Stack gap="md">
            <Radio.Group
              label="When it fails or is late"
              value={values.on_failure}
              onChange={(value) => form.set('on_failure', value === 'go_on' ? 'go_on' : 'refuse')}
            >
              <Stack gap="xs" mt="xs">
                <Radio
                  value="refuse"
                  label="Nobody signs in whom it failed for"
                  description="For rules that keep somebody out."
                />
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
                  ? `Off: ${goOnMs / 1000} seconds, as for all whose failure does not matter.`
                  : 'Off: only that of all rules together.'
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
        {may('update:rules') ? (
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

function Figures({ running: { last_hour: hour, version, updated_at } }: { running: RuleRunning }) {
  const ms = (value: number | null) => (value === null ? '–' : `${whole(Number(value.toFixed(1)))} ms`);
  const figures = [
    ['Runs of the last hour', whole(hour.runs)],
    ['Errors', whole(hour.errors)],
    ['Half within', ms(hour.p50_ms)],
    ['95 % within', ms(hour.p95_ms)],
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
