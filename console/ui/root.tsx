import { Button } from '@mantine/core';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, Link } from '@tanstack/react-router';
import { Page } from './page.tsx';
import { sessionQuery } from './session.ts';
import { hasSessionEnded, signInAnew } from './session-end.ts';
import { Shell } from './shell.tsx';
import { Empty } from './states.tsx';

/** Above all pages: nobody sees one before it is known who they are. */
export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  async beforeLoad({ context, location: { pathname, searchStr }, preload }) {
    // Who goes to another page leaves nothing behind that has to be kept.
    if (hasSessionEnded() && !preload) await signInAnew(`/console${pathname}${searchStr}`);
    return context.queryClient.ensureQueryData(sessionQuery);
  },
  component: Shell,
  notFoundComponent: () => (
    <Page title="There is no such page">
      <Empty
        title="Nothing is here"
        action={
          <Button component={Link} to="/">
            To the first page
          </Button>
        }
      >
        The address may be mistyped, or what it led to is gone.
      </Empty>
    </Page>
  ),
});
