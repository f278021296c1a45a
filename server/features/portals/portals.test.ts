import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { openVault } from '../../base/crypto.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { brandBySlug, createBrand, removeBrand } from '../brands/brands.ts';
import * as portals from './portals.ts';

let base: Base;
const anything = () => undefined;
before(async () => {
  base = await testBase();
});
after(() => base.close());

test('a portal has the defaults of its type and the default brand', async () => {
  const { portal, client_secret } = await portals.createPortal(base, { name: 'Shop', app_type: 'spa' }, anything);
  assert.match(portal.client_id, /^[A-Za-z0-9]{32}$/);
  assert.equal(client_secret.length, 64);
  assert.equal(portal.brand, (await brandBySlug(base.db, 'main'))?.id);
  assert.equal(portal.settings.token_endpoint_auth_method, 'none');
  assert.deepEqual(portal.settings.grant_types, ['authorization_code', 'refresh_token']);
  assert.equal(portal.settings.refresh_token.rotation_type, 'rotating');
  assert.equal(portal.settings.refresh_token.token_lifetime, 30 * 86_400);
});

test('a machine needs no brand; it gets one when it becomes a site', async () => {
  const { portal } = await portals.createPortal(base, { name: 'Job', app_type: 'non_interactive' }, anything);
  assert.equal(portal.brand, null);
  assert.equal(portal.is_machine, true);
  const changed = await portals.updatePortal(base, portal.client_id, { app_type: 'regular_web' }, anything);
  assert.notEqual(changed.brand, null);
  assert.equal(changed.is_machine, false);
});

test('a secret is told once, stored encrypted, and replaced as a whole', async () => {
  const { portal, client_secret } = await portals.createPortal(base, { name: 'S', client_secret: 'short' }, anything);
  assert.equal(client_secret, 'short');
  assert.ok(portals.secretMatches(portal, 'short', base.vault));
  assert.ok(!portals.secretMatches(portal, 'shor', base.vault));
  assert.ok(!portals.secretMatches({ secret_hash: null }, '', base.vault));
  const other = openVault([Buffer.alloc(32, 1)]);
  assert.throws(() => portals.secretMatches(portal, 'short', other), 'a copy of the table is of no use');

  const rotated = await portals.rotateSecret(base, portal.client_id);
  assert.ok(!portals.secretMatches(rotated.portal, 'short', base.vault));
  assert.ok(portals.secretMatches(rotated.portal, rotated.client_secret, base.vault));
});

test('what the engine refuses is never written', async () => {
  const { portal } = await portals.createPortal(base, { name: 'Good' }, anything);
  const refuse = () => {
    throw new Problem('invalid_body', 'no');
  };
  const bad = portals.updatePortal(base, portal.client_id, { name: 'Bad' }, refuse);
  await assert.rejects(bad, (error) => isProblem(error, 'invalid_body'));
  assert.equal((await portals.getPortal(base.db, portal.client_id))?.name, 'Good');
  await assert.rejects(portals.createPortal(base, { client_id: 'never', name: 'Bad' }, refuse));
  assert.equal(await portals.getPortal(base.db, 'never'), undefined);
});

test('a public portal cannot hold client credentials', async () => {
  const settings = { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] } as const;
  const draft = { name: 'P', settings: { ...settings, grant_types: [...settings.grant_types] } };
  await assert.rejects(portals.createPortal(base, draft, anything), (error) => isProblem(error, 'invalid_body'));
});

test('nested settings are laid over the old ones; another expiry brings its lifetimes', async () => {
  const { portal } = await portals.createPortal(base, { name: 'N', app_type: 'native' }, anything);
  const settings = { jwt_configuration: { lifetime_in_seconds: 60 }, refresh_token: { leeway: 5 } };
  const once = await portals.updatePortal(base, portal.client_id, { settings }, anything);
  assert.equal(once.settings.jwt_configuration.lifetime_in_seconds, 60);
  assert.equal(once.settings.jwt_configuration.alg, 'RS256');
  assert.equal(once.settings.refresh_token.leeway, 5);
  assert.equal(once.settings.refresh_token.rotation_type, 'rotating');
  const endless = { refresh_token: { expiration_type: 'non-expiring' as const } };
  const twice = await portals.updatePortal(base, portal.client_id, { settings: endless }, anything);
  assert.equal(twice.settings.refresh_token.infinite_token_lifetime, true);
});

