import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleVersion } from '../../../contract/rules.ts';
import { Ask } from '../../ui/ask.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DiffBox } from '../../ui/script-box.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { restoreVersion, type VersionLine, versionQuery, versionsQuery } from './api.ts';
import type { KnownRule } from './known-rule.ts';
import { savedWords } from './saved-words.ts';

/** Every save: what it changed against what there is now, and the way back to it. */
export function History({
  known,
  now,
  restored,
}: {
  known: KnownRule;
  /** The script as it stands in the editor; undefined: it has none of its own. */
  now: string | undefined;
  restored: () => Promise<void>;
}) {
  const { id } = known.rule.value;
  const { data, error, refetch } = useQuery(versionsQuery(id));
  const [seen, setSeen] = useState<number>();
  const [back, setBack] = useState<number>();
  const mayRestore = useMayWriteCode()('update:rules');
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The history is being read" />;
  return (
    <>
      <Stack component="ul" gap={0} className="kinds" aria-label="History">
        {data.map((line, place) => (
          <Group key={line.version} component="li" justify="space-between" gap="xs" py="xs">
            <div>
              <Text size="sm" fw={600}>
                Version {line.version}
                {place === 0 ? ' · now' : ''}
              </Text>
              <Text size="xs" c="dimmed" className="value">
                {told(line)}
              </Text>
            </div>
            {place === 0 && (now === undefined || now === known.rule.value.script) ? null : (
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Compare with version ${line.version}`}
                  onClick={() => setSeen(line.version)}
                >
                  Compare
                </Button>
                {place > 0 && mayRestore ? (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Back to it: version ${line.version}`}
                    onClick={() => setBack(line.version)}
                  >
                    Back to it
                  </Button>
                ) : null}
              </Group>
            )}
          </Group>
        ))}
      </Stack>
      {seen === undefined ? null : (
        <Dialog size="xl" title={`From version ${seen} to now`} close={() => setSeen(undefined)}>
          <Compared id={id} version={seen} known={known} now={now} />
        </Dialog>
      )}
      {back === undefined ? null : (
        <Ask
          title={`Back to version ${back}?`}
          yes="Bring it back"
          close={() => setBack(undefined)}
          act={async () => {
            await restoreVersion(id, back);
            await restored();
            tell({ message: `Version ${back} is back. ${savedWords(known.rule.value)}` });
          }}
        >
          It becomes a version of its own on top of the others: none is lost. What you have not saved is lost.
        </Ask>
      )}
    </>
  );
}

function Compared({
  id,
  version,
  known,
  now,
}: {
  id: string;
  version: number;
  known: KnownRule;
  now: string | undefined;
}) {
  const { data, error, refetch } = useQuery(versionQuery(id, version));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="The version is being read" />;
  const [before, after] =
    data.script === null ? [json(data.settings), json(known.running.settings)] : [data.script, now ?? ''];
  return (
    <Stack gap="sm">
      <Policy before={data} known={known} />
      {before === after ? (
        <Text size="sm">The {data.script === null ? 'settings are' : 'script is'} the same.</Text>
      ) : null}
      <DiffBox label={`What changed since version ${version}`} before={before} after={after} />
    </Stack>
  );
}

function Policy({ before, known }: { before: RuleVersion; known: KnownRule }) {
  const { on_failure, deadline_ms } = known.running;
  if (before.on_failure === on_failure && before.deadline_ms === deadline_ms) return null;
  const words = (policy: Pick<RuleVersion, 'on_failure' | 'deadline_ms'>) =>
    `${policy.on_failure === 'refuse' ? 'its failure refused' : 'the sign-in went on'}, ${
      policy.deadline_ms === null ? 'no deadline of its own' : `${policy.deadline_ms} ms`
    }`;
  return (
    <Text size="sm">
      Then: {words(before)}. Now: {words(known.running)}.
    </Text>
  );
}

function told({ saved_by, saved_at, restored }: VersionLine): string {
  return `${saved_by.name}, ${moment(saved_at)}${restored === null ? '' : `, brought back version ${restored}`}`;
}

function json(settings: unknown): string {
  return JSON.stringify(settings, undefined, 2);
}
