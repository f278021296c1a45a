import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleRunning } from '../../../contract/rules.ts';
import { useForm } from '../../ui/form.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { TakeLastSignIn } from '../../ui/take-last-sign-in.tsx';
import { useFocusKept } from '../../ui/use-focus-kept.ts';
import { configQuery, exampleInputQuery, type Trial, type Tried, type TryInput, tryInput, tryRule } from './api.ts';
import { trialOf } from './try-input.ts';
import { TryResult } from './try-result.tsx';

/** Runs what stands in the editor once, with a customer's last sign-in or one that is made up. Nothing of it is kept. */
export function TryPanel({ script, onFailure }: Pick<FormProps, 'script' | 'onFailure'>) {
  const { data, error, refetch } = useQuery(exampleInputQuery);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="What to try with is being made" />;
  return <TryForm {...{ script, onFailure }} example={data} />;
}

type FormProps = { script: string; onFailure: RuleRunning['on_failure']; example: TryInput };

function TryForm({ script, onFailure, example }: FormProps) {
  const may = useMay();
  const { data: keys } = useQuery({ ...configQuery, enabled: may('read:rules_configs') });
  const form = useForm({ ...textsOf(example), configuration: '{}' });
  const button = useFocusKept(form.isSaving);
  const [outcome, setOutcome] = useState<{ trial: Trial; tried: Tried }>();

  async function run(): Promise<void> {
    await form.save(async () => {
      setOutcome(undefined);
      const trial = trialOf(script, form.values);
      setOutcome({ trial, tried: await tryRule(trial) });
    });
  }

  async function take(userId: string): Promise<void> {
    form.reset({ ...form.values, ...textsOf(await tryInput(userId)) });
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Runs what stands in the editor, saved or not. Requests go out as they do at a sign-in; nothing is kept, and
        nobody is signed in.
      </Text>
      <TakeLastSignIn take={take} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stack gap="md">
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
                : 'Values to try with, as JSON. Those of the Configuration page are not taken here.'
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
            <Button ref={button} type="submit" loading={form.isSaving}>
              Try it
            </Button>
          </div>
        </Stack>
      </form>
      {outcome ? <TryResult {...outcome} onFailure={onFailure} /> : null}
    </Stack>
  );
}

function textsOf({ user, context }: TryInput): { user: string; context: string } {
  return { user: JSON.stringify(user, undefined, 2), context: JSON.stringify(context, undefined, 2) };
}
