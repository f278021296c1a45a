import { Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../../../ui/session.ts';
import { Empty, Failed, Loading } from '../../../ui/states.tsx';
import { connectionsQuery, offer, offeredQuery } from '../connections/api.ts';
import { strategyOf } from '../connections/strategies.ts';
import { Offers } from '../offers.tsx';

/** Which connections a portal offers. */
export function WaysPanel({ portal }: { portal: string }) {
  const all = useQuery(connectionsQuery);
  const offered = useQuery(offeredQuery(portal));
  const queryClient = useQueryClient();
  const may = useMay();
  const error = all.error ?? offered.error;
  if (error) return <Failed error={error} retry={() => void Promise.all([all.refetch(), offered.refetch()])} />;
  if (!all.data || !offered.data) return <Loading label="Connections are being read" />;
  if (all.data.length === 0)
    return <Empty title="No connection yet">Make one first, under Connections: passwords, or a network.</Empty>;
  const on = new Set(offered.data.map(({ id }) => id));
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        What customers find on this portal’s sign-in page. A change counts at once.
      </Text>
      <Offers
        disabled={!may('update:connections')}
        lines={all.data.map(({ id, name, strategy, display_name }) => ({
          id,
          label: display_name,
          about: `${strategyOf(strategy).label} · ${name}`,
          isOn: on.has(id),
        }))}
        set={async (id, isOn) => {
          await offer(id, portal, isOn);
          await queryClient.invalidateQueries({ queryKey: ['connections-of', portal] });
        }}
      />
    </Stack>
  );
}
