import { ActionIcon, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { addNote, type Note, notesQuery, removeNote } from './people-api.ts';

/** What staff wrote about the customer. The customer gets it with their data. */
export function Notes({ id }: { id: string }) {
  const may = useMay();
  const me = useSession();
  const queryClient = useQueryClient();
  const { data = [], error } = useQuery(notesQuery(id));
  const [text, setText] = useState('');
  const [removed, setRemoved] = useState<Note>();
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'notes'] });
  const add = useMutation({
    mutationFn: () => addNote(id, text.trim()),
    onSuccess: async () => {
      setText('');
      await reload();
    },
  });
  return (
    <Card withBorder padding="md" component="section" aria-label="Notes">
      <Title order={2} size="h5" mb="xs">
        Notes
      </Title>
      {error ? <Failed error={error} /> : null}
      {may('create:user_notes') && (
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
      )}
      {data.length === 0 && !error && (
        <Text size="sm" c="dimmed">
          No notes yet.
        </Text>
      )}
      <Stack gap="sm">
        {data.map((note) => (
          <Group key={note.id} gap="xs" wrap="nowrap" align="flex-start" justify="space-between">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="value" style={{ whiteSpace: 'pre-wrap' }}>
                {note.text}
              </Text>
              <Text size="xs" c="dimmed">
                {note.author.id === me.id ? 'you' : note.author.kind === 'machine' ? note.author.id : 'a colleague'},{' '}
                {moment(note.updated_at)}
              </Text>
            </div>
            {may('delete:user_notes') && (
              <ActionIcon variant="subtle" color="gray" aria-label="Delete this note" onClick={() => setRemoved(note)}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
      </Stack>
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
