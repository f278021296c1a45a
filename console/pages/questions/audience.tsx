import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { refusalOf } from '../../ui/refusal.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { whole } from '../../ui/words.ts';
import { audienceQuery } from './api.ts';

/** Who would be asked if they came again now: how many, and some of them. What is saved counts. */
export function AudiencePanel({ id }: { id: string }) {
  const [wantsExact, setWantsExact] = useState(false);
  const { data: first, error, refetch, isFetching } = useQuery(audienceQuery(id, false));
  const exact = useQuery({ ...audienceQuery(id, true), enabled: wantsExact, retry: false });
  const data = exact.data ? { ...exact.data, examples: first?.examples ?? exact.data.examples } : first;
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
          <Button
            size="xs"
            variant="default"
            loading={exact.isFetching}
            onClick={() => (wantsExact ? void exact.refetch() : setWantsExact(true))}
          >
            Count exactly
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            loading={isFetching || exact.isFetching}
            onClick={() => void (exact.data ? exact.refetch() : refetch())}
          >
            Count again
          </Button>
        )}
      </Group>
      {exact.error && !exact.data ? (
        <Text size="sm" role="alert">
          They could not be counted one by one: {refusalOf(exact.error).text} The estimate stands.
        </Text>
      ) : null}
      <Text size="sm" c="dimmed" maw={640}>
        They would be asked if they came again now in the way they came last: at that portal, on that device, at that
        hour. The number of the sign-in is that of the next one. Who is held out is not among them; questions that stand
        before this one in the order are not looked at.
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
