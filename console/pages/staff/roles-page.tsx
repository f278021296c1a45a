import { Anchor, Badge, Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router';
import { Dialog } from '../../ui/dialog.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { rolesQuery } from './api.ts';
import { RoleForm } from './role-form.tsx';

export const route = createLazyRoute('/staff-roles')({ component: RolesPage });

function RolesPage() {
  const may = useMay();
  const navigate = useNavigate();
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const [making, { open, close }] = useDisclosure();
  return (
    <Page
      title="Roles"
      about="What somebody may do, and which attributes of customers they see and change. A change counts from the next request on."
      actions={may('create:staff_roles') ? <Button onClick={open}>New role</Button> : null}
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!roles && !error ? <Loading label="Roles are being read" /> : null}
      <ListTable minWidth={560} heads={['Role', 'Sees', 'Changes']}>
        {roles?.map(({ id, name, description, ready, attributes, brands }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Group gap="xs">
                <Anchor component={Link} to={`/staff-roles/${id}`} size="sm">
                  {name}
                </Anchor>
                {ready && (
                  <Badge color="gray" variant="light">
                    ready
                  </Badge>
                )}
                {brands && (
                  <Badge color="blue" variant="light">
                    some brands
                  </Badge>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {description}
              </Text>
            </Table.Td>
            <Table.Td className="value">{attributes.read.join(', ') || 'nothing'}</Table.Td>
            <Table.Td className="value">{attributes.write.join(', ') || 'nothing'}</Table.Td>
          </Table.Tr>
        ))}
      </ListTable>
      {making && (
        <Dialog title="New role" close={close} size="lg">
          <RoleForm done={({ id }) => void navigate({ to: '/staff-roles/$id', params: { id } })} />
        </Dialog>
      )}
    </Page>
  );
}
