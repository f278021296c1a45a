import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Block } from '../../../contract/attack-protection.ts';
import { Ask } from '../../ui/ask.tsx';
import type { Column } from '../../ui/csv.ts';
import { ExportAll } from '../../ui/export-all.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { useMay } from '../../ui/session.ts';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { moment } from '../../ui/words.ts';
import { blocksFrom, blocksQuery, lift, limitsQuery } from './api.ts';

const columns: readonly Column<Block>[] = [
  { name: 'Customer', of: (block) => block.user_id },
  { name: 'Staff', of: (block) => block.staff?.name },
  { name: 'From', of: (block) => block.ip },
  { name: 'Limit', of: (block) => block.limit },
  { name: 'Failures', of: (block) => block.failures },
  { name: 'Until', of: (block) => block.until },
];

/** Who is shut out now, and letting them in again. */
export function Blocks() {
  const found = useInfiniteQuery(blocksQuery);
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Block>();
  const blocks = found.data?.pages.flatMap((page) => page.blocks) ?? [];
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <Loading label="Blocks are being read" />;
  if (blocks.length === 0)
    return <Empty title="Nobody is blocked">Whoever guesses too often is shown here until the block ends.</Empty>;
  return (
    <Stack gap="xs" align="stretch">
      <BlockTable blocks={blocks} ask={setAsked} />
      <MoreButton list={found} />
      <div>
        <ExportAll name="blocks" columns={columns} read={blocksFrom} disabled={false} />
      </div>
      {asked ? (
        <Ask
          title="Let them in again?"
          yes="Unblock"
          close={() => setAsked(undefined)}
          act={async () => {
            await lift(asked.id);
            tell({ message: 'Unblocked. What was counted is forgotten.' });
            await queryClient.invalidateQueries({ queryKey: ['blocks'] });
          }}
        >
          The {asked.failures} failures are forgotten, and whoever was guessing can guess anew. Do this when you know
          who it was.
        </Ask>
      ) : null}
    </Stack>
  );
}

function BlockTable({ blocks, ask }: { blocks: readonly Block[]; ask: (block: Block) => void }) {
  const may = useMay();
  const { data: limits } = useQuery(limitsQuery);
  return (
    <ListTable
      label="Blocks"
      minWidth={640}
      heads={[
        'Whose door',
        'From',
        <th key="failures" className="at-end">
          Failures
        </th>,
        'Until',
        '',
      ]}
    >
      {blocks.map((block) => (
        <tr key={block.id}>
          <td>
            <Whose block={block} />
            <Text size="xs" c="dimmed">
              {limits?.find(({ name }) => name === block.limit)?.about ?? block.limit}
            </Text>
          </td>
          <td className="unbroken">{block.ip ?? 'anywhere'}</td>
          <td className="numbers at-end">{block.failures}</td>
          <td>{moment(block.until)}</td>
          <td>
            {may('update:attack_protection') ? (
              <Button size="xs" variant="default" onClick={() => ask(block)}>
                Unblock
              </Button>
            ) : null}
          </td>
        </tr>
      ))}
    </ListTable>
  );
}

function Whose({ block: { user_id, staff, limit } }: { block: Block }) {
  if (user_id)
    return (
      <Anchor component={Link} to={`/customers/${encodeURIComponent(user_id)}`} size="sm" className="value">
        {user_id}
      </Anchor>
    );
  if (staff) return <span className="value">{staff.name} (staff)</span>;
  return <span>{limit === 'ip_failures' ? 'Every door' : 'An address without an account'}</span>;
}
