import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { actionRoutes } from './pages/actions/routes.tsx';
import { attackProtectionRoutes } from './pages/attack-protection/routes.tsx';
import { auditRoutes } from './pages/audit/routes.tsx';
import { consentRoutes } from './pages/consents/routes.tsx';
import { customerRoutes } from './pages/customers/routes.tsx';
import { enrichmentRoutes } from './pages/enrichment/routes.tsx';
import { followUpRoutes } from './pages/follow-ups/routes.tsx';
import { mailRoutes } from './pages/mails/routes.tsx';
import { outboxRoutes } from './pages/outbox/routes.tsx';
import { questionRoutes } from './pages/questions/routes.tsx';
import { ruleRoutes } from './pages/rules/routes.tsx';
import { setUpRoutes } from './pages/set-up/routes.tsx';
import { signingKeyRoutes } from './pages/signing-keys/routes.tsx';
import { staffRoutes } from './pages/staff/routes.tsx';
import { call } from './ui/api.ts';
import { queryClient } from './ui/query-client.ts';
import { root } from './ui/root.tsx';
import { sessionQuery } from './ui/session.ts';
import { Failed, Loading } from './ui/states.tsx';

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { scopes } = await context.queryClient.ensureQueryData(sessionQuery);
    throw redirect({ to: (await isNew(scopes)) ? '/start' : '/customers' });
  },
});

/** Is nothing set up yet, and may they do that? */
async function isNew(scopes: readonly string[]): Promise<boolean> {
  if (!['create:connections', 'read:connections'].every((scope) => scopes.includes(scope))) return false;
  const { connections } = await call<{ connections: readonly unknown[] }>('/connections', { query: { take: 1 } });
  return connections.length === 0;
}

/** The one list of pages; each is fetched when it is first opened. */
export const router = createRouter({
  routeTree: root.addChildren([
    home,
    ...customerRoutes,
    ...followUpRoutes,
    ...questionRoutes,
    ...consentRoutes,
    ...ruleRoutes,
    ...actionRoutes,
    ...enrichmentRoutes,
    ...setUpRoutes,
    ...mailRoutes,
    ...outboxRoutes,
    ...signingKeyRoutes,
    ...attackProtectionRoutes,
    ...staffRoutes,
    ...auditRoutes,
  ]),
  basepath: '/console',
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
