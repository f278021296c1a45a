import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { refusalOf } from './refusal.ts';

type Placed = { readonly id: string; readonly name: string };

/** Things in an order that can be changed. */
export type Order<T extends Placed> = {
  readonly items: readonly T[];
  readonly problem: string | undefined;
  /** What was moved where, for who does not see it. */
  readonly told: string;
  move(id: string, to: number): void;
};

/** What changes such things is done one after the other, so that the last one holds. */
export function orderScope(queryKey: readonly string[]): { readonly id: string } {
  return { id: `order of ${queryKey.join(' ')}` };
}

/** Things in the order that was just chosen, which is saved at once. */
export function useOrder<T extends Placed>(
  items: readonly T[],
  {
    save,
    queryKey,
  }: { readonly save: (ids: readonly string[]) => Promise<unknown>; readonly queryKey: readonly string[] },
): Order<T> {
  const queryClient = useQueryClient();
  const [told, setTold] = useState('');
  const focused = useRef<string>(undefined);
  const saving = useMutation({
    scope: orderScope(queryKey),
    mutationFn: save,
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
  });
  const ids = saving.isPending ? saving.variables : undefined;
  const shown = ids ? ids.flatMap((id) => items.find((item) => item.id === id) ?? []) : items;

  // The arrow that was pressed moves with its row, and keeps the focus.
  useEffect(() => {
    if (focused.current === undefined) return;
    document.querySelector<HTMLElement>(`[data-move="${focused.current}"]`)?.focus();
    if (!saving.isPending) focused.current = undefined;
  });

  return {
    items: shown,
    problem: saving.error ? refusalOf(saving.error).text : undefined,
    told,
    move(id, to) {
      const others = shown.filter((item) => item.id !== id);
      const moved = shown.find((item) => item.id === id);
      if (!moved || shown[to]?.id === id) return;
      const next = [...others.slice(0, to), moved, ...others.slice(to)];
      focused.current = document.activeElement?.getAttribute('data-move') ?? undefined;
      setTold(`${moved.name} is at place ${to + 1} of ${shown.length}`);
      saving.mutate(next.map((item) => item.id));
    },
  };
}
