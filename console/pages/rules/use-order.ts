import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RuleRunning } from '../../../contract/rules.ts';
import { refusalOf } from '../../ui/refusal.ts';
import { orderRules, rulesQuery } from './api.ts';

/** Rules in the order that was just chosen, which is saved at once. */
export function useOrder(rules: readonly RuleRunning[]): {
  readonly rules: readonly RuleRunning[];
  readonly problem: string | undefined;
  /** What was moved where, for who does not see it. */
  readonly told: string;
  move(id: string, to: number): void;
} {
  const queryClient = useQueryClient();
  const [told, setTold] = useState('');
  const focused = useRef<string>(undefined);
  const save = useMutation({
    // One after the other, so that the last one holds.
    scope: { id: 'order of rules' },
    mutationFn: orderRules,
    onSettled: () => queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  const ids = save.isPending ? save.variables : undefined;
  const shown = ids ? ids.flatMap((id) => rules.find((rule) => rule.id === id) ?? []) : rules;

  // The arrow that was pressed moves with its row, and keeps the focus.
  useEffect(() => {
    if (focused.current === undefined) return;
    document.querySelector<HTMLElement>(`[data-move="${focused.current}"]`)?.focus();
    if (!save.isPending) focused.current = undefined;
  });

  return {
    rules: shown,
    problem: save.error ? refusalOf(save.error).text : undefined,
    told,
    move(id, to) {
      const others = shown.filter((rule) => rule.id !== id);
      const moved = shown.find((rule) => rule.id === id);
      if (!moved || shown[to]?.id === id) return;
      const next = [...others.slice(0, to), moved, ...others.slice(to)];
      focused.current = document.activeElement?.getAttribute('data-move') ?? undefined;
      setTold(`${moved.name} is at place ${to + 1} of ${shown.length}`);
      save.mutate(next.map((rule) => rule.id));
    },
  };
}
