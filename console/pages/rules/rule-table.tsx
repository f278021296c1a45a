import { Anchor, Badge, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RuleRunning } from '../../../contract/rules.ts';
import { LastHourCells, LastHourLine, lastHourHeads } from '../../ui/last-hour.tsx';
import { OrderedTable } from '../../ui/ordered-table.tsx';
import { rulesQuery } from '../../ui/running-rules.ts';
import { useMayWriteCode } from '../../ui/session.ts';
import { useOrder } from '../../ui/use-order.ts';
import { orderRules } from './api.ts';
import { OnSwitch } from './on-switch.tsx';
import { useMayChange } from './rights.ts';

/** Rules in the order in which they run; it is changed by dragging, or by the arrows. */
export function RuleTable({ rules }: { rules: readonly RuleRunning[] }) {
  const mayMove = useMayWriteCode()('update:rules');
  const mayChange = useMayChange();
  const { queryKey } = rulesQuery;
  const order = useOrder(rules, { save: orderRules, queryKey });
  const queryClient = useQueryClient();
  const changed = () => queryClient.invalidateQueries({ queryKey });
  const onOff = (rule: RuleRunning) => (
    <OnSwitch rule={rule} disabled={!mayChange('update:rules', rule)} changed={changed} />
  );
  return (
    <OrderedTable
      label="Rules"
      order={order}
      mayMove={mayMove}
      minWidth={760}
      heads={['Rule', 'On', ...lastHourHeads]}
      row={(rule) => (
        <>
          <td>
            <Name rule={rule} />
          </td>
          <td>{onOff(rule)}</td>
          <LastHourCells lastHour={rule.last_hour} />
        </>
      )}
      card={(rule, place) => (
        <Stack gap="xs">
          <Group justify="space-between">
            {place}
            {onOff(rule)}
          </Group>
          <Name rule={rule} />
          <LastHourLine lastHour={rule.last_hour} />
        </Stack>
      )}
    />
  );
}

function Name({ rule }: { rule: RuleRunning }) {
  return (
    <Group gap="xs">
      <Anchor component={Link} to={`/rules/${rule.id}`} className="value">
        {rule.name}
      </Anchor>
      {rule.library === null ? null : <Badge color="gray.7">Library</Badge>}
      {rule.on_failure === 'refuse' ? null : <Badge variant="default">Goes on</Badge>}
    </Group>
  );
}
