import { ActionIcon, Box, Group, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ListTable } from './list-table.tsx';
import { Problem } from './save-bar.tsx';
import type { Order } from './use-order.ts';

/** Rows in an order, which is changed by dragging, or by the arrows. */
export function OrderedTable<T extends { readonly id: string; readonly name: string }>({
  label,
  order,
  mayMove,
  minWidth,
  heads,
  row,
  card,
}: {
  /** What it lists. */
  label: string;
  order: Order<T>;
  mayMove: boolean;
  /** In CSS pixels. */
  minWidth: number;
  /** Names of the columns behind the place. */
  heads: readonly string[];
  /** The cells behind the place. */
  row: (item: T) => ReactNode;
  /** All of it for a phone, with the place among it; without one the row is moved sideways there. */
  card?: (item: T, place: ReactNode) => ReactNode;
}) {
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<string>();
  const isNarrow = useMediaQuery('(max-width: 48em)');

  function placeOf(item: T, place: number): ReactNode {
    return (
      <Group gap={4} wrap="nowrap">
        {mayMove ? (
          <Box
            component="span"
            className="grip"
            draggable
            title="Drag to another place"
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', item.name);
              setDragged(item.id);
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
        {mayMove ? (
          <>
            <Arrow item={item} way="up" isLast={place === 0} move={() => order.move(item.id, place - 1)} />
            <Arrow
              item={item}
              way="down"
              isLast={place === order.items.length - 1}
              move={() => order.move(item.id, place + 1)}
            />
          </>
        ) : null}
      </Group>
    );
  }

  return (
    <>
      {order.problem === undefined ? null : <Problem text={order.problem} />}
      <VisuallyHidden role="status" aria-live="polite">
        {order.told}
      </VisuallyHidden>
      <ListTable
        label={label}
        minWidth={card && isNarrow ? 0 : minWidth}
        heads={card && isNarrow ? heads.slice(0, 1) : ['Place', ...heads]}
      >
        {order.items.map((item, place) => (
          <tr
            key={item.id}
            data-over={over === item.id && dragged !== item.id ? true : undefined}
            className="row-to-drop-on"
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(item.id);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined) order.move(dragged, place);
            }}
          >
            {card && isNarrow ? (
              <td>{card(item, placeOf(item, place))}</td>
            ) : (
              <>
                <td>{placeOf(item, place)}</td>
                {row(item)}
              </>
            )}
          </tr>
        ))}
      </ListTable>
    </>
  );
}

function Arrow({
  item,
  way,
  isLast,
  move,
}: {
  item: { readonly id: string; readonly name: string };
  way: 'up' | 'down';
  isLast: boolean;
  move: () => void;
}) {
  // Not disabled but idle at the end: the focus stays where it is.
  return (
    <ActionIcon
      variant="default"
      size="sm"
      aria-label={`${item.name}: ${way}`}
      aria-disabled={isLast}
      {...(isLast && { 'data-disabled': true })}
      data-move={`${item.id} ${way}`}
      onClick={() => {
        if (!isLast) move();
      }}
    >
      {way === 'up' ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />}
    </ActionIcon>
  );
}
