import { Button, Code, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Action } from '../../../contract/actions.ts';
import { Ask } from '../../ui/ask.tsx';
import { useForm } from '../../ui/form.ts';
import { MakeForm } from '../../ui/make-form.tsx';
import { useFocusInPlace } from '../../ui/use-focus-in-place.ts';
import { moment } from '../../ui/words.ts';
import { changeAction } from './api.ts';

/** What the code finds as event.secrets: names are shown, values never. */
export function Secrets({
  action,
  readOnly,
  reload,
}: {
  action: Action;
  readOnly: boolean;
  reload: () => Promise<unknown>;
}) {
  const form = useForm({ name: '', value: '' }, { secrets: 'value' });
  const names = action.secrets.map(({ name }) => ({ name }));
  const [removed, setRemoved] = useState<string>();
  const kept = useFocusInPlace<HTMLDivElement>(removed !== undefined);

  async function remove(gone: string): Promise<void> {
    try {
      await changeAction(action.id, { secrets: names.filter(({ name }) => name !== gone) }, action.updated_at);
    } finally {
      await reload();
    }
  }

  async function set(): Promise<void> {
    const { name, value } = form.values;
    const isSet = await form.save(() => {
      const others = names.filter((one) => one.name !== name);
      return changeAction(action.id, { secrets: [...others, { name, value }] }, action.updated_at);
    });
    if (!isSet) return;
    // It is on the screen no longer than it must be.
    form.reset({ name: '', value: '' });
    await reload();
  }

  return (
    <Stack gap="md" {...kept}>
      <Text size="sm" c="dimmed">
        The code finds them as event.secrets.NAME. They count from the next deployment on, and are never shown again.
      </Text>
      {action.secrets.length === 0 ? <Text size="sm">No secret yet.</Text> : null}
      <Stack component="ul" gap={0} className="kinds" aria-label="Secrets">
        {action.secrets.map(({ name, updated_at }) => (
          <Group key={name} component="li" justify="space-between" gap="xs" py={6}>
            <div>
              <Text size="sm" className="value monospaced">
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                Set {moment(updated_at)}
              </Text>
            </div>
            {readOnly ? null : (
              <Button size="xs" variant="default" aria-label={`Remove ${name}`} onClick={() => setRemoved(name)}>
                Remove
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {readOnly ? null : (
        <MakeForm form={form} make={set} label="Set the secret">
          <TextInput
            label="Name of the secret"
            maxLength={128}
            value={form.values.name}
            error={form.error('name')}
            onChange={(event) => form.set('name', event.currentTarget.value)}
          />
          <Textarea
            label="Value"
            autosize
            maxRows={8}
            autoComplete="off"
            maxLength={4096}
            value={form.values.value}
            error={form.error('value')}
            onChange={(event) => form.set('value', event.currentTarget.value)}
          />
        </MakeForm>
      )}
      {removed === undefined ? null : (
        <Ask
          title={`Remove ${removed}?`}
          yes="Remove it"
          close={() => setRemoved(undefined)}
          act={() => remove(removed)}
        >
          From the next deployment on the code finds <Code>undefined</Code> in its place. Its value cannot be brought
          back.
        </Ask>
      )}
    </Stack>
  );
}
