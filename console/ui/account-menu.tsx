import { ActionIcon, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSession } from './session.ts';
import { signOut } from './sign-out.ts';
import { wordsOf } from './states.tsx';
import { tell } from './tell.ts';

/** Who is signed in, and the way out. Open when it comes. */
export function AccountMenu({ label, face }: { label: string; face: ReactNode }) {
  const { name, email, roles, sign_out } = useSession();
  const leave = useMutation({
    mutationFn: () => signOut(sign_out),
    onError(error) {
      const { title, text } = wordsOf(error);
      tell({ color: 'red', title, message: text });
    },
  });
  return (
    <Menu position="bottom-end" width={240} defaultOpened>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
          {face}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}
          <br />
          {email}
          <br />
          {roles.map((role) => role.name).join(', ')}
        </Menu.Label>
        <Menu.Item component="a" href="/staff/security">
          Your sign-in
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" rel="noopener noreferrer">
          API reference
        </Menu.Item>
        <Menu.Item closeMenuOnClick={false} disabled={leave.isPending} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
