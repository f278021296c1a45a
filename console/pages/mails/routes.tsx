import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const list = createRoute({
  getParentRoute,
  path: '/mails',
  validateSearch: ({ brand }: { brand?: unknown }): { brand?: string } => (typeof brand === 'string' ? { brand } : {}),
}).lazy(() => import('./list-page.tsx').then((page) => page.route));

const template = createRoute({ getParentRoute, path: '/mails/$brand/$kind/$language' }).lazy(() =>
  import('./template-page.tsx').then((page) => page.route),
);

export const mailRoutes = [list, template];
