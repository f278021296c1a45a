import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { brandBySlug, listBrands, updateBrand } from '../../server/features/brands/brands.ts';
import { connectionByName, connectionsOf } from '../../server/features/connections/connections.ts';
import { getPortal, secretMatches } from '../../server/features/portals/portals.ts';
import { ensureSystemApi } from '../../server/surfaces/management/management.ts';
import { testBase } from '../../test/base.ts';
import { demoSecrets } from '../demo-secrets.ts';
import type { Places } from '../places.ts';
import { wireUmbrella } from './umbrella.ts';

const base = await testBase();
after(() => base.close());
await ensureSystemApi(base);

const places: Places = {
  server: 'http://localhost:4000',
  shops: { lumiere: 'http://localhost:4021', northtrail: 'http://localhost:4022' },
  outbox: 'http://localhost:4023',
  networks: {
    google: 'http://127.0.0.1:4010',
    facebook: 'http://127.0.0.1:4011',
    apple: 'http://127.0.0.1:4012',
    x: 'http://127.0.0.1:4013',
    github: 'http://127.0.0.1:4014',
  },
};

test('the umbrella has two brands, a portal each, and six connections that both offer', async () => {
  await wireUmbrella(base, places, demoSecrets(base.vault));
  const { brands } = await listBrands(base.db, { limit: 10, offset: 0 });
  assert.deepEqual(
    brands.map((brand) => brand.name),
    ['Lumière', 'Northtrail'],
  );
  for (const portal of ['lumiere-shop', 'northtrail-shop']) {
    const offered = await connectionsOf(base, portal);
    assert.deepEqual(
      new Set(offered.map((connection) => connection.strategy)),
      new Set(['auth0', 'google-oauth2', 'facebook', 'apple', 'twitter', 'github']),
    );
  }
});

test('when addresses change, they are told, and what staff changed stays', async () => {
  await wireUmbrella(base, places, demoSecrets(base.vault));
  const lumiere = await brandBySlug(base.db, 'lumiere');
  assert.ok(lumiere);
  await updateBrand(base, lumiere.id, { name: 'Lumière Paris' });
  const moved: Places = {
    ...places,
    shops: { ...places.shops, lumiere: 'http://localhost:5021' },
    networks: { ...places.networks, google: 'http://127.0.0.1:5010' },
  };
  const secrets = demoSecrets(base.vault);
  await wireUmbrella(base, moved, { ...secrets, shops: { ...secrets.shops, lumiere: 'another secret of the shop' } });
  const portal = await getPortal(base.db, 'lumiere-shop');
  assert.ok(portal);
  assert.deepEqual(portal.settings.callbacks, ['http://localhost:5021/callback']);
  assert.ok(secretMatches(portal, 'another secret of the shop', base.vault));
  const google = await connectionByName(base, 'google-oauth2');
  assert.partialDeepStrictEqual(google, { options: { origin: 'http://127.0.0.1:5010', birthday: true } });
  const { brands, total } = await listBrands(base.db, { limit: 10, offset: 0 });
  assert.equal(total, 2);
  assert.partialDeepStrictEqual(brands[0], { name: 'Lumière Paris', logo_url: 'http://localhost:5021/logo.svg' });
});
