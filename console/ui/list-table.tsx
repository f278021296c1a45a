import { Table } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';

/** Rows under headings. Where the page is narrower than they are, they are moved sideways, by keys, too. */
export function ListTable({
  minWidth,
  heads,
  children,
}: {
  /** In CSS pixels. */
  minWidth: number;
  /** Names of the columns, or their headings; the empty one stands above what can be done. */
  heads: readonly (string | ReactElement)[];
  children: ReactNode;
}) {
  return (
    <Table.ScrollContainer minWidth={minWidth} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table highlightOnHover highlightOnHoverColor="var(--console-faint)" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) =>
              typeof head === 'string' ? (
                <Table.Th key={head}>{head || <span className="unseen">What can be done</span>}</Table.Th>
              ) : (
                head
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
