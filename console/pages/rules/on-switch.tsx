import { Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refusalOf } from '../../ui/refusal.ts';
import { changeRule } from './api.ts';

/** Does it run? Counts at once. */
export function OnSwitch({
  rule,
  label,
  disabled,
  changed,
}: {
  rule: { readonly id: string; readonly name: string; readonly enabled: boolean };
  /** Shown beside it; without one its name says which rule it is. */
  label?: string;
  disabled: boolean;
  changed: () => Promise<unknown>;
}) {
  const change = useMutation({
    mutationFn: (enabled: boolean) => changeRule(rule.id, { enabled }),
    onSettled: changed,
  });
  return (
    <Switch
      {...(label === undefined ? { 'aria-label': `${rule.name} is on` } : { label })}
      disabled={disabled}
      checked={change.isPending ? change.variables : rule.enabled}
      error={change.error ? refusalOf(change.error).text : undefined}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}
