import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';
import { askedOf } from './asked.ts';

const getParentRoute = () => root;

const list = createRoute({ getParentRoute, path: '/consents', validateSearch: askedOf }).lazy(() =>
  import('./list-page.tsx').then((page) => page.route),
);
const made = createRoute({
  getParentRoute,
  path: '/consents/new',
  validateSearch: ({ purpose, topic }: Record<string, unknown>): { purpose?: string; topic?: string } => ({
    ...(typeof purpose === 'string' && { purpose }),
    ...(typeof topic === 'string' && { topic }),
  }),
}).lazy(() => import('./new-page.tsx').then((page) => page.route));
const consent = createRoute({ getParentRoute, path: '/consents/$id' }).lazy(() =>
  import('./consent-page.tsx').then((page) => page.route),
);

export const consentRoutes = [list, made, consent];
