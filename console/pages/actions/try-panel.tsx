import { Alert, Button, Code, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Action, TriggerId } from '../../../contract/actions.ts';
import { failureTitle } from '../../ui/failure-title.ts';
import { useForm } from '../../ui/form.ts';
import { Refused } from '../../ui/refused.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { TakeLastSignIn } from '../../ui/take-last-sign-in.tsx';
import { useFocusKept } from '../../ui/use-focus-kept.ts';
import { whole } from '../../ui/words.ts';
import { exampleEventQuery, type Tested, testAction, testEvent } from './api.ts';
import { stoppedInWords } from './stopped-words.ts';

/** Runs what was saved once, with an event; what it asks of `api` is not done. */
export function TryPanel({ action, trigger, isChanged }: Omit<FormProps, 'example'>) {
  const { data, error, refetch } = useQuery(exampleEventQuery(trigger));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="What to try with is being made" />;
  return <TryForm {...{ action, isChanged, trigger }} example={data} />;
}

type FormProps = { action: Action; isChanged: boolean; trigger: TriggerId; example: object };

function TryForm({ action, isChanged, trigger, example }: FormProps) {
  const form = useForm({ event: textOf(example) }, { payload: 'event' });
  const button = useFocusKept(form.isSaving);
  const [tested, setTested] = useState<Tested>();

  async function run(): Promise<void> {
    await form.save(async () => {
      setTested(undefined);
      const { payload } = await testAction(action.id, jsonOf(form.values.event));
      setTested(payload);
    });
  }

  async function take(userId: string): Promise<void> {
    form.reset({ event: textOf(await testEvent(trigger, userId)) });
  }

  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Runs what was saved. Requests to other servers do go out; what it asks of api is told here and not done.
      </Text>
      {trigger === 'credentials-exchange' ? null : <TakeLastSignIn take={take} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <Stack gap="md">
          <Textarea
            label="event"
            classNames={{ input: 'monospaced' }}
            spellCheck={false}
            autosize
            minRows={4}
            maxRows={14}
            value={form.values.event}
            error={form.error('event')}
            onChange={(event) => form.set('event', event.currentTarget.value)}
          />
          {form.problem === undefined ? null : <Problem text={form.problem} />}
          <div>
            <Button ref={button} type="submit" loading={form.isSaving} disabled={isChanged}>
              {isChanged ? 'Save before you try it' : 'Try it'}
            </Button>
          </div>
        </Stack>
      </form>
      {tested ? <Result tested={tested} trigger={trigger} /> : null}
    </Stack>
  );
}

function Result({ tested, trigger }: { tested: Tested; trigger: TriggerId }) {
  const { asked, stopped, error, console: lines, duration_ms: ms } = tested;
  const { title, more, isRefused } = error
    ? { title: failureTitle(error), more: error.message, isRefused: true }
    : stopped
      ? stoppedInWords(stopped, trigger)
      : { title: 'It ran', more: undefined, isRefused: false };
  return (
    <Stack gap="sm" component="section" aria-label="What came of it">
      <Alert role="status" variant="light" color={isRefused ? 'red' : 'green'} title={title}>
        {more === undefined ? null : (
          <Text size="sm" className="value">
            {more}
          </Text>
        )}
        <Text size="sm">It took {whole(Math.round(ms))} ms.</Text>
      </Alert>
      <Text size="sm" fw={600}>
        What it asked for
      </Text>
      {asked.length === 0 ? <Text size="sm">Nothing.</Text> : null}
      {asked.length > 0 ? (
        <Code block tabIndex={0} aria-label="What it asked for" className="wrapped">
          {asked.map((one) => JSON.stringify(one)).join('\n')}
        </Code>
      ) : null}
      {lines.length > 0 ? (
        <Code block tabIndex={0} aria-label="console" className="wrapped">
          {lines.map(({ level, text }) => `${level}: ${text}`).join('\n')}
        </Code>
      ) : null}
    </Stack>
  );
}

function textOf(event: object): string {
  return JSON.stringify(event, undefined, 2);
}

function jsonOf(text: string): object {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  } catch {
    // Told below.
  }
  throw new Refused('event', 'This is not an object in JSON: look at commas, quotes and brackets.');
}
