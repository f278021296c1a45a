import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import * as portals from '../../features/portals/portals.ts';
import { ensureFirstMachine, ensureSystemApi } from './first-start.ts';
import { managementAudience } from './management-audience.ts';
import { routes } from './routes.ts';
import { scopesOf } from './scopes.ts';

let base: Base;
const anything = () => undefined;
before(async () => {
  base = await testBase();
});
after(() => base.close());

test('servers that start at once make one system API and one machine, and one of them tells its secret', async () => {
  const starts = Array.from({ length: 4 }, async () => {
    await ensureSystemApi(base);
    return ensureFirstMachine(base, anything);
  });
  const told = (await Promise.all(starts)).filter((one) => one !== null);
  assert.equal(told.length, 1);
  assert.equal(await portals.countPortals(base.db), 1);
  const [machine] = told;
  assert.ok(machine);
  const portal = await portals.getPortal(base.db, machine.client_id);
  assert.ok(portal && portals.secretMatches(portal, machine.client_secret, base.vault));
  const grant = await portals.grantFor(base, machine.client_id, managementAudience(base));
  assert.deepEqual(
    grant?.scope,
    scopesOf(routes).map(({ value }) => value),
  );
});

test('a machine that was removed is not made again', async () => {
  const [portal] = await portals.listPortals(base.db, { limit: 1, start: { offset: 0 } });
  await portals.removePortal(base, portal?.client_id ?? '');
  assert.equal(await ensureFirstMachine(base, anything), null);
  assert.equal(await portals.countPortals(base.db), 0);
});

test('the machine of the environment is made, and gets the secret that stands there', async () => {
  const named = (secret: string): Base => ({
    ...base,
    config: { ...base.config, managementClient: { id: 'operator', secret } },
  });
  assert.equal(await ensureFirstMachine(named('first-secret-1234'), anything), null);
  assert.equal(await ensureFirstMachine(named('second-secret-1234'), anything), null);
  const portal = await portals.getPortal(base.db, 'operator');
  assert.ok(portal && portals.secretMatches(portal, 'second-secret-1234', base.vault));
});

test('a release with more scopes gives them to machines that had all, and to no other', async () => {
  const audience = managementAudience(base);
  const { portal } = await portals.createPortal(base, { name: 'Some', app_type: 'non_interactive' }, anything);
  await portals.createGrant(base, { client_id: portal.client_id, audience, scope: ['read:users'] });
  const old = scopesOf(routes).slice(0, 3);
  await portals.ensureApi(base, { identifier: audience, scopes: old });
  const all = await portals.grantFor(base, 'operator', audience);
  await portals.updateGrant(
    base,
    all?.id ?? '',
    old.map(({ value }) => value),
  );
  await base.settings.refresh();

  await ensureSystemApi(base);
  await base.settings.refresh();
  assert.equal((await portals.grantFor(base, 'operator', audience))?.scope.length, scopesOf(routes).length);
  assert.deepEqual((await portals.grantFor(base, portal.client_id, audience))?.scope, ['read:users']);
});

const at = (url: string): Base => ({ ...base, config: { ...base.config, url, issuer: `${url}/` } });

test('a server with another address that begins meanwhile does not stop the first one from making its machine', async () => {
  const [one, other] = [at('https://one.example.com'), at('https://other.example.com')];
  await ensureSystemApi(one);
  await ensureSystemApi(other);
  const named = { ...one, config: { ...one.config, managementClient: { id: 'late', secret: 'a-secret-of-16-chars' } } };
  assert.equal(await ensureFirstMachine(named, anything), null);
  await base.settings.refresh();
  assert.ok(await portals.grantFor(one, 'late', managementAudience(one)));
  await ensureSystemApi(base);
});

test('at another address of the server machines have what they were granted, and no less when it moves back', async () => {
  const before = await portals.grantFor(base, 'operator', managementAudience(base));
  assert.ok(before);
  for (const moved of [at('https://id.example.com'), at('https://login.example.com'), base]) {
    await Promise.all([ensureSystemApi(moved), ensureSystemApi(moved)]);
    await base.settings.refresh();
    const grant = await portals.grantFor(moved, 'operator', managementAudience(moved));
    assert.deepEqual(grant?.scope, before.scope);
    assert.equal(grant.id, before.id);
    assert.equal((await portals.listApis(base.db, { limit: 9, offset: 0 })).total, 1);
  }
});

test('servers with two addresses that start at once, one of them making its machine, do not stop each other', async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    const [one, other] = [at(`https://one${turn}.example.com`), at(`https://other${turn}.example.com`)];
    const managementClient = { id: `machine${turn}`, secret: 'a-secret-of-16-chars' };
    await ensureSystemApi(one);
    await Promise.all([
      ensureFirstMachine({ ...one, config: { ...one.config, managementClient } }, anything),
      ensureSystemApi(other),
      ensureSystemApi(one),
    ]);
  }
});
