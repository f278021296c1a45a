import { Anchor, Badge, Button, Group, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { Empty, Failed, Loading } from '../../ui/states.tsx';
import { day, whole } from '../../ui/words.ts';
import { customersQuery, type User } from './api.ts';

export const route = createLazyRoute('/customers')({ component: ListPage });

function ListPage() {
  const { search: asked = '', sort } = useSearch({ from: '/customers' });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(asked);
  const [settled] = useDebouncedValue(typed.trim(), 150);
  useEffect(() => {
    void navigate({
      to: '/customers',
      search: { ...(settled && { search: settled }), ...(sort && { sort }) },
      replace: true,
    });
  }, [settled, sort, navigate]);
  const found = useInfiniteQuery({ ...customersQuery(settled, sort), placeholderData: keepPreviousData });
  const users = found.data?.pages.flatMap((page) => page.users) ?? [];
  const total = found.data?.pages[0]?.total;
  return (
    <Page title="Customers" about={total === undefined ? undefined : `About ${whole(total)} in all.`}>
      <TextInput
        data-search
        type="search"
        size="md"
        aria-label="Search customers"
        placeholder="Name, e-mail address, phone number or id"
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={
          <Text size="xs" c="dimmed">
            /
          </Text>
        }
        value={typed}
        maxLength={200}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setTyped('')}
      />
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Loading label="Customers are being looked up" /> : null}
      {found.isSuccess && users.length === 0 ? <Nobody search={settled} /> : null}
      {users.length > 0 ? <Customers users={users} /> : null}
      {found.hasNextPage ? (
        <Group justify="center">
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      ) : null}
    </Page>
  );
}

function Nobody({ search }: { search: string }) {
  if (search)
    return (
      <Empty title="Nobody found">
        No customer has “{search}” in the name, the beginning of an address, the phone number or an id.
      </Empty>
    );
  return (
    <Empty title="No customers yet">
      Everybody who signs in at one of your portals is here from that moment on, with what they told you and where it
      comes from.
    </Empty>
  );
}

function Customers({ users }: { users: readonly User[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Customer</Table.Th>
            <Table.Th>E-mail address</Table.Th>
            <Table.Th>Last here</Table.Th>
            <Table.Th ta="right">Sign-ins</Table.Th>
            <Table.Th>Since</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.user_id}>
              <Table.Td>
                <Group gap="xs" wrap="nowrap">
                  <Anchor component={Link} to={`/customers/${encodeURIComponent(user.user_id)}`} className="value">
                    {user.name ?? user.email ?? user.phone_number ?? user.user_id}
                  </Anchor>
                  {user.blocked ? (
                    <Badge color="red" size="sm" variant="light">
                      Blocked
                    </Badge>
                  ) : null}
                </Group>
              </Table.Td>
              <Table.Td className="value">{user.email ?? '–'}</Table.Td>
              <Table.Td>{day(user.last_login) ?? 'never'}</Table.Td>
              <Table.Td ta="right" className="numbers">
                {whole(user.logins_count ?? 0)}
              </Table.Td>
              <Table.Td>{day(user.created_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
