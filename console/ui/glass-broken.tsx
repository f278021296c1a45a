import { Alert, Anchor, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { rulesQuery } from './running-rules.ts';
import { useMay } from './session.ts';

/** Told wherever code is shown, while all of it is skipped: `on` and `deployed` are not all of the truth then. */
export function GlassBroken({
  back = <WhereTo />,
}: {
  /** The way back; without one it is told where that is. */
  back?: ReactNode;
}) {
  const { data } = useQuery({ ...rulesQuery, enabled: useMay()('read:rules') });
  if (!data?.skipped) return null;
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle />} title="No rule and no action runs">
      <Text size="sm">
        The glass is broken: customers sign in as if there were no rules and no actions. Nobody is refused by one, and
        what they add is missing in tokens.
      </Text>
      {back}
    </Alert>
  );
}

function WhereTo() {
  return (
    <Text size="sm">
      They are let run again on{' '}
      <Anchor component={Link} to="/rules" size="sm" c="inherit" underline="always">
        the page of rules
      </Anchor>
      .
    </Text>
  );
}
