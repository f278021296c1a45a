import { ActionIcon, Burger, Group, Text, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useKeyboard } from './keyboard.ts';
import { menu } from './menu.ts';
import { useMay, useSession } from './session.ts';
import { SessionEnded } from './session-ended.tsx';
import { leaveWithOthers } from './sign-out.ts';
import { Loading } from './states.tsx';
import { useRights } from './use-rights.ts';

const AccountMenu = lazy(() => import('./account-menu.tsx').then(({ AccountMenu: menu }) => ({ default: menu })));

/** What stands around every page: the menu, who is signed in, light or dark. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useKeyboard();
  useRights();
  useEffect(leaveWithOthers, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the menu closes when a page was chosen
  useEffect(close, [path]);
  return (
    <>
      <SessionEnded />
      <header className="head">
        <a className="skip-link" href="#content">
          To the content
        </a>
        <Group gap="xs" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" aria-expanded={opened} />
          <Text component={Link} to="/" fw={700} c="inherit" td="none">
            Regulars
          </Text>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Scheme />
          <Account />
        </Group>
      </header>
      <nav className="menu" data-opened={opened} aria-label="Console">
        <Lines path={path} />
      </nav>
      <main className="content" id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </>
  );
}

function Lines({ path }: { path: string }) {
  const may = useMay();
  return (
    <div>
      {menu.map(({ label, lines }) => {
        const shown = lines.filter((line) => may(line.may));
        if (shown.length === 0) return null;
        return (
          <div key={label}>
            <Text size="xs" c="dimmed" px="sm" pt="sm" pb={4} fw={600}>
              {label}
            </Text>
            {shown.map(({ label: name, to }) => (
              <Link
                key={to}
                to={to}
                className="menu-line"
                data-here={path === to || path.startsWith(`${to}/`)}
                aria-current={path === to ? 'page' : undefined}
              >
                {name}
              </Link>
            ))}
          </div>
        );
      })}
    </div>
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

/** The menu is fetched when it is opened first: not everything has to be there at the first look. */
function Account() {
  const { name } = useSession();
  const [isAsked, setAsked] = useState(false);
  const label = `Signed in as ${name}`;
  const face = <IconUserCircle size={22} stroke={1.5} />;
  if (!isAsked)
    return (
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => setAsked(true)}>
        {face}
      </ActionIcon>
    );
  return (
    <Suspense fallback={<ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} loading />}>
      <AccountMenu label={label} face={face} />
    </Suspense>
  );
}
