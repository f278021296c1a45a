import { Button, Menu, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconLifebuoy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ask } from '../../ui/ask.tsx';
import { wordsOf } from '../../ui/states.tsx';
import { tell } from '../../ui/tell.ts';
import type { User } from './api.ts';
import { mailAddressChange, mailVerification, setBlocked } from './people-api.ts';

type Question = 'block' | 'email';

/** What somebody may do for a customer who cannot get in. */
export type Help = { readonly mayMail: boolean; readonly mayReaddress: boolean; readonly mayChange: boolean };

/** The ways to help a customer. Open when it comes. */
export function SupportMenu({ user, help: { mayMail, mayReaddress, mayChange } }: { user: User; help: Help }) {
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Question>();
  const id = user.user_id;
  const reload = () => queryClient.invalidateQueries({ queryKey: ['customer', id] });
  const mail = useMutation({
    mutationFn: () => mailVerification(id),
    onSuccess: () => tell({ message: `A link that proves the address is on its way to ${user.email}.` }),
    onError: (error) => tell({ color: 'red', ...messageOf(error) }),
  });
  const allow = useMutation({
    mutationFn: () => setBlocked(id, false),
    onSuccess: reload,
    onError: (error) => tell({ color: 'red', ...messageOf(error) }),
  });
  return (
    <>
      <Menu position="bottom-end" width={260} defaultOpened>
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
        tell({ message: `A link is on its way to ${sent.email}. The address changes once it is used.` });
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

function messageOf(error: unknown): { title: string; message: string } {
  const { title, text } = wordsOf(error);
  return { title, message: text };
}
