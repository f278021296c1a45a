import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

/** What the address of the list tells: so a search can be sent to somebody. */
type ListSearch = { search?: string; filter?: string; sort?: string };

const list = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: (given: Record<string, unknown>): ListSearch => ({
    // A link that somebody wrote by hand may hold a bare number.
    ...((typeof given.search === 'string' || typeof given.search === 'number') &&
      given.search !== '' && { search: String(given.search) }),
    ...(typeof given.filter === 'string' && { filter: given.filter }),
    ...(typeof given.sort === 'string' && { sort: given.sort }),
  }),
}).lazy(() => import('./customers-page.tsx').then((page) => page.route));

const profile = createRoute({
  getParentRoute: () => root,
  path: '/customers/$id',
}).lazy(() => import('./profile-page.tsx').then((page) => page.route));

export const customerRoutes = [list, profile];
