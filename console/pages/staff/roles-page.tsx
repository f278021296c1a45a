import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router';
import type { Column } from '../../ui/csv.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ExportButton } from '../../ui/export-button.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { rolesQuery, type StaffRole } from './api.ts';
import { RoleForm } from './role-form.tsx';

export const route = createLazyRoute('/staff-roles')({ component: RolesPage });

const columns: readonly Column<StaffRole>[] = [
  { name: 'Role', of: (role) => role.name },
  { name: 'About', of: (role) => role.description },
  { name: 'Sees', of: (role) => role.attributes.read.join(', ') },
  { name: 'Changes', of: (role) => role.attributes.write.join(', ') },
  { name: 'May', of: (role) => role.scopes.join(', ') },
  { name: 'Some brands', of: (role) => role.brands !== null },
];

function RolesPage() {
  const may = useMay();
  const navigate = useNavigate();
  const { data: roles, error, refetch } = useQuery(rolesQuery);
  const [making, { open, close }] = useDisclosure();
  return (
    <Page
      title="Roles"
      about="What somebody may do, and which attributes of customers they see and change. A change counts from the next request on."
      actions={
        <>
          <ExportButton name="roles" columns={columns} rows={roles ?? []} />
          {may('create:staff_roles') ? <Button onClick={open}>New role</Button> : null}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!roles && !error ? <Loading label="Roles are being read" /> : null}
      <ListTable label="Roles" minWidth={560} heads={['Role', 'Sees', 'Changes']}>
        {roles?.map(({ id, name, description, ready, attributes, brands }) => (
          <tr key={id}>
            <td>
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
            </td>
            <td className="value">{attributes.read.join(', ') || 'nothing'}</td>
            <td className="value">{attributes.write.join(', ') || 'nothing'}</td>
          </tr>
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
