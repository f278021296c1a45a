import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const list = createRoute({ getParentRoute, path: '/actions' }).lazy(() =>
  import('./list-page.tsx').then((page) => page.route),
);
const made = createRoute({ getParentRoute, path: '/actions/new' }).lazy(() =>
  import('./new-page.tsx').then((page) => page.route),
);
const action = createRoute({ getParentRoute, path: '/actions/$id' }).lazy(() =>
  import('./action-page.tsx').then((page) => page.route),
);

export const actionRoutes = [list, made, action];
