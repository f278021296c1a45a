import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { NumberField } from '../../ui/number-field.tsx';
import type { QuestionContent } from './api.ts';

const units = [
  { value: 'sign_ins', label: 'sign-ins' },
  { value: 'days', label: 'days' },
] as const;
const times = ['First', 'Second', 'Third', 'Every later'] as const;

/** How long a "not now" holds it back, and who is not asked so that its effect can be seen. */
export function TactForm({
  content: { not_now, hold_out },
  set,
  disabled,
}: {
  content: Pick<QuestionContent, 'not_now' | 'hold_out'>;
  set: (part: Partial<Pick<QuestionContent, 'not_now' | 'hold_out'>>) => void;
  disabled: boolean;
}) {
  return (
    <Stack gap="lg">
      <fieldset className="plain">
        <legend>After “not now”</legend>
        <Text size="sm" c="dimmed" mb="xs">
          It is held back for so long; besides, no customer is asked anything again before their pause is over. “Don’t
          ask again” holds for good.
        </Text>
        <Group gap="sm" align="flex-end">
          {times.map((label, place) => (
            <NumberField
              key={label}
              label={label}
              w={96}
              min={1}
              max={365}
              disabled={disabled}
              value={not_now.steps[place] ?? 1}
              onChange={(value) => {
                if (typeof value === 'number')
                  set({ not_now: { ...not_now, steps: not_now.steps.with(place, value) } });
              }}
            />
          ))}
          <NativeSelect
            label="Counted in"
            data={[...units]}
            disabled={disabled}
            value={not_now.unit}
            onChange={(event) => {
              const unit = units.find(({ value }) => value === event.currentTarget.value);
              if (unit) set({ not_now: { ...not_now, unit: unit.value } });
            }}
          />
        </Group>
      </fieldset>
      <NumberField
        label="Not asked, to see the difference"
        description="Of those who would be asked, so many percent are not: the results tell what asking does to signing in."
        maw={320}
        min={0}
        max={50}
        rightSection="%"
        disabled={disabled}
        value={hold_out}
        onChange={(value) => {
          if (typeof value === 'number') set({ hold_out: value });
        }}
      />
    </Stack>
  );
}
