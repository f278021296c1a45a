import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { withTestDatabase } from '../../test/database.ts';
import { checkCircles, checkOrphans } from './circles.ts';
import { checkCustomerKeys } from './customer-keys.ts';
import { checkLeftovers, checkNames, checkSizes } from './house-rules.ts';
import { importsOf, type Source } from './sources.ts';
import { checkWalls } from './walls.ts';

/** A file that was never written. */
function source(path: string, text = ''): Source {
  return { path, text, imports: importsOf(path, text), isTest: path.endsWith('.test.ts') };
}

/** What the walls say of a file that imports another one. */
async function walls(from: string, to: string): Promise<string[]> {
  const depth = '../'.repeat(from.split('/').length - 1);
  return checkWalls([source(from, `import type { X } from '${depth}${to}';`), source(to)]);
}

test('all ways to import are read, types too, and nothing else', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from '../b/b.ts';",
    'import {\n  c,\n  type D,\n} from "not ours";',
    "import {\n  e,\n  f,\n} from './e.ts';",
    "import './g.ts';",
    "export { h } from '@scope/pack/deep';",
    `const i = await ${'import'}('./i.ts');`,
    "import.meta.resolve('./no.ts');",
    "const text = `import { no } from './no.ts'`;",
  ].join('\n');
  assert.deepEqual(
    importsOf('server/x/x.ts', text)
      .map(({ to }) => to)
      .sort(),
    ['@scope/pack', 'server/b/b.ts', 'server/x/a.ts', 'server/x/e.ts', 'server/x/g.ts', 'server/x/i.ts'],
  );
});

for (const [from, to] of [
  ['server/base/x.ts', 'server/features/brands/brands.ts'],
  ['contract/brands.ts', 'server/base/json.ts'],
  ['server/features/brands/brands.ts', 'server/features/portals/portals.ts'],
  ['server/features/accounts/accounts.ts', 'server/features/consents/consents.ts'],
  ['server/features/portals/portals.ts', 'server/features/brands/store.ts'],
  ['server/features/portals/portals.ts', 'server/surfaces/oidc/oidc.ts'],
  ['server/features/portals/portals.ts', 'server/features/unheard/unheard.ts'],
  ['server/surfaces/login/login.ts', 'server/features/customers/store.ts'],
  ['server/surfaces/login/login.ts', 'server/features/customers/jobs.ts'],
  ['server/surfaces/login/login.ts', 'server/surfaces/oidc/records.ts'],
  ['server/surfaces/login/login.ts', 'server/server.ts'],
  ['server/surfaces/login/login.ts', 'test/database.ts'],
  ['server/surfaces/login/login.ts', 'server/surfaces/login/login.test.ts'],
  ['server/surfaces/login/login.ts', 'demo/demo.ts'],
  ['demo/demo.ts', 'server/features/customers/store.ts'],
] as const) {
  test(`${from} may not import ${to}`, async () => assert.equal((await walls(from, to)).length, 1));
}

for (const [from, to] of [
  ['server/base/x.ts', 'server/base/y.ts'],
  ['server/base/x.ts', 'contract/contrast.ts'],
  ['server/features/portals/portals.ts', 'server/features/brands/brands.ts'],
  ['server/features/portals/portals.ts', 'server/features/portals/store.ts'],
  ['server/features/portals/portals.ts', 'contract/portals.ts'],
  ['server/surfaces/login/login.ts', 'server/features/customers/customers.ts'],
  ['server/surfaces/login/journey.ts', 'server/surfaces/oidc/journey-port.ts'],
  ['server/worker.ts', 'server/features/customers/jobs.ts'],
  ['server/surfaces/login/login.test.ts', 'test/database.ts'],
] as const) {
  test(`${from} may import ${to}`, async () => assert.deepEqual(await walls(from, to), []));
}

test('packages are in package.json, tools are for tests, nothing is exported with a star', async () => {
  const complaints = await checkWalls([
    source('server/base/a.ts', "import x from 'left-pad';"),
    source('server/base/b.ts', "import x from 'playwright-core';"),
    source('server/base/b.test.ts', "import x from 'playwright-core';"),
    source('server/base/c.ts', "export * from './b.ts';"),
    source('server/base/d.ts', "import x from './gone.ts';"),
  ]);
  assert.deepEqual(
    complaints.map((line) => line.split(/[: ]/)[0]),
    ['server/base/a.ts', 'server/base/b.ts', 'server/base/c.ts', 'server/base/d.ts'],
  );
});

test('a circle is found, and a file that nobody uses', () => {
  const files = [
    source('server/cli.ts', "import './a.ts';"),
    source('server/a.ts', "import type { B } from './b.ts';"),
    source('server/b.ts', "import './c.ts';"),
    source('server/c.ts', "import './a.ts';"),
    source('server/alone.ts'),
    source('server/alone.test.ts', "import './alone.ts';"),
  ];
  assert.deepEqual(checkCircles(files), ['circle: server/a.ts -> server/b.ts -> server/c.ts -> server/a.ts']);
  assert.deepEqual(checkOrphans(files), ['server/alone.ts: nothing of the product uses it']);
});

test('long files, empty names and leftovers are found', () => {
  assert.equal(checkSizes([source('server/a.ts', '\n'.repeat(401))]).length, 3, 'alone it is also median and tenth');
  assert.deepEqual(checkSizes(Array.from({ length: 10 }, (_, n) => source(`server/${n}.ts`, '\n'.repeat(80)))), []);
  for (const name of ['utils.ts', 'x/helpers/a.ts', 'types.ts', 'index.ts', 'SignIn.ts']) {
    assert.equal(checkNames([source(`server/${name}`)]).length, 1, name);
  }
  assert.deepEqual(checkNames([source('server/sign-in.ts'), source('server/base/settings.ts')]), []);
  const leftovers = [
    'after(() => {});',
    "const a = '/home/me/x';",
    '// TO' + 'DO later',
    'test.skip()',
    'process.env.PORT',
  ];
  for (const text of leftovers) assert.equal(checkLeftovers([source('server/a.ts', text)]).length, 1, text);
  assert.deepEqual(checkLeftovers([source('server/base/config.ts', 'process.env')]), []);
});

test('a unique key without its customer is found', async () => {
  await withTestDatabase(async (url) => {
    assert.deepEqual(await checkCustomerKeys(url), []);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('create table gifts (id uuid primary key, customer uuid, unique (customer, id))');
    await client.end();
    assert.deepEqual(await checkCustomerKeys(url), [
      'gifts: the unique key gifts_pkey contains neither customer nor subject',
    ]);
  });
});
