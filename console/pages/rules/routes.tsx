import { createRoute } from '@tanstack/react-router';
import { root } from '../../ui/root.tsx';

const getParentRoute = () => root;

const list = createRoute({ getParentRoute, path: '/rules' }).lazy(() =>
  import('./list-page.tsx').then((page) => page.route),
);
const made = createRoute({ getParentRoute, path: '/rules/new' }).lazy(() =>
  import('./new-page.tsx').then((page) => page.route),
);
const library = createRoute({ getParentRoute, path: '/rules/library' }).lazy(() =>
  import('./library-page.tsx').then((page) => page.route),
);
const ready = createRoute({ getParentRoute, path: '/rules/library/$library' }).lazy(() =>
  import('./ready-page.tsx').then((page) => page.route),
);
const configuration = createRoute({ getParentRoute, path: '/rules/configuration' }).lazy(() =>
  import('./configuration-page.tsx').then((page) => page.route),
);
const imported = createRoute({ getParentRoute, path: '/rules/import' }).lazy(() =>
  import('./import-page.tsx').then((page) => page.route),
);
const rule = createRoute({ getParentRoute, path: '/rules/$id' }).lazy(() =>
  import('./rule-page.tsx').then((page) => page.route),
);

export const ruleRoutes = [list, made, library, ready, configuration, imported, rule];
