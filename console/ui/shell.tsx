import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect } from 'react';
import { useKeyboard } from './keyboard.ts';
import { menu } from './menu.ts';
import { useMay, useSession } from './session.ts';
import { Loading } from './states.tsx';

/** What stands around every page: the menu, who is signed in, light or dark. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useKeyboard();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the menu closes when a page was chosen
  useEffect(close, [path]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <AppShell.Header>
        <a className="skip-link" href="#content">
          To the content
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Menu"
              aria-expanded={opened}
            />
            <Text component={Link} to="/" fw={700} c="inherit" td="none">
              Regulars
            </Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Scheme />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Console">
        <Lines path={path} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}

function Lines({ path }: { path: string }) {
  const may = useMay();
  return (
    <ScrollArea>
      {menu.map(({ label, lines }) => {
        const shown = lines.filter((line) => may(line.may));
        if (shown.length === 0) return null;
        return (
          <div key={label}>
            <Text size="xs" c="dimmed" px="sm" pt="sm" pb={4} fw={600}>
              {label}
            </Text>
            {shown.map(({ label: name, to }) => (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={name}
                active={path === to || path.startsWith(`${to}/`)}
                aria-current={path === to ? 'page' : undefined}
                style={{ borderRadius: 'var(--mantine-radius-md)' }}
              />
            ))}
          </div>
        );
      })}
    </ScrollArea>
  );
}

function Scheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isDark =
    colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={isDark ? 'Light colours' : 'Dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}

function Account() {
  const { name, email, roles } = useSession();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Signed in as ${name}`}>
          <IconUserCircle size={22} stroke={1.5} />
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
        <form method="post" action="/staff/sign-out">
          <Menu.Item component="button" type="submit">
            Sign out
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
