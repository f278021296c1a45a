import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const protection = createRoute({ getParentRoute: () => root, path: '/attack-protection' }).lazy(() =>
  import('./protection-page.tsx').then((page) => page.route),
);

export const attackProtectionRoutes = [protection];
