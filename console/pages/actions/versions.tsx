import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Action, ActionVersion } from '../../../contract/actions.ts';
import { Ask } from '../../ui/ask.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DiffBox } from '../../ui/script-box.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { rollBack, versionsQuery } from './api.ts';

/** What was deployed: what differs from what is written, and the way back to it. */
export function Versions({ action, now, restored }: { action: Action; now: string; restored: () => Promise<void> }) {
  const { data, error, refetch } = useQuery(versionsQuery(action.id));
  const [seen, setSeen] = useState<ActionVersion>();
  const [back, setBack] = useState<ActionVersion>();
  const may = useMayWriteCode();
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Versions are being read" />;
  if (data.length === 0) return <Text size="sm">Nothing was deployed yet.</Text>;
  return (
    <>
      <Stack component="ul" gap={0} className="kinds" aria-label="Versions">
        {data.map((version) => (
          <Group key={version.id} component="li" justify="space-between" gap="xs" py="xs">
            <div>
              <Text size="sm" fw={600}>
                Version {version.number}
                {version.deployed ? ' · deployed' : ''}
              </Text>
              <Text size="xs" c="dimmed">
                {version.deployed_by ? `${version.deployed_by.name}, ` : ''}
                {moment(version.created_at)}
              </Text>
            </div>
            <Group gap="xs">
              <Button
                size="xs"
                variant="default"
                aria-label={`Compare with version ${version.number}`}
                onClick={() => setSeen(version)}
              >
                Compare
              </Button>
              {!version.deployed && may('create:actions') ? (
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Back to it: version ${version.number}`}
                  onClick={() => setBack(version)}
                >
                  Back to it
                </Button>
              ) : null}
            </Group>
          </Group>
        ))}
      </Stack>
      {seen ? (
        <Dialog size="xl" title={`From version ${seen.number} to what is written`} close={() => setSeen(undefined)}>
          {seen.code === now ? <Text size="sm">The code is the same.</Text> : null}
          <DiffBox label={`What changed since version ${seen.number}`} before={seen.code} after={now} />
        </Dialog>
      ) : null}
      {back ? (
        <Ask
          title={`Back to version ${back.number}?`}
          yes="Deploy it again"
          close={() => setBack(undefined)}
          act={async () => {
            const { number } = await rollBack(action.id, back.id);
            await restored();
            tell({ message: `Version ${back.number} is deployed again, as version ${number}.` });
          }}
        >
          It is deployed as a version of its own, with the secrets that it had then. What is written now goes, and so do
          the secrets that are kept now: a value that it did not have must be typed in again.
        </Ask>
      ) : null}
    </>
  );
}
