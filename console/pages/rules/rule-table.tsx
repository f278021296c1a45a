import { ActionIcon, Anchor, Badge, Box, Group, Table, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RuleRunning } from '../../../contract/rules.ts';
import { LastHourCells, lastHourHeads } from '../../ui/last-hour.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Problem } from '../../ui/save-bar.tsx';
import { useMay } from '../../ui/session.ts';
import { rulesQuery } from './api.ts';
import { OnSwitch } from './on-switch.tsx';
import { useOrder } from './use-order.ts';

/** Rules in the order in which they run; it is changed by dragging, or by the arrows. */
export function RuleTable({ rules }: { rules: readonly RuleRunning[] }) {
  const may = useMay();
  const order = useOrder(rules);
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  const queryClient = useQueryClient();
  const changed = () => queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
  const mayChange = may('update:rules');
  return (
    <>
      {order.problem === undefined ? null : <Problem text={order.problem} />}
      <VisuallyHidden role="status" aria-live="polite">
        {order.told}
      </VisuallyHidden>
      <ListTable minWidth={760} heads={['Place', 'Rule', 'On', ...lastHourHeads]}>
        {order.rules.map((rule, place) => (
          <Table.Tr
            key={rule.id}
            data-over={over === rule.id && dragged !== rule.id ? true : undefined}
            className="row-to-drop-on"
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(rule.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) order.move(dragged, place);
            }}
          >
            <Table.Td>
              <Group gap={4} wrap="nowrap">
                {mayChange ? (
                  <Box
                    component="span"
                    className="grip"
                    draggable
                    title="Drag to another place"
                    onDragStart={(event) => {
                      event.dataTransfer.effectAllowed = 'move';
                      event.dataTransfer.setData('text/plain', rule.name);
                      setDragged(rule.id);
                    }}
                    onDragEnd={() => {
                      setDragged(undefined);
                      setOver(undefined);
                    }}
                  >
                    <IconGripVertical size={18} aria-hidden />
                  </Box>
                ) : null}
                <span className="numbers">{place + 1}</span>
                {mayChange ? (
                  <>
                    <Arrow rule={rule} way="up" isLast={place === 0} move={() => order.move(rule.id, place - 1)} />
                    <Arrow
                      rule={rule}
                      way="down"
                      isLast={place === order.rules.length - 1}
                      move={() => order.move(rule.id, place + 1)}
                    />
                  </>
                ) : null}
              </Group>
            </Table.Td>
            <Table.Td>
              <Group gap="xs" wrap="nowrap">
                <Anchor component={Link} to={`/rules/${rule.id}`} className="value">
                  {rule.name}
                </Anchor>
                {rule.library === null ? null : <Badge color="gray.7">Library</Badge>}
                {rule.on_failure === 'refuse' ? null : <Badge variant="default">Goes on</Badge>}
              </Group>
            </Table.Td>
            <Table.Td>
              <OnSwitch rule={rule} disabled={!mayChange} changed={changed} />
            </Table.Td>
            <LastHourCells lastHour={rule.last_hour} />
          </Table.Tr>
        ))}
      </ListTable>
    </>
  );
}

function Arrow({
  rule,
  way,
  isLast,
  move,
}: {
  rule: RuleRunning;
  way: 'up' | 'down';
  isLast: boolean;
  move: () => void;
}) {
  // Not disabled but idle at the end: the focus stays where it is.
  return (
    <ActionIcon
      variant="default"
      size="sm"
      aria-label={`${rule.name}: ${way}`}
      aria-disabled={isLast}
      {...(isLast && { 'data-disabled': true })}
      data-move={`${rule.id} ${way}`}
      onClick={() => {
        if (!isLast) move();
      }}
    >
      {way === 'up' ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />}
    </ActionIcon>
  );
}
