import { TagsInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../ui/session.ts';
import { wordsOf } from '../../ui/states.tsx';
import { addTag, removeTag, tagsQuery } from './people-api.ts';

/** What staff marked the customer with. */
export function Tags({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data = [] } = useQuery(tagsQuery(id));
  const tags = data.map(({ tag }) => tag);
  const change = useMutation({
    async mutationFn(next: readonly string[]) {
      for (const tag of next) if (!tags.includes(tag)) await addTag(id, tag);
      for (const tag of tags) if (!next.includes(tag)) await removeTag(id, tag);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'tags'] }),
  });
  const readOnly = !may('create:user_tags') || !may('delete:user_tags');
  if (readOnly && tags.length === 0) return null;
  return (
    <TagsInput
      size="xs"
      label="Tags"
      placeholder={tags.length === 0 ? 'Type one, then Enter' : ''}
      value={change.isPending ? [...change.variables] : tags}
      onChange={(next) => change.mutate(next.map((tag) => tag.trim().toLowerCase()))}
      disabled={readOnly}
      maxTags={50}
      error={change.error ? wordsOf(change.error).text : undefined}
    />
  );
}
