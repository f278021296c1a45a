import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const list = createRoute({ getParentRoute, path: '/staff' }).lazy(() =>
  import('./list-page.tsx').then((page) => page.route),
);
const member = createRoute({ getParentRoute, path: '/staff/$id' }).lazy(() =>
  import('./member-page.tsx').then((page) => page.route),
);
const roles = createRoute({ getParentRoute, path: '/staff-roles' }).lazy(() =>
  import('./roles-page.tsx').then((page) => page.route),
);
const role = createRoute({ getParentRoute, path: '/staff-roles/$id' }).lazy(() =>
  import('./role-page.tsx').then((page) => page.route),
);
const stores = createRoute({ getParentRoute, path: '/stores' }).lazy(() =>
  import('./stores-page.tsx').then((page) => page.route),
);

export const staffRoutes = [list, member, roles, role, stores];