test('a portal is cached, but not whether it is open', async () => {
  const { portal } = await portals.createPortal(base, { name: 'Before' }, anything);
  const id = portal.client_id;
  const cached = await portals.portal(base, id);
  assert.ok(cached && !('enabled' in cached));
  await portals.updatePortal(base, id, { enabled: false, name: 'After' }, anything);
  assert.equal(await portals.portalIsEnabled(base.db, id), false);
  await base.settings.refresh();
  assert.equal((await portals.portal(base, id))?.name, 'After');
  assert.equal(await portals.portal(base, 'made up'), undefined);
  assert.equal(await portals.portal(base, 'a\0b'), undefined);
});

test('a portal that did not exist is found as soon as it does', async () => {
  assert.equal(await portals.portal(base, 'soon'), undefined);
  await portals.createPortal(base, { client_id: 'soon', name: 'Soon' }, anything);
  assert.equal((await portals.portal(base, 'soon'))?.name, 'Soon');
});

test('lists go on after a row, in a steady order', async () => {
  const all = await portals.listPortals(base.db, { limit: 100, start: { offset: 0 } });
  const seen: string[] = [];
  let start: Parameters<typeof portals.listPortals>[1]['start'] = { offset: 0 };
  for (;;) {
    const [next] = await portals.listPortals(base.db, { limit: 1, start });
    if (!next) break;
    seen.push(next.client_id);
    start = { after: { created_at: next.created_at, id: next.client_id } };
  }
  assert.deepEqual(
    seen,
    all.map((one) => one.client_id),
  );
  assert.equal(await portals.countPortals(base.db), all.length);
});

test('a brand with portals cannot be removed; an unknown brand cannot have one', async () => {
  const brand = await createBrand(base, { slug: 'held', name: 'Held' });
  const { portal } = await portals.createPortal(base, { name: 'P', brand: brand.id }, anything);
  await assert.rejects(removeBrand(base, brand.id), (error) => isProblem(error, 'conflict'));
  await portals.removePortal(base, portal.client_id);
  await removeBrand(base, brand.id);
  const lost = portals.createPortal(base, { name: 'P', brand: brand.id }, anything);
  await assert.rejects(lost, (error) => isProblem(error, 'invalid_body'));
});

test('an API is made, found by its audience, changed and removed with its grants', async () => {
  const api = await portals.createApi(base, { identifier: 'my-api', scopes: [{ value: 'read:it' }] });
  assert.match(api.id, /^[0-9a-f]{24}$/);
  assert.equal(api.settings.token_lifetime, 86_400);
  assert.deepEqual(await portals.apiByIdentifier(base, 'my-api'), api);
  assert.deepEqual(await portals.getApi(base.db, api.id), api);
  const twice = portals.createApi(base, { identifier: 'my-api' });
  await assert.rejects(twice, (error) => isProblem(error, 'already_exists'));

  const { portal } = await portals.createPortal(base, { name: 'M', app_type: 'non_interactive' }, anything);
  const draft = { client_id: portal.client_id, audience: 'my-api', scope: ['read:it', 'read:it'] };
  const grant = await portals.createGrant(base, draft);
  assert.deepEqual(grant.scope, ['read:it']);
  assert.deepEqual(await portals.grantFor(base, portal.client_id, 'my-api'), grant);
  await assert.rejects(portals.createGrant(base, draft), (error) => isProblem(error, 'already_exists'));
  const lost = portals.createGrant(base, { ...draft, audience: 'nothing' });
  await assert.rejects(lost, (error) => isProblem(error, 'not_found'));
  assert.deepEqual((await portals.updateGrant(base, grant.id, [])).scope, []);

  const changed = await portals.updateApi(base, api.id, { name: 'Mine', settings: { allow_offline_access: true } });
  assert.equal(changed.settings.allow_offline_access, true);
  assert.deepEqual(changed.scopes, api.scopes);
  await portals.removeApi(base, 'my-api');
  await base.settings.refresh();
  assert.equal(await portals.apiByIdentifier(base, 'my-api'), undefined);
  assert.equal(await portals.grantFor(base, portal.client_id, 'my-api'), undefined);
});

test("the server's own API is made once, kept up to date, and not to be changed by others", async () => {
  const draft = { identifier: 'system', name: 'System', scopes: [{ value: 'a' }] };
  const [one, other] = await Promise.all([portals.ensureApi(base, draft), portals.ensureApi(base, draft)]);
  assert.equal(one.id, other.id);
  const more = await portals.ensureApi(base, { ...draft, scopes: [{ value: 'a' }, { value: 'b' }] });
  assert.equal(more.id, one.id);
  assert.equal(more.scopes.length, 2);
  await assert.rejects(portals.updateApi(base, one.id, { name: 'x' }), (error) => isProblem(error, 'invalid_body'));
  await assert.rejects(portals.removeApi(base, one.id), (error) => isProblem(error, 'invalid_body'));
});
