import { Avatar, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, useParams } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { customerQuery } from './api.ts';

export const route = createLazyRoute('/customers/$id')({ component: ProfilePage });

function ProfilePage() {
  const { id } = useParams({ from: '/customers/$id' });
  const { data: user, error, refetch } = useQuery(customerQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!user) return <Loading label="The profile is being read" />;
  const name = user.name ?? user.email ?? user.phone_number ?? user.user_id;
  return (
    <Page title={name}>
      <Group wrap="nowrap" align="flex-start">
        <Avatar name={name} color="initials" size={72} radius="xl" />
        <Stack gap={2}>
          <Text className="value">{user.email}</Text>
          <Text className="value">{user.phone_number}</Text>
        </Stack>
      </Group>
    </Page>
  );
}
