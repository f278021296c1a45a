import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { isProblem, type ProblemCode } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import {
  asksOf,
  buttonOf,
  cachedConnection,
  connectionByName,
  connectionOfRealm,
  connectionsOf,
  createConnection,
  enabledClientsOf,
  enabledClientsPage,
  getConnection,
  isNetwork,
  listConnections,
  removeConnection,
  setEnabledClients,
  updateConnection,
} from './connections.ts';
import { openSecrets } from './settle-options.ts';

const base = await testBase();
after(() => base.close());

const problem =
  (code: ProblemCode, text = /./) =>
  (error: unknown) =>
    isProblem(error, code) && text.test(error.message);
const app = { client_id: 'my-app', client_secret: 'planted-s3cret' };

async function rowOf(id: string) {
  return base.db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

before(async () => {
  const at = new Date();
  const brand = uuid();
  const brandRow = { id: brand, slug: 'main', name: 'Main', created_at: at, updated_at: at };
  await base.db.insertInto('brands').values(brandRow).execute();
  for (const client_id of ['shop', 'app', 'till']) {
    const portal = {
      client_id,
      brand,
      name: client_id,
      app_type: 'spa',
      settings: '{}',
      created_at: at,
      updated_at: at,
    };
    await base.db.insertInto('portals').values(portal).execute();
  }
});

test('a connection is made, found and shown without its secrets, which are stored encrypted', async () => {
  const made = await createConnection(base, { name: 'google', strategy: 'google-oauth2', options: app });
  assert.match(made.id, /^con_[A-Za-z0-9]{16}$/);
  assert.equal(made.display_name, 'Google');
  assert.deepEqual([made.show_as_button, made.realms, made.metadata], [true, ['google'], {}]);
  assert.ok(isNetwork(made));
  assert.equal(made.options.client_id, 'my-app');
  assert.deepEqual(asksOf(made), ['name', 'picture', 'email']);
  for (const shown of [made, await getConnection(base.db, made.id), await connectionByName(base, 'google')]) {
    assert.ok(shown);
    assert.ok(!JSON.stringify(shown).includes('planted'), 'no secret is shown');
  }
  const row = await rowOf(made.id);
  assert.ok(!JSON.stringify(row).includes('planted'));
  assert.deepEqual(openSecrets(base.vault, row.secrets), { client_secret: 'planted-s3cret' });
  const older = JSON.stringify({ ...Object(row.options), an_option_of_yesterday: true });
  await base.db.updateTable('connections').set({ options: older }).where('id', '=', made.id).execute();
  assert.deepEqual((await getConnection(base.db, made.id))?.options, made.options);
  const twin = createConnection(base, { name: 'google', strategy: 'auth0' });
  await assert.rejects(twin, problem('already_exists'));
});

test('an update replaces the options but keeps a secret that is left out; null takes it away where it may be', async () => {
  const made = await createConnection(base, { name: 'gh', strategy: 'github', options: { ...app, email: false } });
  const renamed = await updateConnection(base, made.id, { display_name: 'The Hub', metadata: { a: 'b' } });
  assert.deepEqual([renamed.display_name, renamed.metadata], ['The Hub', { a: 'b' }]);
  assert.ok(renamed.strategy === 'github' && renamed.options.email === false);
  const changed = await updateConnection(base, made.id, { options: { client_id: 'other' } });
  assert.ok(changed.strategy === 'github' && changed.options.email === true && changed.options.client_id === 'other');
  assert.deepEqual(openSecrets(base.vault, (await rowOf(made.id)).secrets), { client_secret: 'planted-s3cret' });
  const gone = updateConnection(base, made.id, { options: { client_id: 'other', client_secret: null } });
  await assert.rejects(gone, problem('invalid_body', /options\.client_secret is required/));
  await assert.rejects(updateConnection(base, 'con_none', {}), problem('not_found'));
  const issuer = 'https://id.example';
  const front = { client_id: 'c', client_secret: 'planted', issuer, type: 'front_channel' };
  const open = await createConnection(base, { name: 'front', strategy: 'oidc', options: front });
  const { client_secret: _gone, ...bare } = front;
  await updateConnection(base, open.id, { options: { ...bare, client_secret: null } });
  assert.equal((await rowOf(open.id)).secrets, null);
});

test('a secret that is kept goes to no other address than the one it was given for', async () => {
  const endpoints = (host: string) => ({
    authorizationURL: `https://${host}/authorize`,
    tokenURL: `https://${host}/token`,
    userinfo_endpoint: `https://${host}/me`,
  });
  const made = await createConnection(base, {
    name: 'moving',
    strategy: 'oauth2',
    options: { ...app, ...endpoints('id.example') },
  });
  const bare = { client_id: app.client_id, ...endpoints('id.example') };
  await updateConnection(base, made.id, { options: { ...bare, scope: 'me' } });
  const moved = { ...bare, tokenURL: 'https://evil.example/token' };
  const wanted = problem('invalid_body', /options\.client_secret must be given anew when options\.tokenURL changes/);
  await assert.rejects(updateConnection(base, made.id, { options: moved }), wanted);
  await updateConnection(base, made.id, { options: { ...moved, client_secret: 'known' } });
});

test('what cannot work is refused at once, by name', async () => {
  const create = (strategy: 'google-oauth2' | 'oidc' | 'oauth2' | 'apple', options: object) =>
    createConnection(base, { name: 'broken', strategy, options: JSON.parse(JSON.stringify(options)) });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const apple = { client_id: 'c', team_id: 't', kid: 'k' };
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => create('google-oauth2', { client_id: 'c' }), /options\.client_secret is required/],
    [() => create('google-oauth2', { ...app, origin: 'http://localhost:9' }), /options\.origin must begin with https/],
    [() => create('oidc', app), /options\.issuer is required/],
    [() => create('oidc', { ...app, issuer: 'http://id.example' }), /options\.issuer must begin with https/],
    [
      () => create('oidc', { ...app, issuer: 'https://a.example', jwks_uri: 'https://a.example/k' }),
      /endpoint is required/,
    ],
    [() => create('oauth2', app), /options\.authorizationURL/],
    [() => create('apple', apple), /options\.app_secret is required/],
    [() => create('apple', { ...apple, app_secret: 'not a key' }), /options\.app_secret must be the PEM/],
    [() => create('apple', { ...apple, app_secret: String(p384) }), /options\.app_secret must be the PEM/],
  ];
  for (const [act, text] of cases) await assert.rejects(act(), problem('invalid_body', text));
  assert.equal(await connectionByName(base, 'broken'), undefined);
});

