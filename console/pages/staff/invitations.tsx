import { Button, Group, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import type { Column } from '../../ui/csv.ts';
import { ExportButton } from '../../ui/export-button.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { day } from '../../ui/words.ts';
import { invitationsQuery, revokeInvitation, rolesQuery, type StaffInvitation } from './api.ts';

function columnsOf(nameOf: (role: string) => string): readonly Column<StaffInvitation>[] {
  return [
    { name: 'E-mail address', of: (invitation) => invitation.email },
    { name: 'Roles', of: (invitation) => invitation.roles.map(nameOf).join(', ') },
    { name: 'Good until', of: (invitation) => invitation.expires_at },
  ];
}

/** Who was invited and has not come yet. */
export function Invitations() {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(invitationsQuery);
  const { data: roles = [] } = useQuery({ ...rolesQuery, enabled: may('read:staff_roles') });
  const [asked, setAsked] = useState<StaffInvitation>();
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading label="Invitations are being read" />;
  if (data.length === 0) return null;
  const nameOf = (id: string) => roles.find((role) => role.id === id)?.name ?? '?';
  return (
    <section aria-label="Invited">
      <Title order={2} size="h5" mb="xs">
        Invited
      </Title>
      <ListTable label="Invited" minWidth={480} heads={['E-mail address', 'Roles', 'Good until', '']}>
        {data.map((invitation) => (
          <tr key={invitation.id}>
            <td className="value">{invitation.email}</td>
            <td>{invitation.roles.map(nameOf).join(', ')}</td>
            <td>{day(invitation.expires_at)}</td>
            <td className="at-end">
              {may('delete:staff_invitations') && (
                <Button size="compact-xs" variant="default" onClick={() => setAsked(invitation)}>
                  Take back
                </Button>
              )}
            </td>
          </tr>
        ))}
      </ListTable>
      <Group mt="xs">
        <ExportButton name="invitations" columns={columnsOf(nameOf)} rows={data} />
      </Group>
      {asked && (
        <Ask
          title="Take the invitation back?"
          yes="Take it back"
          close={() => setAsked(undefined)}
          act={async () => {
            await revokeInvitation(asked.id);
            await queryClient.invalidateQueries({ queryKey: ['staff-invitations'] });
          }}
        >
          The link in the mail to {asked.email} will open nothing any more. You can invite them again.
        </Ask>
      )}
    </section>
  );
}
