import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Action, Binding, TriggerId } from '../../../contract/actions.ts';
import { OrderedTable } from '../../ui/ordered-table.tsx';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';
import { useMayWriteCode } from '../../ui/session.ts';
import { Failed } from '../../ui/states.tsx';
import { useFocusInPlace } from '../../ui/use-focus-in-place.ts';
import { orderScope, useOrder } from '../../ui/use-order.ts';
import { bind, bindingsQuery } from './api.ts';

/** What runs at a trigger, in order; it counts at once. */
export function Bound({ trigger, actions }: { trigger: TriggerId; actions: readonly Action[] }) {
  const query = bindingsQuery(trigger);
  const { queryKey } = query;
  const { data, error, refetch } = useQuery(query);
  const queryClient = useQueryClient();
  const may = useMayWriteCode();
  const placed = (data ?? []).map((binding) => ({ ...binding, name: binding.display_name }));
  const order = useOrder(placed, {
    save: (ids) =>
      bind(
        trigger,
        ids.flatMap((id) => placed.find((one) => one.id === id) ?? []),
      ),
    queryKey,
  });
  const save = useMutation({
    scope: orderScope(queryKey),
    mutationFn: (bound: readonly (Binding | Action)[]) => bind(trigger, bound),
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  const kept = useFocusInPlace<HTMLDivElement>(save.isPending);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  // Until it is known what runs, nothing can be put beside it.
  if (!data) return null;
  const bound = order.items;
  const mayChange = may('update:actions') && !save.isPending;
  const unbound = actions.filter(({ id, deployed_version }) => {
    return deployed_version && !bound.some(({ action }) => action.id === id);
  });
  return (
    <Stack gap="xs" mb="xs" {...kept}>
      {save.error ? <Problem text={refusalOf(save.error).text} /> : null}
      {bound.length === 0 ? (
        <Text size="sm">Nothing runs here.</Text>
      ) : (
        <OrderedTable
          label={`What runs at ${trigger}`}
          order={order}
          // A place counts among those that are there: not while one comes or goes.
          mayMove={mayChange}
          minWidth={0}
          heads={['Runs here', '']}
          row={(binding) => (
            <>
              <td className="value">{binding.name}</td>
              <td>
                {may('update:actions') ? (
                  <Group justify="flex-end">
                    <ActionIcon
                      variant="default"
                      aria-label={`${binding.name}: let it run no more`}
                      disabled={!mayChange}
                      onClick={() => save.mutate(bound.filter((one) => one !== binding))}
                    >
                      <IconX size={16} />
                    </ActionIcon>
                  </Group>
                ) : null}
              </td>
            </>
          )}
        />
      )}
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
