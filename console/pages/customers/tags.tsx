import { Button, Group, Pill, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading, wordsOf } from '../../ui/states.tsx';
import { tellWithUndo } from '../../ui/tell-with-undo.tsx';
import { addTag, removeTag, tagsQuery } from './people-api.ts';

const mostTags = 100;

/** What staff marked the customer with. */
export function Tags({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(tagsQuery(id));
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'tags'] });
  const remove = useMutation({
    mutationFn: (tag: string) => removeTag(id, tag),
    onSuccess: (_gone, tag) =>
      tellWithUndo({
        message: `“${tag}” was taken away.`,
        undo: async () => {
          await addTag(id, tag);
          await reload();
        },
        undone: `“${tag}” is there again.`,
        failed: `“${tag}” could not be put back.`,
      }),
    onSettled: reload,
  });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Tags are being read" height={51} />;
  const mayAdd = may('create:user_tags') && data.length < mostTags;
  if (data.length === 0 && !mayAdd) return null;
  return (
    <section aria-label="Tags">
      <Text size="xs" fw={500} mb={4}>
        Tags
      </Text>
      <Group gap="xs">
        {data.map(({ tag }) => (
          <Pill
            key={tag}
            size="md"
            withRemoveButton={may('delete:user_tags')}
            onRemove={() => remove.mutate(tag)}
            removeButtonProps={{ 'aria-label': `Take away: ${tag}`, 'aria-hidden': false, tabIndex: 0 }}
          >
            {tag}
          </Pill>
        ))}
        {mayAdd ? <AddTag id={id} added={reload} /> : null}
      </Group>
      {remove.error ? <Failed error={remove.error} /> : null}
    </section>
  );
}

function AddTag({ id, added }: { id: string; added: () => Promise<unknown> }) {
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => addTag(id, text),
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
      <Group gap={6} wrap="nowrap" align="flex-start">
        <TextInput
          size="xs"
          w={130}
          aria-label="New tag"
          placeholder="vip"
          maxLength={64}
          value={text}
          error={add.error ? wordsOf(add.error).text : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" variant="default" loading={add.isPending} disabled={text.trim() === ''}>
          Add
        </Button>
      </Group>
    </form>
  );
}
