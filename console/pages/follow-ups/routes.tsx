import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';
import type { Asked } from './api.ts';

const list = createRoute({
  getParentRoute: () => root,
  path: '/follow-ups',
  validateSearch: ({ show, by }: Record<string, unknown>): Asked => ({
    ...(show === 'all' && { show }),
    ...(by === 'me' && { by }),
  }),
}).lazy(() => import('./list-page.tsx').then((page) => page.route));

export const followUpRoutes = [list];
