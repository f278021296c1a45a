import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { likePages } from '../../../demo/networks/liked-pages.ts';
import { openWorld, signInWith } from '../../../test/sign-in-world.ts';
import { currentConsents } from '../../features/consents/consents.ts';
import { customersByEmail, explain } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { facebook } = world.networks;

function fan(id: string, email: string): string {
  const likes = likePages(0, 60);
  const birthday = { year: 1990, month: 2, day: 28 };
  facebook.people.add({ id, name: 'Fan', givenName: 'Fan', familyName: 'Fan', email, likes, birthday });
  return id;
}
const customerOf = async (email: string) => {
  const [customer] = await customersByEmail(world.base.db, email);
  assert.ok(customer);
  return customer;
};
const likesAsked = () => facebook.requests.filter(({ endpoint }) => endpoint === 'likes').length;

test('the page before leaving says what is read and why, and both answers are as easy', async () => {
  const browser = world.browser();
  const page = await browser.submit(await browser.open(world.door()), 'network', {}, 'facebook');
  assert.match(page.url.pathname, /\/connect$/);
  assert.match(page.text, /pages that you like at Facebook\? They tell us which products suit you/);
  assert.deepEqual(
    page.forms[0]?.buttons.map(({ name, value }) => [name, value]),
    [
      ['likes', 'yes'],
      ['likes', 'no'],
    ],
  );
});

test('with a yes the likes are read to the end, with birthday and sources, and the yes is a row', async () => {
  const id = fan('20000000001', 'fan-yes@example.com');
  await signInWith(world, world.browser(), 'facebook', id, { likes: 'yes' });
  const customer = await customerOf('fan-yes@example.com');
  assert.equal(Array.isArray(customer.attributes.likes) && customer.attributes.likes.length, 60);
  assert.equal(customer.attributes.birthdate, '1990-02-28');
  const facts = await explain(world.base.db, customer.id);
  for (const path of ['likes', 'birthdate', 'email', 'name']) {
    const fact = facts.find((one) => one.path === path);
    assert.deepEqual([fact?.source, fact?.origin, fact?.identity], ['network', 'facebook', `facebook|${id}`], path);
  }
  const [consent, another] = await currentConsents(world.base.db, customer.id);
  assert.equal(another, undefined);
  assert.partialDeepStrictEqual(consent, { purpose: 'enrichment', topic: 'facebook', given: true, language: 'en' });
  assert.match(consent?.wording ?? '', /May Lumière also read the pages/);
});

test('without it they are neither asked for, nor read, nor stored', async () => {
  const before = likesAsked();
  const id = fan('20000000002', 'fan-no@example.com');
  await signInWith(world, world.browser(), 'facebook', id, { likes: 'no' });
  const customer = await customerOf('fan-no@example.com');
  assert.equal(customer.attributes.likes, undefined);
  assert.equal(likesAsked(), before);
  const asked = facebook.requests.findLast(({ endpoint }) => endpoint === 'authorize');
  assert.doesNotMatch(String(asked?.query.scope), /likes/);
  const [consent] = await currentConsents(world.base.db, customer.id);
  assert.equal(consent?.given, false);
});

test('a later no takes the likes away; who was asked goes straight on', async () => {
  const id = fan('20000000003', 'fan-later@example.com');
  const browser = world.browser();
  await signInWith(world, browser, 'facebook', id, { likes: 'yes' });
  browser.jar.remove('regulars');
  const before = likesAsked();
  const page = await browser.submit(await browser.open(world.door()), 'network', {}, 'facebook');
  assert.equal(page.url.origin, 'http://lumiere.example', 'one click, for the network has a session');
  assert.equal(likesAsked(), before, 'and nothing more is read than the first answer allowed');
  assert.equal(Array.isArray((await customerOf('fan-later@example.com')).attributes.likes), true);

  await signInWith(world, world.browser(), 'facebook', id, { likes: 'no' });
  const customer = await customerOf('fan-later@example.com');
  assert.deepEqual(customer.attributes.likes, []);
  const [consent] = await currentConsents(world.base.db, customer.id);
  assert.equal(consent?.given, false);
});

test('thousands of likes are kept, too', async () => {
  const likes = Array.from({ length: 1900 }, (_, number) => ({
    id: String(100_000_000_000_000 + number),
    name: `A page about the many things of life, number ${number}`,
    category: 'Health/beauty',
    likedAt: '2024-01-01T00:00:00Z',
  }));
  const person = { name: 'Big Fan', givenName: 'Big', familyName: 'Fan', email: 'big-fan@example.com', likes };
  facebook.people.add({ id: '20000000004', ...person });
  await signInWith(world, world.browser(), 'facebook', '20000000004', { likes: 'yes' });
  const kept = (await customerOf('big-fan@example.com')).attributes.likes;
  assert.equal(Array.isArray(kept) && kept.length, 1900);
});
