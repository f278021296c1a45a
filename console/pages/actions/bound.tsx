import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Action, Binding, TriggerId } from '../../../contract/actions.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { bind, bindingsQuery } from './api.ts';

/** What runs at a trigger, in order; it counts at once. */
export function Bound({ trigger, actions }: { trigger: TriggerId; actions: readonly Action[] }) {
  const { data, error, refetch } = useQuery(bindingsQuery(trigger));
  const queryClient = useQueryClient();
  const may = useMay();
  const save = useMutation({
    mutationFn: (bound: readonly (Binding | Action)[]) => bind(trigger, bound),
    onSettled: () => queryClient.invalidateQueries({ queryKey: bindingsQuery(trigger).queryKey }),
  });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  // Until it is known what runs, nothing can be put beside it.
  if (!data) return null;
  const bound = data;
  const mayChange = may('update:actions') && !save.isPending;
  const unbound = actions.filter(({ id, deployed_version }) => {
    return deployed_version && !bound.some(({ action }) => action.id === id);
  });
  const swap = (place: number, other: number) => {
    const [one, two] = [bound[place], bound[other]];
    if (one && two) save.mutate(bound.map((each) => (each === one ? two : each === two ? one : each)));
  };
  return (
    <Stack gap="xs" mb="xs">
      {save.error ? <Problem text={refusalOf(save.error).text} /> : null}
      {bound.length === 0 ? <Text size="sm">Nothing runs here.</Text> : null}
      <Stack component="ol" gap={0} className="kinds" aria-label="What runs here, in order">
        {bound.map((binding, place) => (
          <Group key={binding.id} component="li" justify="space-between" gap="xs" py={6} wrap="nowrap">
            <Text size="sm" className="value">
              {place + 1}. {binding.display_name}
            </Text>
            {may('update:actions') ? (
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  variant="default"
                  aria-label={`${binding.display_name}: up`}
                  disabled={place === 0 || !mayChange}
                  onClick={() => swap(place, place - 1)}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="default"
                  aria-label={`${binding.display_name}: down`}
                  disabled={place === bound.length - 1 || !mayChange}
                  onClick={() => swap(place, place + 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon
                  variant="default"
                  aria-label={`${binding.display_name}: let it run no more`}
                  disabled={!mayChange}
                  onClick={() => save.mutate(bound.filter((one) => one !== binding))}
                >
                  <IconX size={16} />
                </ActionIcon>
              </Group>
            ) : null}
          </Group>
        ))}
      </Stack>
      {may('update:actions') && unbound.length > 0 ? (
        <Group gap="xs">
          {unbound.map((action) => (
            <Button
              key={action.id}
              size="xs"
              variant="default"
              disabled={!mayChange}
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => save.mutate([...bound, action])}
            >
              Let {action.name} run
            </Button>
          ))}
        </Group>
      ) : null}
    </Stack>
  );
}
