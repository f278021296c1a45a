import { ActionIcon, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { addNote, type Note, notesQuery, removeNote } from './people-api.ts';

const EditNote = lazy(() => import('./edit-note.tsx').then((module) => ({ default: module.EditNote })));

/** What staff wrote about the customer. The customer gets it with their data. */
export function Notes({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(notesQuery(id));
  const [changed, setChanged] = useState<Note>();
  const [removed, setRemoved] = useState<Note>();
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'notes'] });
  return (
    <Card withBorder padding="md" component="section" aria-label="Notes">
      <Title order={2} size="h5" mb="xs">
        Notes
      </Title>
      {may('create:user_notes') && <AddNote id={id} added={reload} />}
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading label="Notes are being read" /> : null}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          No notes yet.
        </Text>
      )}
      <Stack gap="sm">
        {data?.map((note) => (
          <Line key={note.id} note={note} change={() => setChanged(note)} remove={() => setRemoved(note)} />
        ))}
      </Stack>
      <Suspense fallback={null}>
        {changed && <EditNote id={id} note={changed} close={() => setChanged(undefined)} />}
      </Suspense>
      {removed && (
        <Ask
          title="Delete the note?"
          yes="Delete it"
          close={() => setRemoved(undefined)}
          act={async () => {
            await removeNote(id, removed.id);
            await reload();
          }}
        >
          It is gone for everybody.
        </Ask>
      )}
    </Card>
  );
}

function AddNote({ id, added }: { id: string; added: () => Promise<unknown> }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => addNote(id, text.trim()),
    onSuccess: async () => {
      setText('');
      await added();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) add.mutate();
      }}
    >
      <Stack gap="xs" mb="sm">
        <Textarea
          aria-label="New note"
          placeholder="What a colleague should know. The customer can read it, too."
          autosize
          minRows={2}
          maxRows={8}
          maxLength={10_000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {add.error ? <Failed error={add.error} /> : null}
        <Group>
          <Button type="submit" size="xs" loading={add.isPending} disabled={text.trim() === ''}>
            Add the note
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A note with who wrote it; to be changed by whoever wrote it, and by who may change those of others. */
function Line({ note, change, remove }: { note: Note; change: () => void; remove: () => void }) {
  const may = useMay();
  const me = useSession();
  const { author, text, version, updated_at } = note;
  const isMine = author.kind === 'staff' && author.id === me.id;
  const mayOwn = isMine && may('create:user_notes');
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" className="wrapped">
          {text}
        </Text>
        <Text size="xs" c="dimmed" className="value">
          {isMine ? 'you' : (author.name ?? (author.kind === 'staff' ? 'a colleague' : author.id))}
          {version > 1 ? ', changed' : ''} {moment(updated_at)}
        </Text>
      </div>
      <Group gap={0} wrap="nowrap">
        {(mayOwn || may('update:user_notes')) && (
          <ActionIcon variant="subtle" color="gray" aria-label="Change this note" onClick={change}>
            <IconPencil size={16} />
          </ActionIcon>
        )}
        {(mayOwn || may('delete:user_notes')) && (
          <ActionIcon variant="subtle" color="gray" aria-label="Delete this note" onClick={remove}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Group>
    </Group>
  );
}
