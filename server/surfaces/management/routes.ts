import { brandRoutes } from './brands.ts';
import { clientGrantRoutes } from './client-grants.ts';
import { clientRoutes } from './clients.ts';
import { resourceServerRoutes } from './resource-servers.ts';
import type { Route } from './route.ts';

/** Every operation of the Management API. What is not here answers the generic 404. */
export const routes: readonly Route[] = [
  ...brandRoutes,
  ...clientRoutes,
  ...clientGrantRoutes,
  ...resourceServerRoutes,
];
