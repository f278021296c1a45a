import { Alert, Code, Stack, Tabs, Text } from '@mantine/core';
import type { RuleRunning } from '../../../contract/rules.ts';
import { failureTitle } from '../../ui/failure-title.ts';
import { DiffBox } from '../../ui/script-box.tsx';
import { whole } from '../../ui/words.ts';
import type { Trial, Tried } from './api.ts';

type OnFailure = RuleRunning['on_failure'];

/** What came of a rule that was tried. */
export function TryResult({
  trial,
  tried,
  onFailure,
}: {
  trial: Trial;
  tried: Tried;
  /** What the rule is set to do when it fails. */
  onFailure: OnFailure;
}) {
  const { error, duration_ms: ms } = tried;
  const { title, after } = toldOf(tried, onFailure);
  const lines = tried.console.map(({ level, line }) => `${level}: ${line}`);
  return (
    <Stack gap="sm" component="section" aria-label="What came of it">
      <Alert role="status" variant="light" color={error ? 'red' : 'green'} title={title}>
        {error ? <Text size="sm">{error.message}</Text> : null}
        {after === undefined ? null : <Text size="sm">{after}</Text>}
        <Text size="sm">It took {whole(Math.round(ms))} ms.</Text>
      </Alert>
      <Tabs defaultValue="context" keepMounted={false}>
        <Tabs.List className="wraps">
          <Tabs.Tab value="context">context</Tabs.Tab>
          <Tabs.Tab value="user">user</Tabs.Tab>
          <Tabs.Tab value="console">console ({lines.length})</Tabs.Tab>
          <Tabs.Tab value="calls">Calls ({tried.calls.length})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="context" pt="sm">
          <Changed label="context" before={trial.context ?? {}} after={tried.context} />
        </Tabs.Panel>
        <Tabs.Panel value="user" pt="sm">
          <Changed label="user" before={trial.user} after={tried.user} />
        </Tabs.Panel>
        <Tabs.Panel value="console" pt="sm">
          <Lines label="console" lines={lines} none="It printed nothing." />
        </Tabs.Panel>
        <Tabs.Panel value="calls" pt="sm">
          <Lines
            label="Calls"
            lines={tried.calls.map((call) => JSON.stringify(call))}
            none="It called nothing, and would have written nothing."
          />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function toldOf({ error, context }: Tried, onFailure: OnFailure): { title: string; after: string | undefined } {
  if (!error && redirects(context)) return { title: 'It ran', after: 'The customer would be sent elsewhere.' };
  if (!error) return { title: 'It ran', after: 'The sign-in would go on.' };
  // A refusal is what the rule is for, and no failure.
  if (error.name === 'UnauthorizedError') return { title: 'The sign-in would be refused', after: undefined };
  return {
    title: failureTitle(error),
    after:
      onFailure === 'refuse'
        ? 'As the rule is set, the sign-in would be refused.'
        : 'As the rule is set, the sign-in would go on as if it had not run.',
  };
}

/** Has it set `context.redirect`? */
function redirects(context: Tried['context']): boolean {
  const { redirect }: { redirect?: unknown } = context;
  return typeof redirect === 'object' && redirect !== null && 'url' in redirect && Boolean(redirect.url);
}

function Changed({ label, before, after }: { label: string; before: object; after: object }) {
  const [was, is] = [before, after].map((one) => JSON.stringify(one, undefined, 2));
  if (was === is) return <Text size="sm">It changed nothing of {label}.</Text>;
  return <DiffBox label={`${label}, before and after`} before={was ?? ''} after={is ?? ''} />;
}

function Lines({ label, lines, none }: { label: string; lines: readonly string[]; none: string }) {
  if (lines.length === 0) return <Text size="sm">{none}</Text>;
  return (
    <Code block tabIndex={0} aria-label={label} className="wrapped">
      {lines.join('\n')}
    </Code>
  );
}
