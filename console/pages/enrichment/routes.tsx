import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const sources = createRoute({ getParentRoute: () => root, path: '/enrichment' }).lazy(() =>
  import('./sources-page.tsx').then((page) => page.route),
);

export const enrichmentRoutes = [sources];
