import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createAuthenticator } from '../../../test/authenticator.ts';
import type { Page } from '../../../test/http-browser.ts';
import { createOptionsOf, signUpWithoutPassword, usePasskey } from '../../../test/passkey-steps.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { waysIn } from '../../features/accounts/accounts.ts';
import { customersByEmail } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';

async function waysOf(email: string): Promise<string[]> {
  return (await waysIn(world.base.db, (await world.customer(email)).id)).map(({ kind }) => kind);
}

test('a new customer signs up with a passkey: nothing exists before it is made', async () => {
  const email = 'passkey-first@example.com';
  const browser = world.browser();
  const page = await signUpWithoutPassword(world, browser, email);
  assert.match(page.url.pathname, /\/first-way$/);
  assert.deepEqual(await customersByEmail(world.base.db, email), []);
  const keys = createAuthenticator(world.url);
  const done = await browser.submit(page, 'first-passkey', { credential: keys.create(createOptionsOf(page)) });
  const { claims } = await world.tokens(done);
  assert.deepEqual(claims.amr, ['otp', 'swk', 'user', 'mfa']);
  assert.equal(claims.email_verified, true);
  assert.deepEqual(await waysOf(email), ['passkey', 'code']);
  const again = await world.tokens(await usePasskey(world, world.browser(), keys));
  assert.equal(again.claims.sub, claims.sub);
});

test('the passkey is not a must: a password, or neither', async () => {
  const [first, second] = ['password-after-all@example.com', 'codes-only@example.com'];
  const browser = world.browser();
  const page = await signUpWithoutPassword(world, browser, first);
  const weak = await browser.submit(page, 'first-password', { password: 'short' });
  assert.match(weak.html, /id="password-error"/);
  assert.ok(atShop(await browser.submit(weak, 'first-password', { password })));
  assert.deepEqual(await waysOf(first), ['password', 'code']);
  assert.ok(atShop(await signIn(world, world.browser(), first, password)));

  const other = world.browser();
  const choices = await signUpWithoutPassword(world, other, second);
  assert.ok(atShop(await other.submit(choices, 'first-none')));
  assert.deepEqual(await waysOf(second), ['code']);
});

test('a reload goes on, the choice sent twice makes one account, and the answer belongs to this sign-up', async () => {
  const [email, others] = ['reloads@example.com', 'other-sign-up@example.com'];
  const browser = world.browser();
  const keys = createAuthenticator(world.url);
  const page = await signUpWithoutPassword(world, browser, email);
  const foreign = await signUpWithoutPassword(world, world.browser(), others);
  const wrong = await browser.submit(page, 'first-passkey', { credential: keys.create(createOptionsOf(foreign)) });
  assert.match(wrong.text, /That took too long/);
  const unasked = await browser.submit(wrong, 'first-passkey', { credential: '{}' });
  assert.equal(unasked.status, 403);
  const reloaded = await browser.open(page.url);
  const credential = keys.create(createOptionsOf(reloaded));
  const both = await Promise.all([
    browser.submit(reloaded, 'first-passkey', { credential }),
    browser.submit(reloaded, 'first-passkey', { credential }),
  ]);
  assert.ok(both.some(atShop));
  assert.equal((await customersByEmail(world.base.db, email)).length, 1);
  const late = await browser.open(page.url);
  assert.ok(!late.text.includes('Create a passkey'), 'it is over');
});

test('security row 19: an address that is known looks the same until its code is typed, and is asked nothing then', async () => {
  const email = 'has-account@example.com';
  await signUp(world, world.browser(), email, password);
  const browser = world.browser();
  const known = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const typed = await browser.submit(known, 'signup', { username: email }, 'passkey');
  const other = world.browser();
  const fresh = await other.open(world.door('lumiere', { screen_hint: 'signup' }));
  const asked = await other.submit(fresh, 'signup', { username: 'no-account@example.com' }, 'passkey');
  assert.equal(typed.text.replace(email, ''), asked.text.replace('no-account@example.com', ''));
  assert.ok(atShop(await browser.submit(typed, 'verify', { code: (await world.mail(email)).code })));
  assert.deepEqual(await waysOf(email), ['password', 'code']);
});

test('an address that others claim: who stays apart is asked once, then chooses', async () => {
  const email = 'claimed-by-network@example.com';
  const id = '800000000000000001';
  world.networks.facebook.people.add({ id, name: 'A Person', givenName: 'A', familyName: 'Person', email });
  await signInWith(world, world.browser(), 'facebook', id);
  const browser = world.browser();
  const conflict = await signUpWithoutPassword(world, browser, email);
  assert.match(conflict.url.pathname, /\/conflict$/);
  const page = await browser.submit(conflict, 'conflict-apart');
  assert.match(page.url.pathname, /\/first-way$/);
  const keys = createAuthenticator(world.url);
  assert.ok(atShop(await browser.submit(page, 'first-passkey', { credential: keys.create(createOptionsOf(page)) })));
  assert.equal((await customersByEmail(world.base.db, email)).length, 2);
});

test('security row 8: the choice cannot be reached without the code, nor skipped to', async () => {
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  await browser.submit(page, 'signup', { username: 'skips@example.com' }, 'passkey');
  const choice = await browser.open(new URL('first-way', page.url));
  assert.match(choice.url.pathname, /\/login$/);
  const token = page.forms.find(({ action }) => action === 'signup')?.fields.token ?? '';
  const body = new URLSearchParams({ token, password });
  for (const step of ['first-none', 'first-password', 'first-passkey']) {
    const url = new URL(step, page.url);
    const answer = await browser.send(url, { method: 'POST', headers: { origin: world.url }, body });
    const leadsAway = answer.status === 303 && answer.headers.get('location')?.endsWith('/login?stay');
    assert.ok(answer.status >= 400 || leadsAway, step);
  }
  assert.deepEqual(await customersByEmail(world.base.db, 'skips@example.com'), []);
});
