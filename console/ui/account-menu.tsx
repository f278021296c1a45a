import { ActionIcon, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSession } from './session.ts';

/** Who is signed in, and the way out. Open when it comes. */
export function AccountMenu({ label, face }: { label: string; face: ReactNode }) {
  const { name, email, roles } = useSession();
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
        <form method="post" action="/staff/sign-out">
          <Menu.Item component="button" type="submit">
            Sign out
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
