import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Failed, Loading } from '../../ui/states.tsx';
import { whole } from '../../ui/words.ts';
import { audienceQuery } from './api.ts';

/** Who would be asked if they came again now: how many, and some of them. What is saved counts. */
export function AudiencePanel({ id }: { id: string }) {
  const [exact, setExact] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    ...audienceQuery(id, exact),
    placeholderData: keepPreviousData,
  });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Customers are being counted" />;
  return (
    <Stack gap="md">
      <Group gap="sm">
        <Text size="xl" fw={650} className="numbers" role="status">
          {data.is_estimate ? 'About ' : ''}
          {whole(data.count)} {data.count === 1 ? 'customer' : 'customers'}
        </Text>
        {data.is_estimate ? (
          <Button size="xs" variant="default" loading={isFetching} onClick={() => setExact(true)}>
            Count exactly
          </Button>
        ) : (
          <Button size="xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
            Count again
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" maw={640}>
        They would be asked if they came again now in the way they came last: at that portal, on that device, at that
        hour. Questions that stand before this one in the order are not looked at.
      </Text>
      {data.examples.length > 0 ? (
        <section>
          <Title order={2} size="h5" mb="xs">
            Some of them
          </Title>
          <Stack gap={4}>
            {data.examples.map((user) => (
              <Anchor
                key={user.user_id}
                component={Link}
                to={`/customers/${encodeURIComponent(String(user.user_id))}`}
                className="value"
              >
                {String(user.name || user.email || user.user_id)}
              </Anchor>
            ))}
          </Stack>
        </section>
      ) : null}
    </Stack>
  );
}
