import { Anchor, Badge, Group, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { ListTable } from '../../ui/list-table.tsx';
import type { User } from './api.ts';
import type { Column } from './columns.ts';
import { nameOf } from './names.ts';

const customer: Column = { id: 'name', label: 'Customer', text: nameOf, sort: 'name' };

/** Customers in rows; the name leads to the profile. */
export function CustomerTable({
  users,
  columns,
  sort,
  onSort,
}: {
  users: readonly User[];
  columns: readonly Column[];
  /** `created_at:-1`; none where the order is that of a search. */
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}) {
  return (
    <ListTable
      label="Customers"
      minWidth={640}
      heads={[customer, ...columns].map((column) => (
        <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
      ))}
    >
      {users.map((user) => (
        <tr key={user.user_id}>
          <td>
            <Group gap="xs" wrap="nowrap">
              <Anchor component={Link} to={`/customers/${encodeURIComponent(user.user_id)}`} size="sm" className="cell">
                {nameOf(user)}
              </Anchor>
              {user.blocked && (
                <Badge color="red" size="sm" variant="light">
                  Blocked
                </Badge>
              )}
            </Group>
          </td>
          {columns.map(({ id, text, numbers }) => (
            <td key={id} className={numbers ? 'numbers at-end' : 'cell'}>
              {text(user)}
            </td>
          ))}
        </tr>
      ))}
    </ListTable>
  );
}

function Heading({
  column: { label, numbers, sort: by, newestFirst = false },
  sort,
  onSort,
}: {
  column: Column;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}) {
  const [sorted, direction] = sort?.split(':') ?? [];
  const isSorted = by !== undefined && sorted === by;
  const isDescending = direction === '-1';
  const next = isSorted ? !isDescending : newestFirst;
  const order = isDescending ? 'descending' : 'ascending';
  return (
    <th className={numbers ? 'at-end' : undefined} aria-sort={isSorted ? order : undefined}>
      {by && onSort ? (
        <UnstyledButton fz="sm" fw={700} onClick={() => onSort(`${by}:${next ? '-1' : '1'}`)}>
          {label} {isSorted && (isDescending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
        </UnstyledButton>
      ) : (
        label
      )}
    </th>
  );
}
