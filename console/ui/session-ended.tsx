import { Alert, Anchor, Box, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { hasSessionEnded, watchSessionEnd } from './session-end.ts';

/** That the session has ended, and the way back, instead of what the page shows; a dialog may have been open. */
export function SessionEnded() {
  const hasEnded = useSyncExternalStore(watchSessionEnd, hasSessionEnded);
  useEffect(() => {
    document.documentElement.toggleAttribute('data-session-ended', hasEnded);
  }, [hasEnded]);
  if (!hasEnded) return null;
  return createPortal(
    <Box component="main" id="session-ended" pos="fixed" top={52} left={0} right={0} p="md" style={{ zIndex: 1000 }}>
      <Alert
        color="yellow"
        variant="light"
        role="alert"
        icon={<IconLock />}
        title={
          <Title order={1} size="h5">
            Your session has ended
          </Title>
        }
        maw={560}
        mx="auto"
      >
        <Anchor
          href="/staff/sign-in?return_to=/console"
          target="_blank"
          rel="noopener"
          size="sm"
          c="inherit"
          td="underline"
        >
          Sign in again in a new tab
        </Anchor>
        , then come back to this one: what you typed is still here.
      </Alert>
    </Box>,
    document.body,
  );
}
