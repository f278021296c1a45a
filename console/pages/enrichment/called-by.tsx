import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EnrichmentSource } from '../../../contract/enrichment.ts';
import { rulesQuery } from '../../ui/running-rules.ts';
import { useMay } from '../../ui/session.ts';

/** The rule of the library that calls a service, and whether it is on; where there is none, the way to it. */
export function CalledBy({ source: { id, name, days } }: { source: EnrichmentSource }) {
  const may = useMay();
  const { data } = useQuery({ ...rulesQuery, enabled: may('read:rules') });
  const rule = data?.rules.find(({ library }) => library === id);
  const called = days.length === 0 ? ' It was not called within the last 30 days.' : '';
  if (rule) {
    return (
      <Text size="sm" c="dimmed">
        Called by the rule{' '}
        <Anchor component={Link} size="sm" underline="always" to={`/rules/${rule.id}`}>
          {rule.name}
        </Anchor>
        {rule.enabled ? '.' : ', which is switched off.'}
        {called}
      </Text>
    );
  }
  if (!data) {
    return (
      <Text size="sm" c="dimmed">
        Called by the rule of the library of the same name, once that is switched on.{called}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      Not switched on: nothing calls it. Its rule is{' '}
      <Anchor component={Link} size="sm" underline="always" to={`/rules/library/${id}`}>
        {name} in the library
      </Anchor>
      .
    </Text>
  );
}
