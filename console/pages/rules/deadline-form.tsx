import { Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useForm } from '../../ui/form.ts';
import { lastHourTold } from '../../ui/last-hour.tsx';
import { NumberField } from '../../ui/number-field.tsx';
import { type RunningRules, rulesQuery } from '../../ui/running-rules.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { tell } from '../../ui/tell.ts';
import { changeAll } from './api.ts';

/** How long all of them may take; a sign-in waits no longer for them. */
export function DeadlineForm({ running }: { running: RunningRules }) {
  const mayChange = useMayWriteCode()('update:rules');
  const queryClient = useQueryClient();
  const form = useForm<{ deadline_ms: number | string }>({ deadline_ms: running.deadline_ms });
  const told = `They run from top to bottom. Where one that “goes on” fails, the sign-in goes on without it. ${lastHourTold}`;
  if (!mayChange) {
    return (
      <Text size="sm" c="dimmed">
        {told} All rules have {running.deadline_ms / 1000} seconds together.
      </Text>
    );
  }

  async function save(): Promise<void> {
    const isSaved = await form.save(async () => {
      await changeAll({ deadline_ms: Number(form.values.deadline_ms) });
      await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
    });
    if (isSaved) tell({ message: 'Saved. It counts from the next sign-in on.' });
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {told}
        </Text>
        <NumberField
          label="Deadline of all rules together, in ms"
          description="A sign-in never waits longer than this for them. The actions of a trigger have as long."
          maw={360}
          min={1000}
          max={20_000}
          step={1000}
          value={form.values.deadline_ms}
          error={form.error('deadline_ms')}
          onChange={(value) => form.set('deadline_ms', value)}
        />
        <SaveBar
          form={form}
          label="Save the deadline"
          save={() => void save()}
          reload={() => form.reset({ deadline_ms: running.deadline_ms })}
        />
      </Stack>
    </form>
  );
}
