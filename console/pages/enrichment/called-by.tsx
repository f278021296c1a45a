import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EnrichmentSource } from '../../../contract/enrichment.ts';
import { purposeOf } from '../../ui/consent-purposes.ts';
import { ConsentStanding } from '../../ui/consent-standing.tsx';
import { libraryQuery } from '../../ui/rules-library.ts';
import { rulesQuery } from '../../ui/running-rules.ts';
import { useMay } from '../../ui/session.ts';

/** Whether customers are asked for the consent without which the rule of a service leaves them alone. */
export function ConsentOfSource({ source: { id } }: { source: EnrichmentSource }) {
  const may = useMay();
  const { data } = useQuery({ ...libraryQuery, enabled: may('read:rules') && may('read:consents') });
  const purpose = purposeOf(data?.find((rule) => rule.id === id)?.needs_consent ?? '')?.value;
  return purpose === undefined ? null : <ConsentStanding purpose={purpose} topic={null} />;
}

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
