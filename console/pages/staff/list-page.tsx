import { Anchor, Badge, Button, Group, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import type { Column } from '../../ui/csv.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ExportButton } from '../../ui/export-button.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { type StaffMember, staffQuery } from './api.ts';
import { Invitations } from './invitations.tsx';
import { Invite } from './invite.tsx';

export const route = createLazyRoute('/staff')({ component: StaffPage });

const columns: readonly Column<StaffMember>[] = [
  { name: 'Name', of: ({ name }) => name },
  { name: 'E-mail address', of: ({ email }) => email },
  { name: 'Roles', of: ({ roles }) => roles.map(({ name }) => name).join(', ') },
  { name: 'Second factor', of: ({ second_factor }) => second_factor },
  { name: 'Last here', of: ({ last_seen_at }) => last_seen_at },
];

function StaffPage() {
  const may = useMay();
  const { data: staff, error, refetch } = useQuery(staffQuery);
  const [inviting, { open, close }] = useDisclosure();
  return (
    <Page
      title="Staff"
      about="Who works with customers here, and what each of them may see."
      actions={
        <>
          <ExportButton name="staff" columns={columns} rows={staff ?? []} />
          {may('create:staff_invitations') && <Button onClick={open}>Invite somebody</Button>}
        </>
      }
    >
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {!staff && !error ? <Loading label="The staff are being read" /> : null}
      {staff ? <Members staff={staff} /> : null}
      {may('read:staff_invitations') && <Invitations />}
      {inviting && (
        <Dialog title="Invite somebody" close={close}>
          <Invite done={close} />
        </Dialog>
      )}
    </Page>
  );
}

function Members({ staff }: { staff: readonly StaffMember[] }) {
  return (
    <section aria-label="Who is here">
      <Title order={2} size="h5" mb="xs">
        Who is here
      </Title>
      <ListTable label="Who is here" minWidth={560} heads={['Name', 'Roles', 'Second factor', 'Last here']}>
        {staff.map(({ id, name, email, roles, blocked, second_factor, last_seen_at }) => (
          <tr key={id}>
            <td>
              <Group gap="xs">
                <Anchor component={Link} to={`/staff/${id}`} size="sm" className="value">
                  {name}
                </Anchor>
                {blocked && <Badge color="red.9">Blocked</Badge>}
              </Group>
              <Text size="xs" c="dimmed" className="value">
                {email}
              </Text>
            </td>
            <td>{roles.map((role) => role.name).join(', ')}</td>
            <td>{second_factor ? 'Yes' : 'Not yet'}</td>
            <td>{moment(last_seen_at) ?? 'never'}</td>
          </tr>
        ))}
      </ListTable>
    </section>
  );
}
