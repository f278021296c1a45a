import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { whole } from '../../ui/words.ts';
import { countsQuery, limitsQuery } from './api.ts';
import { Blocks } from './blocks.tsx';

export const route = createLazyRoute('/attack-protection')({ component: ProtectionPage });

function ProtectionPage() {
  return (
    <Page
      title="Attack protection"
      about="Guessing at passwords and codes is counted at every door, and stopped. It is always on."
    >
      <Part title="The last 24 hours">
        <Counts />
      </Part>
      <Part title="Blocked now">
        <Blocks />
      </Part>
      <Part title="The limits">
        <Limits />
      </Part>
    </Page>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

const names: Readonly<Record<string, string>> = {
  signed_in: 'Sign-ins',
  wrong_password: 'Wrong passwords',
  unknown_account: 'Unknown accounts',
  wrong_code: 'Wrong codes',
  wrong_factor: 'Wrong second factors',
  wrong_passkey: 'Wrong passkeys',
  blocked: 'Customers blocked',
  place_blocked: 'Places blocked',
  unblocked: 'Unblocked by mail',
  refresh_reused: 'Refresh tokens used twice',
  passkey_cloned: 'Passkeys that look copied',
};

function Counts() {
  const { data, error, refetch } = useQuery(countsQuery);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="What happened is being counted" />;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="xs">
      {data.counts.map(({ name, count }) => (
        <Card key={name} withBorder padding="xs">
          <Text size="xl" fw={650} className="numbers">
            {whole(count)}
          </Text>
          <Text size="sm" c="dimmed">
            {names[name] ?? name}
          </Text>
        </Card>
      ))}
    </SimpleGrid>
  );
}

function Limits() {
  const { data, error, refetch } = useQuery(limitsQuery);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Limits are being read" />;
  return (
    <table className="table">
      <thead>
        <tr>
          <th>What is counted</th>
          <th>At most</th>
          <th>Then shut for</th>
        </tr>
      </thead>
      <tbody>
        {data.map(({ name, about, most, window_seconds, block_seconds }) => (
          <tr key={name}>
            <td>{about}</td>
            <td>
              {most} in {span(window_seconds)}
            </td>
            <td>{block_seconds === undefined ? 'the rest of it' : span(block_seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** 86400: "1 day". */
function span(seconds: number): string {
  const [size, unit] =
    seconds % 86_400 === 0 ? [86_400, 'day'] : seconds % 3600 === 0 ? [3600, 'hour'] : [60, 'minute'];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
