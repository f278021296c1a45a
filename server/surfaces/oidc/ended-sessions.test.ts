// What was proven before all sessions of a customer were ended (block, password change, merge) opens nothing after it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import { endSessions } from './oidc.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
await signUp(world, world.browser(), 'anna@example.com', password);
const { id: customer } = await world.customer('anna@example.com');

const codeOf = (page: Page) => page.url.searchParams.get('code');
const endAll = (exceptSession?: string) =>
  transact(world.base.db, (tx) => endSessions(tx, customer, { exceptSession }));

/** Signs in on the page and does not follow where that leads. */
async function signInAndWait() {
  const browser = world.browser();
  const page = await browser.open(world.door());
  const [form] = page.forms.filter(({ action }) => action.endsWith('login'));
  assert.ok(form);
  const answer = await browser.send(new URL(form.action, page.url), {
    method: 'POST',
    headers: { origin: world.url },
    body: new URLSearchParams({ ...form.fields, username: 'anna@example.com', password }),
  });
  return { browser, next: answer.headers.get('location') ?? '' };
}

test('security row 3: a sign-in that waits at the page’s end does not outlive a reset of the password', async () => {
  const { browser, next } = await signInAndWait();
  assert.match(next, /\/authorize\//);
  await endAll();
  const page = await browser.open(next);
  assert.equal(codeOf(page), null);
  assert.equal(page.status, 400);
  const again = await browser.open(world.door('lumiere', { prompt: 'none' }));
  assert.equal(again.url.searchParams.get('error'), 'login_required');
});

test('security row 3: a request of a session that ends meanwhile is granted nothing that lasts', async () => {
  for (const pause of [0, 30, 60]) {
    const browser = world.browser();
    assert.ok(codeOf(await signIn(world, browser, 'anna@example.com', password)));
    const asked = Array.from({ length: 15 }, () => browser.open(world.door('lumiere', { prompt: 'none' })));
    await new Promise((resolve) => setTimeout(resolve, pause));
    await endAll();
    const codes = (await Promise.all(asked)).filter((page) => codeOf(page) !== null);
    for (const page of codes) assert.equal((await world.tokens(page)).status, 403);
  }
  const left = await world.base.db.selectFrom('grants').select('id').where('customer', '=', customer).execute();
  assert.deepEqual(left, []);
});

test('the session that is kept goes on, and what waits beside it ends', async () => {
  const browser = world.browser();
  await signIn(world, browser, 'anna@example.com', password);
  const { uid } = await world.base.db
    .selectFrom('sessions')
    .select('uid')
    .where('customer', '=', customer)
    .executeTakeFirstOrThrow();
  const other = await signInAndWait();
  await endAll(uid);
  const page = await browser.open(world.door('lumiere', { prompt: 'none' }));
  assert.equal((await world.tokens(page)).status, 200);
  assert.equal(codeOf(await other.browser.open(other.next)), null);
});
