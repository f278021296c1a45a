import { Alert, Button, Menu, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconLifebuoy } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { useMay } from '../../ui/session.ts';
import { Failed, wordsOf } from '../../ui/states.tsx';
import type { User } from './api.ts';
import { blocksQuery, mailAddressChange, mailVerification, setBlocked, unblock } from './people-api.ts';

type Question = 'block' | 'email';

/** What helps a customer who cannot get in. */
export function Support({ user }: { user: User }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Question>();
  const id = user.user_id;
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id] });
  const mail = useMutation({
    mutationFn: () => mailVerification(id),
    onSuccess: () => notifications.show({ message: `A link that proves the address is on its way to ${user.email}.` }),
    onError: (error) => notifications.show({ color: 'red', ...messageOf(error) }),
  });
  const allow = useMutation({
    mutationFn: () => setBlocked(id, false),
    onSuccess: reload,
    onError: (error) => notifications.show({ color: 'red', ...messageOf(error) }),
  });
  const mayChange = may('update:users');
  const isUnproven = user.email !== undefined && !user.email_verified;
  const mayMail = isUnproven && (mayChange || may('create:verification_emails'));
  const hasAccount = user.identities?.some(({ provider }) => provider === 'auth0');
  const mayReaddress = hasAccount && user.email && !user.blocked && may('create:user_address_changes');
  if (!mayChange && !mayMail && !mayReaddress) return null;
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconLifebuoy size={14} aria-hidden />}
            rightSection={<IconChevronDown size={12} aria-hidden />}
          >
            Help
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayMail && <Menu.Item onClick={() => mail.mutate()}>Mail the verification again</Menu.Item>}
          {mayReaddress && <Menu.Item onClick={() => setAsked('email')}>Another e-mail address…</Menu.Item>}
          {!mayChange ? null : user.blocked ? (
            <Menu.Item onClick={() => allow.mutate()}>Let them sign in again</Menu.Item>
          ) : (
            <Menu.Item color="red" onClick={() => setAsked('block')}>
              Block…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === 'block' && (
        <Ask
          title="Block this customer?"
          yes="Block them"
          close={() => setAsked(undefined)}
          act={async () => {
            await setBlocked(id, true);
            await reload();
          }}
        >
          They are signed out everywhere at once and cannot sign in at any brand until somebody lets them.
        </Ask>
      )}
      {asked === 'email' && <AnotherAddress user={user} close={() => setAsked(undefined)} />}
    </>
  );
}

function AnotherAddress({ user, close }: { user: User; close: () => void }) {
  const [email, setTyped] = useState('');
  return (
    <Ask
      title="Another e-mail address"
      yes="Mail the link"
      close={close}
      act={async () => {
        const sent = await mailAddressChange(user.user_id, email.trim());
        notifications.show({ message: `A link is on its way to ${sent.email}. The address changes once it is used.` });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          Make sure that you speak with the customer: whoever reads the new mailbox can then sign in. A link that works
          for an hour is mailed there, and the address changes once it is used. {user.email} is told at once.
        </Text>
        <TextInput
          label="E-mail address"
          type="email"
          required
          data-autofocus
          maxLength={320}
          value={email}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </Stack>
    </Ask>
  );
}

/** That the customer is kept out after too many failures, and the way to let them in. */
export function Blocks({ id }: { id: string }) {
  const may = useMay();
  const queryClient = useQueryClient();
  const { data = [], error, refetch } = useQuery(blocksQuery(id));
  const lift = useMutation({
    mutationFn: () => unblock(id),
    onError: (failure) => notifications.show({ color: 'red', ...messageOf(failure) }),
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

function messageOf(error: unknown): { title: string; message: string } {
  const { title, text } = wordsOf(error);
  return { title, message: text };
}
