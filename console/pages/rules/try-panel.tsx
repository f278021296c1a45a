import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from '../../ui/form.ts';
import { lastSignInOf } from '../../ui/last-sign-in.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { configQuery, type Trial, type Tried, tryRule } from './api.ts';
import { inputOf, trialOf } from './try-input.ts';
import { TryResult } from './try-result.tsx';

/** Runs what stands in the editor once, with a customer's last sign-in or one that is made up. Nothing of it is kept. */
export function TryPanel({ script }: { script: string }) {
  const may = useMay();
  const { data: keys } = useQuery({ ...configQuery, enabled: may('read:rules_configs') });
  const form = useForm({ who: '', ...textsOf(undefined), configuration: '{}' });
  const [outcome, setOutcome] = useState<{ trial: Trial; tried: Tried }>();
  const choose = useMutation({
    mutationFn: () => lastSignInOf(form.values.who, may('read:logs_users') || may('read:logs')),
    onSuccess: (chosen) => form.reset({ ...form.values, ...textsOf(chosen) }),
  });

  async function run(): Promise<void> {
    await form.save(async () => {
      const trial = trialOf(script, form.values);
      setOutcome(undefined);
      setOutcome({ trial, tried: await tryRule(trial) });
    });
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Runs what stands in the editor, saved or not. Requests go out as they do at a sign-in; nothing is kept, and
        nobody is signed in.
      </Text>
      {may('read:users') ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            choose.mutate();
          }}
        >
          <Group gap="xs" align="flex-end">
            <TextInput
              label="Customer"
              description="user_id or e-mail address. What your role may not see is left out."
              flex={1}
              miw={220}
              maxLength={600}
              value={form.values.who}
              error={choose.error ? refusalOf(choose.error).text : undefined}
              onChange={(event) => form.set('who', event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={choose.isPending}>
              Take their last sign-in
            </Button>
          </Group>
        </form>
      ) : null}
      {(['user', 'context'] as const).map((name) => (
        <Textarea
          key={name}
          label={name}
          classNames={{ input: 'monospaced' }}
          spellCheck={false}
          autosize
          minRows={4}
          maxRows={12}
          value={form.values[name]}
          error={form.error(name)}
          onChange={(event) => form.set(name, event.currentTarget.value)}
        />
      ))}
      <Textarea
        label="configuration"
        description={
          keys && keys.length > 0
            ? `Values are never shown, and not taken here: type what it needs. There are ${keys.map(({ key }) => key).join(', ')}.`
            : 'Values to try with, as JSON.'
        }
        classNames={{ input: 'monospaced' }}
        spellCheck={false}
        autosize
        minRows={2}
        maxRows={8}
        value={form.values.configuration}
        error={form.error('configuration')}
        onChange={(event) => form.set('configuration', event.currentTarget.value)}
      />
      {form.problem === undefined ? null : <Problem text={form.problem} />}
      <div>
        <Button loading={form.isSaving} onClick={() => void run()}>
          Try it
        </Button>
      </div>
      {outcome ? <TryResult {...outcome} /> : null}
    </Stack>
  );
}

function textsOf(chosen: Parameters<typeof inputOf>[0]): { user: string; context: string } {
  const { user, context } = inputOf(chosen);
  return { user: JSON.stringify(user, undefined, 2), context: JSON.stringify(context, undefined, 2) };
}
