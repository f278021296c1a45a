import { Badge, Button, Card, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createLazyRoute, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useForm } from '../../ui/form.ts';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useMay, useSession } from '../../ui/session.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { moment } from '../../ui/words.ts';
import { changeMember, memberQuery, removeMember, type StaffMember } from './api.ts';
import { BrandPick, RolePick, StorePick } from './picks.tsx';
import { Sessions } from './sessions.tsx';

export const route = createLazyRoute('/staff/$id')({ component: MemberPage });

function MemberPage() {
  const { id } = useParams({ from: '/staff/$id' });
  const { data: member, error, refetch } = useQuery(memberQuery(id));
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!member) return <Loading label="Who this is, is being read" />;
  return <Member key={member.version} member={member} />;
}

type Values = {
  name: string;
  email: string;
  roles: string[];
  brands: string[] | null;
  stores: string[];
  blocked: boolean;
};

function valuesOf({ name, email, roles, brands, stores, blocked }: StaffMember): Values {
  return { name, email, roles: roles.map(({ id }) => id), brands, stores, blocked };
}

function Member({ member }: { member: StaffMember }) {
  const may = useMay();
  const me = useSession();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm(valuesOf(member));
  const [isRemoving, setRemoving] = useState(false);
  const { values } = form;
  const disabled = !may('update:staff');
  const reload = () => void queryClient.invalidateQueries({ queryKey: ['staff'] });
  const save = (overwrite: boolean) =>
    void form
      .save(() => changeMember(member.id, { ...form.changes, ...(!overwrite && { if_version: member.version }) }))
      .then((isSaved) => isSaved && reload());
  return (
    <Page
      title={member.name}
      about={`Here since ${moment(member.created_at)}, last seen ${moment(member.last_seen_at) ?? 'never'}.`}
      actions={
        may('delete:staff') && member.id !== me.id ? (
          <Button variant="default" onClick={() => setRemoving(true)}>
            Remove
          </Button>
        ) : null
      }
    >
      <Card withBorder padding="md" maw={640}>
        <form noValidate onSubmit={(event) => event.preventDefault()}>
          <Stack gap="md">
            <Group gap="xs">
              <Badge color={member.second_factor ? 'regulars' : 'yellow'} variant="light">
                {member.second_factor ? 'Has a second factor' : 'No second factor yet'}
              </Badge>
            </Group>
            <TextInput
              label="Name"
              required
              disabled={disabled}
              value={values.name}
              error={form.error('name')}
              onChange={(event) => form.set('name', event.currentTarget.value)}
            />
            <TextInput
              label="E-mail address"
              type="email"
              required
              disabled={disabled}
              value={values.email}
              error={form.error('email')}
              onChange={(event) => form.set('email', event.currentTarget.value)}
            />
            <RolePick
              value={values.roles}
              set={(ids) => form.set('roles', ids)}
              error={form.error('roles')}
              disabled={disabled}
            />
            <BrandPick
              value={values.brands}
              set={(ids) => form.set('brands', ids)}
              error={form.error('brands')}
              disabled={disabled}
            />
            <StorePick
              value={values.stores}
              set={(ids) => form.set('stores', ids)}
              error={form.error('stores')}
              disabled={disabled}
            />
            <Switch
              label="Blocked"
              description="Their sessions end at once, and they cannot sign in."
              disabled={disabled || member.id === me.id}
              checked={values.blocked}
              error={form.error('blocked')}
              onChange={(event) => form.set('blocked', event.currentTarget.checked)}
            />
            {!disabled && <SaveBar form={form} save={save} reload={reload} />}
          </Stack>
        </form>
      </Card>
      <Sessions id={member.id} />
      {isRemoving && (
        <Ask
          title={`Remove ${member.name}?`}
          yes="Remove them"
          typed={member.email}
          close={() => setRemoving(false)}
          act={async () => {
            await removeMember(member.id);
            await queryClient.invalidateQueries({ queryKey: ['staff'] });
            await navigate({ to: '/staff' });
          }}
        >
          <Text size="sm">
            Their sessions end at once and they cannot come back unless they are invited anew. What they did stays in
            the audit log.
          </Text>
        </Ask>
      )}
    </Page>
  );
}
