// Who may import whom: the directions of docs/decisions and CONTRIBUTING, type-only imports too.
import { readFile } from 'node:fs/promises';
import { type Import, root, type Source } from './sources.ts';

// Features import only faces on a lower floor.
const floors = [
  ['audit', 'staff', 'brands', 'customers', 'connections', 'rules', 'actions', 'conditions', 'experiments'],
  ['portals', 'stores', 'products', 'accounts', 'events', 'consents', 'notes', 'enrichment'],
  ['questions', 'purchases', 'duplicates'],
  ['segments'],
  ['offers'],
  ['referrals', 'gifts', 'campaigns'],
  ['advocates'],
];
// Files that start the product; they alone may take surfaces, routes and jobs.
const tops =
  /^server\/(server|worker|start|keys|staff-link|audit|data|finish-enrichment|library-calls|cli|customer-data)\.ts$/;

/** One sentence for each import that goes the wrong way. */
export async function checkWalls(sources: readonly Source[]): Promise<string[]> {
  const known = new Set(sources.map(({ path }) => path));
  const packages = await readPackages();
  const complaints: string[] = [];
  for (const source of sources) {
    if (/^export \* /m.test(source.text)) complaints.push(`${source.path}: no "export *"; name what you export`);
    for (const target of source.imports) {
      const reason = target.isOurs ? refuse(source, target, known) : refusePackage(source, target, packages);
      if (reason) complaints.push(`${source.path} -> ${target.to}: ${reason}`);
    }
  }
  return complaints;
}

function refuse({ path: from, isTest }: Source, { to }: Import, known: ReadonlySet<string>): string | undefined {
  if (to.startsWith('..')) return 'outside of the repository';
  if (/\.tsx?$/.test(to) && !known.has(to)) return 'there is no such file';
  if (isTest) return undefined;
  if (/^(test|bench|scripts)\/|\.test\.ts$/.test(to)) return 'product code does not import tests or tools';
  if (from.startsWith('contract/')) return to.startsWith('contract/') ? undefined : 'contract imports nothing of ours';
  if (from.startsWith('console/')) return refuseConsole(from, to);
  if (to.startsWith('console/')) return 'only the console imports the console';
  if (from.startsWith('server/base/'))
    return /^(server\/base|contract)\//.test(to) ? undefined : 'base imports only base and the contract';
  if (to.startsWith('demo/')) return from.startsWith('demo/') ? undefined : 'only the demo imports the demo';
  if (/\/features\/[^/]+\//.test(to)) return refuseFeature(from, to);
  if (to.startsWith('server/surfaces/')) return refuseSurface(from, to);
  if (tops.test(to) && !tops.test(from) && !from.startsWith('demo/')) return 'the top is imported by nobody';
  return undefined;
}

/** Staff's console runs in the browser: it shares the contract with the server, and its pages share `ui/` alone. */
function refuseConsole(from: string, to: string): string | undefined {
  if (to.startsWith('contract/')) return undefined;
  if (!to.startsWith('console/')) return 'the console imports only the contract';
  const [, , page = ''] = from.split('/');
  if (from.startsWith('console/ui/')) return to.startsWith('console/ui/') ? undefined : 'ui imports no pages';
  if (from.startsWith('console/pages/') && to.startsWith('console/pages/') && !to.startsWith(`console/pages/${page}/`))
    return 'pages do not import each other; what they share is in console/ui';
  return undefined;
}

function refuseFeature(from: string, to: string): string | undefined {
  const [, , feature = '', file = ''] = to.split('/');
  const importer = from.startsWith('server/features/') ? from.split('/')[2] : undefined;
  if (importer === feature) return undefined;
  if (/^(routes|jobs)\.ts$/.test(file)) return tops.test(from) ? undefined : 'routes and jobs are for the top only';
  if (file !== `${feature}.ts`) return `only the face ${feature}/${feature}.ts is for others`;
  if (!importer) return undefined;
  const [own, other] = [floorOf(importer), floorOf(feature)];
  if (own < 0 || other < 0) return `${own < 0 ? importer : feature} has no floor in scripts/checks/walls.ts`;
  return other < own ? undefined : `${feature} is not on a lower floor than ${importer}`;
}

/** A surface may use another one's face; what that needs in return is handed in (a port, declared by who needs it). */
function refuseSurface(from: string, to: string): string | undefined {
  const [, , surface = '', file = ''] = to.split('/');
  if (tops.test(from) || from.startsWith(`server/surfaces/${surface}/`)) return undefined;
  if (!from.startsWith('server/surfaces/')) return 'only the top and surfaces import surfaces';
  const isFace = file === `${surface}.ts` || /-port\.ts$/.test(file);
  return isFace ? undefined : `only the face ${surface}/${surface}.ts is for others`;
}

function floorOf(feature: string): number {
  return floors.findIndex((floor) => floor.includes(feature));
}

function refusePackage({ isTest }: Source, { to }: Import, { product, tools }: Packages): string | undefined {
  if (to.startsWith('node:') || product.has(to)) return undefined;
  if (!tools.has(to)) return 'not in package.json';
  return isTest ? undefined : 'product code imports only "dependencies"';
}

type Packages = { product: ReadonlySet<string>; tools: ReadonlySet<string> };

async function readPackages(): Promise<Packages> {
  const { dependencies, devDependencies } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
  return { product: new Set(Object.keys(dependencies)), tools: new Set(Object.keys(devDependencies)) };
}
