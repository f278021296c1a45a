import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { brandNamesQuery } from '../../ui/brand-names.ts';
import { consentName } from '../../ui/consent-purposes.ts';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { type Consent, consentsQuery } from './api.ts';

const states = {
  given: { label: 'Yes', color: 'regulars' },
  withdrawn: { label: 'No', color: 'gray' },
  under_age: { label: 'Too young to be asked', color: 'gray' },
  pending: { label: 'Waits for the click in the mail', color: 'yellow' },
} as const;

/** What the customer allows, by brand. */
export function Consents({ id }: { id: string }) {
  const may = useMay();
  const { data, error, refetch } = useQuery(consentsQuery(id));
  const brands = useQuery({ ...brandNamesQuery, enabled: may('read:brands') });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Consents are being read" />;
  const nameOf = (brand: string | null) =>
    brand === null ? 'All brands' : (brands.data?.find((one) => one.id === brand)?.name ?? brand);
  const groups = Map.groupBy(data, ({ brand }) => brand);
  return (
    <Card withBorder padding="md" component="section" aria-label="Consents">
      <Title order={2} size="h5" mb="xs">
        Consents
      </Title>
      {data.length === 0 && (
        <Text size="sm" c="dimmed">
          The customer was not asked for anything yet.
        </Text>
      )}
      <Stack gap="sm">
        {[...groups].map(([brand, consents]) => (
          <div key={brand ?? ''}>
            <Text size="sm" fw={600}>
              {nameOf(brand)}
            </Text>
            {consents.map((consent) => (
              <Row key={`${consent.purpose} ${consent.topic}`} consent={consent} />
            ))}
          </div>
        ))}
      </Stack>
    </Card>
  );
}

function Row({ consent: { purpose, topic, state, version, at, wording } }: { consent: Consent }) {
  const { label, color } = states[state];
  return (
    <div>
      <Group gap="xs" justify="space-between" pt={4}>
        <Text size="sm" className="value" title={wording}>
          {consentName({ purpose, topic })}
        </Text>
        <Badge size="sm" color={color} variant="light" style={{ flexShrink: 0 }}>
          {label}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" className="value">
        {day(at)}, version {version}
      </Text>
    </div>
  );
}
