import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';
import type { Asked } from './api.ts';

const getParentRoute = () => root;
const names = ['recipient', 'kind', 'status'] as const;

const list = createRoute({
  getParentRoute,
  path: '/outbox',
  validateSearch: (given: Record<string, unknown>): Asked =>
    Object.fromEntries(names.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : []))),
}).lazy(() => import('./list-page.tsx').then((page) => page.route));

const mail = createRoute({ getParentRoute, path: '/outbox/$id' }).lazy(() =>
  import('./mail-page.tsx').then((page) => page.route),
);

export const outboxRoutes = [list, mail];
