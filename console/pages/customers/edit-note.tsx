import { Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { SaveBar } from '../../ui/save-bar.tsx';
import { changeNote, type Note, notesQuery } from './people-api.ts';

/** A note, to be written otherwise. */
export function EditNote({ id, note, close }: { id: string; note: Note; close: () => void }) {
  const client = useQueryClient();
  // The one that is changed is the one that was seen, whatever the list shows by now.
  const [seen, setSeen] = useState(note);
  const form = useForm({ text: note.text });

  async function save(overwrite: boolean): Promise<void> {
    const change = { text: form.values.text.trim(), ...(!overwrite && { if_version: seen.version }) };
    const isSaved = await form.save(() => changeNote(id, note.id, change));
    if (!isSaved) return;
    await client.invalidateQueries({ queryKey: ['customer', id, 'notes'] });
    close();
  }

  async function showTheirs(): Promise<void> {
    const notes = await client.fetchQuery({ ...notesQuery(id), staleTime: 0 });
    const theirs = notes.find((one) => one.id === note.id);
    if (!theirs) return close();
    setSeen(theirs);
    form.reset({ text: theirs.text });
  }

  return (
    <Dialog title="Change the note" close={close}>
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        <Stack gap="md">
          <Textarea
            label="Note"
            autosize
            minRows={3}
            maxRows={12}
            maxLength={10_000}
            data-autofocus
            value={form.values.text}
            error={form.error('text')}
            onChange={(event) => form.set('text', event.currentTarget.value)}
          />
          <SaveBar form={form} save={(overwrite) => void save(overwrite)} reload={() => void showTheirs()} />
        </Stack>
      </form>
    </Dialog>
  );
}
