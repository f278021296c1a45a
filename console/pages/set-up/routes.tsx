import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const brands = createRoute({ getParentRoute, path: '/brands' }).lazy(() =>
  import('./brands/list-page.tsx').then((page) => page.route),
);
const brand = createRoute({ getParentRoute, path: '/brands/$slug' }).lazy(() =>
  import('./brands/brand-page.tsx').then((page) => page.route),
);
const portals = createRoute({ getParentRoute, path: '/portals' }).lazy(() =>
  import('./portals/list-page.tsx').then((page) => page.route),
);
const portal = createRoute({ getParentRoute, path: '/portals/$id' }).lazy(() =>
  import('./portals/portal-page.tsx').then((page) => page.route),
);
const connections = createRoute({ getParentRoute, path: '/connections' }).lazy(() =>
  import('./connections/list-page.tsx').then((page) => page.route),
);
const newConnection = createRoute({
  getParentRoute,
  path: '/connections/new',
  validateSearch: ({ strategy }: { strategy?: unknown }): { strategy?: string } =>
    typeof strategy === 'string' ? { strategy } : {},
}).lazy(() => import('./connections/new-page.tsx').then((page) => page.route));
const connection = createRoute({ getParentRoute, path: '/connections/$id' }).lazy(() =>
  import('./connections/connection-page.tsx').then((page) => page.route),
);

const attributes = createRoute({ getParentRoute, path: '/attributes' }).lazy(() =>
  import('./attributes/list-page.tsx').then((page) => page.route),
);
const umbrella = createRoute({ getParentRoute, path: '/umbrella' }).lazy(() =>
  import('./umbrella/umbrella-page.tsx').then((page) => page.route),
);

const start = createRoute({ getParentRoute, path: '/start' }).lazy(() =>
  import('./start/start-page.tsx').then((page) => page.route),
);

export const setUpRoutes = [
  start,
  brands,
  brand,
  portals,
  portal,
  connections,
  newConnection,
  connection,
  attributes,
  umbrella,
];
