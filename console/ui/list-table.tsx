import { Box } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useSideways } from './use-sideways.ts';

/** Rows under headings. Where the page is narrower than they are, they are moved sideways, by keys, too. */
export function ListTable({
  label,
  minWidth,
  heads,
  children,
}: {
  /** What it lists; read out where it is reached by keys. */
  label: string;
  /** In CSS pixels. */
  minWidth: number;
  /** Names of the columns, or their headings; the empty one stands above what can be done. */
  heads: readonly (string | ReactElement)[];
  children: ReactNode;
}) {
  const { area, isWider } = useSideways<HTMLDivElement>();
  return (
    // Keys stop at it only where there is something to be moved.
    <Box
      ref={area}
      className="sideways"
      {...(isWider && { tabIndex: 0, role: 'group', 'aria-label': `${label}, wider than the page` })}
    >
      <table className="table" aria-label={label} style={{ minWidth }}>
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
