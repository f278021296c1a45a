import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { isProblem } from '../../base/errors.ts';
import * as brands from './brands.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

test('a portal that names no brand gets the oldest; the first one is made, once', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => brands.defaultBrand(base)));
  assert.equal(new Set(made.map((brand) => brand.id)).size, 1);
  await brands.createBrand(base, { slug: 'later', name: 'Later' });
  assert.equal((await brands.defaultBrand(base)).slug, 'main');
});

test('a brand is made, read, changed and removed', async () => {
  const made = await brands.createBrand(base, {
    slug: 'lumiere',
    name: 'Lumière',
    theme: { primary: '#7a3b5d' },
    texts: { fr: { 'login.title': 'Bonjour' } },
    default_language: 'fr',
  });
  assert.deepEqual(await brands.getBrand(base.db, made.id), made);
  assert.deepEqual(await brands.brandBySlug(base.db, 'lumiere'), made);

  const changed = await brands.updateBrand(base, made.id, { name: 'Lumière Paris', logo_url: 'https://l.test/l.png' });
  assert.equal(changed.name, 'Lumière Paris');
  assert.deepEqual(changed.theme, made.theme, 'what the patch does not name stays');

  await brands.removeBrand(base, made.id);
  assert.equal(await brands.getBrand(base.db, made.id), undefined);
  await assert.rejects(brands.updateBrand(base, made.id, {}), (error) => isProblem(error, 'not_found'));
});

test('what no slug can be, a cookie or an address may say: it is no brand', async () => {
  for (const slug of ['', '\0', 'a\0', '\ud800', 'Upper', '../x', 'x'.repeat(10_000)]) {
    assert.equal(await brands.brandBySlug(base.db, slug), undefined);
  }
});

test('a slug belongs to one brand', async () => {
  await brands.createBrand(base, { slug: 'twice', name: 'One' });
  await assert.rejects(brands.createBrand(base, { slug: 'twice', name: 'Two' }), (error) =>
    isProblem(error, 'already_exists'),
  );
});

test('a cached brand is read anew after a change', async () => {
  const { id } = await brands.createBrand(base, { slug: 'cached', name: 'Before' });
  assert.equal((await brands.cachedBrand(base, id))?.name, 'Before');
  await brands.updateBrand(base, id, { name: 'After' });
  await base.settings.refresh();
  assert.equal((await brands.cachedBrand(base, id))?.name, 'After');
});

test('a list tells how many there are in all', async () => {
  const { brands: page, total } = await brands.listBrands(base.db, { limit: 1, offset: 1 });
  assert.equal(page.length, 1);
  assert.ok(total > 1);
});
