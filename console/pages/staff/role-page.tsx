import { Button, Card } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { Page } from '../../ui/page.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import { removeRole, roleQuery } from './api.ts';
import { RoleForm } from './role-form.tsx';

export const route = createLazyRoute('/staff-roles/$id')({ component: RolePage });

function RolePage() {
  const { id } = useParams({ from: '/staff-roles/$id' });
  const may = useMay();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: role, error, refetch } = useQuery(roleQuery(id));
  const [isRemoving, setRemoving] = useState(false);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!role) return <Loading label="The role is being read" />;
  const isFixed = role.ready === 'administrator';
  return (
    <Page
      title={role.name}
      about={isFixed ? 'This role may do everything, and stays as it is.' : role.description}
      actions={
        may('delete:staff_roles') && role.ready === null ? (
          <Button variant="default" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        ) : null
      }
    >
      <Card withBorder padding="md" maw={720}>
        <RoleForm
          key={role.version}
          role={role}
          disabled={isFixed || !may('update:staff_roles')}
          done={() => tell({ message: 'Saved. It counts from the next request on.' })}
        />
      </Card>
      {isRemoving && (
        <Ask
          title={`Remove the role ${role.name}?`}
          yes="Remove it"
          close={() => setRemoving(false)}
          act={async () => {
            await removeRole(role.id);
            await queryClient.invalidateQueries({ queryKey: ['staff-roles'] });
            await navigate({ to: '/staff-roles' });
          }}
        >
          It is gone for good. Nobody may have it: give those who do another one first.
        </Ask>
      )}
    </Page>
  );
}
