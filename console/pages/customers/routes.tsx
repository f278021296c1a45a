import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const list = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: ({ search, sort }: { search?: unknown; sort?: unknown }) => ({
    ...(typeof search === 'string' && search !== '' && { search }),
    ...(typeof sort === 'string' && { sort }),
  }),
}).lazy(() => import('./list-page.tsx').then((page) => page.route));

const profile = createRoute({
  getParentRoute: () => root,
  path: '/customers/$id',
}).lazy(() => import('./profile-page.tsx').then((page) => page.route));

export const customerRoutes = [list, profile];
