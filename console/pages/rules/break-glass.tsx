import { Box, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { GlassBroken } from '../../ui/glass-broken.tsx';
import { type RunningRules, rulesQuery } from '../../ui/running-rules.ts';
import { useMayWriteCode } from '../../ui/session.ts';
import { useFocusInPlace } from '../../ui/use-focus-in-place.ts';
import { changeAll } from './api.ts';

/** The way out when rules keep everybody out: all of them are skipped, at once. */
export function BreakGlass({ running }: { running: RunningRules }) {
  const [asks, setAsks] = useState(false);
  const queryClient = useQueryClient();
  const mayChange = useMayWriteCode()('update:rules');
  const kept = useFocusInPlace<HTMLDivElement>(asks);
  const { skipped } = running;
  if (!mayChange) return <GlassBroken back={null} />;
  const set = async (isSkipped: boolean) => {
    await changeAll({ skipped: isSkipped });
    await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
  };
  const button = (
    <Button variant="default" size="xs" onClick={() => setAsks(true)}>
      {skipped ? 'Let rules run again' : 'Skip all rules'}
    </Button>
  );
  return (
    <>
      <div {...kept}>
        {skipped ? (
          <GlassBroken back={<Box mt="sm">{button}</Box>} />
        ) : (
          <Group justify="flex-end" gap="xs">
            <Text size="sm" c="dimmed">
              Does a rule keep everybody out?
            </Text>
            {button}
          </Group>
        )}
      </div>
      {asks ? (
        <Ask
          title={skipped ? 'Let rules run again?' : 'Skip all rules?'}
          yes={skipped ? 'Let them run' : 'Skip all rules'}
          close={() => setAsks(false)}
          act={() => set(!skipped)}
        >
          {skipped
            ? 'From the next sign-in on every rule that is switched on and every action runs again, and those that refuse do refuse.'
            : 'From the next sign-in on no rule and no action runs, at any portal and any trigger. Those that keep somebody out, ask for a second factor or add claims do nothing until you let them run again.'}
        </Ask>
      ) : null}
    </>
  );
}
