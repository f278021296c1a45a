import { Stack, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { refusalOf } from '../../ui/refusal.ts';
import { Problem } from '../../ui/save-bar.tsx';

/** Switches that count at once: what is offered where. */
export function Offers({
  lines,
  disabled,
  set,
}: {
  lines: readonly { readonly id: string; readonly label: string; readonly about: string; readonly isOn: boolean }[];
  disabled: boolean;
  set: (id: string, isOn: boolean) => Promise<unknown>;
}) {
  const change = useMutation({ mutationFn: ({ id, isOn }: { id: string; isOn: boolean }) => set(id, isOn) });
  return (
    <Stack gap="sm">
      {change.error ? <Problem text={refusalOf(change.error).text} /> : null}
      {lines.map(({ id, label, about, isOn }) => (
        <Switch
          key={id}
          label={label}
          description={about}
          disabled={disabled || change.isPending}
          checked={change.isPending && change.variables.id === id ? change.variables.isOn : isOn}
          onChange={(event) => change.mutate({ id, isOn: event.currentTarget.checked })}
        />
      ))}
    </Stack>
  );
}
