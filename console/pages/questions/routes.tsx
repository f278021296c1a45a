import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const list = createRoute({ getParentRoute, path: '/questions' }).lazy(() =>
  import('./list-page.tsx').then((page) => page.route),
);
const made = createRoute({
  getParentRoute,
  path: '/questions/new',
  validateSearch: ({ from, copy }: Record<string, unknown>): { from?: string; copy?: string } => ({
    ...(typeof from === 'string' && { from }),
    ...(typeof copy === 'string' && { copy }),
  }),
}).lazy(() => import('./new-page.tsx').then((page) => page.route));
const question = createRoute({ getParentRoute, path: '/questions/$id' }).lazy(() =>
  import('./question-page.tsx').then((page) => page.route),
);

export const questionRoutes = [list, made, question];