test('portals offer connections: all at once or one by one, and forget them with either', async () => {
  const shop = { name: 'customers', strategy: 'auth0', enabled_clients: ['shop', 'app'] } as const;
  const made = await createConnection(base, { ...shop, enabled_clients: [...shop.enabled_clients] });
  await base.settings.refresh();
  const namesAt = async (portal: string) => (await connectionsOf(base, portal)).map(({ name }) => name);
  assert.deepEqual([await namesAt('shop'), await namesAt('till')], [['customers'], []]);
  const changes = [
    { client_id: 'shop', status: false },
    { client_id: 'till', status: true },
  ];
  await setEnabledClients(base, made.id, changes);
  await base.settings.refresh();
  assert.deepEqual([await namesAt('shop'), await namesAt('till')], [[], ['customers']]);
  assert.deepEqual((await enabledClientsOf(base.db, [made.id])).get(made.id), ['app', 'till']);
  assert.deepEqual(await enabledClientsPage(base.db, made.id, 1, ''), ['app']);
  assert.deepEqual(await enabledClientsPage(base.db, made.id, 5, 'app'), ['till']);
  await updateConnection(base, made.id, { enabled_clients: ['shop'], realms: ['vip'] });
  assert.deepEqual((await enabledClientsOf(base.db, [made.id])).get(made.id), ['shop']);
  await base.settings.refresh();
  assert.equal((await connectionOfRealm(base, 'shop', 'vip'))?.id, made.id);
  assert.equal((await connectionOfRealm(base, 'shop', 'customers'))?.id, made.id);
  assert.equal(await connectionOfRealm(base, 'app', 'vip'), undefined);
  const nobody = setEnabledClients(base, made.id, [{ client_id: 'nobody', status: true }]);
  await assert.rejects(nobody, problem('invalid_body'));
  await updateConnection(base, made.id, { enabled_clients: [] });
  assert.deepEqual((await enabledClientsOf(base.db, [made.id])).get(made.id), []);
});

test('lists: by strategy, name and portal, page by page or after the last one', async () => {
  const all = await listConnections(base.db, {}, { limit: 50 });
  assert.equal(all.total, all.connections.length);
  const first = await listConnections(base.db, {}, { limit: 2 });
  const last = first.connections[1];
  assert.ok(last);
  const rest = await listConnections(base.db, {}, { limit: 50, after: last });
  const ids = [...first.connections, ...rest.connections].map(({ id }) => id);
  assert.deepEqual(
    ids,
    all.connections.map(({ id }) => id),
  );
  assert.equal(rest.total, all.total);
  const some = await listConnections(base.db, { strategies: ['github', 'auth0'] }, { limit: 50 });
  assert.deepEqual(
    some.connections.map(({ name }) => name),
    ['gh', 'customers'],
  );
  assert.equal((await listConnections(base.db, { strategies: [] }, { limit: 5 })).total, 0);
  assert.equal((await listConnections(base.db, { name: 'gh' }, { limit: 5 })).total, 1);
  assert.equal((await listConnections(base.db, { clientId: 'app' }, { limit: 5 })).total, 0);
});

test('removing hands the connection over first, and is undone when that fails', async () => {
  const made = await createConnection(base, { name: 'short', strategy: 'auth0', enabled_clients: ['till'] });
  const fails = removeConnection(base, made.id, async () => {
    throw new Error('still used');
  });
  await assert.rejects(fails, /still used/);
  assert.ok(await getConnection(base.db, made.id));
  let handed = '';
  await removeConnection(base, made.id, async (tx, connection) => {
    assert.ok(tx.isTransaction);
    handed = connection.name;
  });
  assert.equal(handed, 'short');
  await base.settings.refresh();
  assert.equal(await cachedConnection(base, made.id), undefined);
  await assert.rejects(
    removeConnection(base, made.id, async () => undefined),
    problem('not_found'),
  );
});

test("buttons: the network's name and icon, or the name a connection was given", () => {
  assert.deepEqual(buttonOf({ strategy: 'twitter', name: 'x' }), { label: 'X', icon: 'x' });
  assert.deepEqual(buttonOf({ strategy: 'windowslive', name: 'ms', display_name: 'Work' }), {
    label: 'Work',
    icon: 'microsoft',
  });
  assert.deepEqual(buttonOf({ strategy: 'oidc', name: 'acme' }), { label: 'acme', icon: 'other' });
});
