import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconLifebuoy } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy } from 'react';
import { OnDemand } from '../../ui/on-demand.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, wordsOf } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import type { User } from './api.ts';
import { blocksQuery, unblock } from './people-api.ts';

const SupportMenu = lazy(() => import('./support-menu.tsx').then((part) => ({ default: part.SupportMenu })));

/** What helps a customer who cannot get in. */
export function Support({ user }: { user: User }) {
  const may = useMay();
  const mayChange = may('update:users');
  const isUnproven = user.email !== undefined && !user.email_verified;
  const mayMail = isUnproven && (mayChange || may('create:verification_emails'));
  const hasAccount = user.identities?.some(({ provider }) => provider === 'auth0') ?? false;
  const hasAddress = hasAccount && user.email !== undefined && user.email !== '' && !user.blocked;
  const mayReaddress = hasAddress && may('create:user_address_changes');
  if (!mayChange && !mayMail && !mayReaddress) return null;
  return (
    <OnDemand label="Help" icon={<IconLifebuoy size={14} aria-hidden />}>
      <SupportMenu user={user} help={{ mayMail, mayReaddress, mayChange }} />
    </OnDemand>
  );
}

/** That the customer is kept out after too many failures, and the way to let them in. */
export function Blocks({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data = [], error, refetch } = useQuery(blocksQuery(id));
  const lift = useMutation({
    mutationFn: () => unblock(id),
    onError(failure) {
      const { title, text } = wordsOf(failure);
      tell({ color: 'red', title, message: text });
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['customer', id, 'blocks'] }),
  });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (data.length === 0) return null;
  // Who may not see addresses is told that there is a block, and not from where.
  const places = [...new Set(data.map(({ ip }) => ip))].filter((ip) => ip !== '');
  return (
    <Alert color="orange" variant="light" title="Kept out after too many failures">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {places.length > 0 ? `From ${places.join(', ')}. ` : ''}It may be the customer, or somebody who guesses.
        </Text>
        {(may('update:users') || may('delete:user_blocks')) && (
          <Button size="compact-xs" variant="default" loading={lift.isPending} onClick={() => lift.mutate()}>
            Let them try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
