import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const audit = createRoute({ getParentRoute: () => root, path: '/audit' }).lazy(() =>
  import('./audit-page.tsx').then((page) => page.route),
);

export const auditRoutes = [audit];
