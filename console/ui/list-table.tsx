import { Box } from '@mantine/core';
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
    <Box className="sideways" tabIndex={0}>
      <table className="table" style={{ minWidth }}>
        <thead>
          <tr>
            {heads.map((head) =>
              typeof head === 'string' ? (
                <th key={head}>{head || <span className="unseen">What can be done</span>}</th>
              ) : (
                head
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Box>
  );
}
