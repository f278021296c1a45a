import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const brands = createRoute({ getParentRoute: () => root, path: '/brands' }).lazy(() =>
  import('./brands/list-page.tsx').then((page) => page.route),
);
const brand = createRoute({ getParentRoute: () => root, path: '/brands/$slug' }).lazy(() =>
  import('./brands/brand-page.tsx').then((page) => page.route),
);

export const setUpRoutes = [brands, brand];
