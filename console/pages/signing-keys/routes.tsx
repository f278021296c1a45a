import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const keys = createRoute({ getParentRoute: () => root, path: '/signing-keys' }).lazy(() =>
  import('./keys-page.tsx').then((page) => page.route),
);

export const signingKeyRoutes = [keys];
