import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Versioned } from '../../ui/api.ts';
import { Ask } from '../../ui/ask.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { forForm } from '../../ui/query-client.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import type { Attribute } from './api.ts';
import { tellSaved } from './tell-saved.ts';
import { draftOf, kindOf, readDraft } from './value-drafts.ts';
import { ValueInput } from './value-input.tsx';
import { textAt } from './value-text.ts';
import { readValue, writeValue } from './write-value.ts';

export type Edited = { readonly path: string; readonly label: string };

const birthdays = 'As 1990-05-17; --05-17 where the year is not known.';

/** A value of a customer, to be changed or taken away by the company. */
export function EditValue({
  id,
  edited,
  attribute,
  close,
}: {
  id: string;
  edited: Edited;
  attribute: Attribute | undefined;
  close: () => void;
}) {
  const { path, label } = edited;
  const { data, error, refetch } = useQuery({
    queryKey: ['value', id, path],
    queryFn: ({ signal }) => readValue(id, path, signal),
    ...forForm,
  });
  const reload = async () => (await refetch()).data;
  return (
    <Dialog title={label} close={close}>
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="The value is being read" /> : null}
      {data ? (
        <Editor id={id} edited={edited} attribute={attribute} known={data} reload={reload} close={close} />
      ) : null}
    </Dialog>
  );
}

function Editor({
  id,
  edited: { path, label },
  attribute,
  known,
  reload,
  close,
}: {
  id: string;
  edited: Edited;
  attribute: Attribute | undefined;
  known: Versioned<unknown>;
  reload: () => Promise<Versioned<unknown> | undefined>;
  close: () => void;
}) {
  const client = useQueryClient();
  // What is typed is typed as the value that was there first.
  const [kind] = useState(() => kindOf(attribute, known.value));
  const form = useForm({ text: draftOf(kind, known.value) });
  const [asks, setAsks] = useState(false);
  const isThere = known.value !== undefined;
  const changed = () => client.invalidateQueries({ queryKey: ['customer', id] });

  /** Puts back what was there; nobody else's change is overwritten by it. */
  async function undo(now: unknown): Promise<void> {
    const present = await readValue(id, path);
    if (JSON.stringify(present.value) !== JSON.stringify(now)) throw new Error('changed');
    await writeValue(id, path, isThere ? readDraft(kind, undefined, draftOf(kind, known.value)) : null, present);
    await changed();
  }

  async function save(overwrite: boolean): Promise<void> {
    const isSaved = await form.save(async () => {
      const value = readDraft(kind, attribute?.type, form.values.text);
      const now = await writeValue(id, path, value, overwrite ? undefined : known);
      await changed();
      tellSaved({ label, isAsked: JSON.stringify(now) === JSON.stringify(value), undo: () => undo(now) });
    });
    if (isSaved) close();
  }

  async function showTheirs(): Promise<void> {
    const theirs = await reload();
    if (theirs) form.reset({ text: draftOf(kind, theirs.value) });
  }

  return (
    <form noValidate onSubmit={(event) => event.preventDefault()}>
      <Stack gap="md">
        <Text size="xs" c="dimmed" className="value">
          Path: {path}. The profile will show that staff said it.
        </Text>
        <ValueInput
          hint={attribute?.type === 'birthday' ? birthdays : undefined}
          kind={kind}
          choices={attribute?.choices ?? null}
          value={form.values.text}
          error={form.error('text')}
          onChange={(text) => form.set('text', text)}
        />
        {form.isOutdated ? <Theirs id={id} path={path} kind={attribute} /> : null}
        <Group justify="space-between" align="flex-end">
          <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
          {isThere ? (
            <Button variant="default" onClick={() => setAsks(true)}>
              Remove…
            </Button>
          ) : null}
        </Group>
      </Stack>
      {asks ? (
        <Ask
          title={`Remove “${label}”?`}
          yes="Remove it"
          close={() => setAsks(false)}
          act={async () => {
            const now = await writeValue(id, path, null, known);
            await changed();
            tellSaved({ label, isAsked: now === undefined, undo: () => undo(now) });
            form.reset();
            close();
          }}
        >
          It is gone from the profile, for every brand and portal, and no network or rule brings it back. The customer
          can tell it anew.
        </Ask>
      ) : null}
    </form>
  );
}

/** What somebody else has made of it meanwhile. */
function Theirs({ id, path, kind }: { id: string; path: string; kind: Attribute | undefined }) {
  const { data } = useQuery({ queryKey: ['value', id, path, 'theirs'], queryFn: () => readValue(id, path), gcTime: 0 });
  if (!data) return null;
  return (
    <Alert color="gray" title="What is there now">
      <Text size="sm" className="wrapped">
        {data.value === undefined ? 'Nothing: it was removed.' : textAt(path, data.value, kind)}
      </Text>
    </Alert>
  );
}
