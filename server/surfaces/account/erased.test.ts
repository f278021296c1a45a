import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { codeOf, secretOn } from '../../../test/authenticator-app.ts';
import { findPlanted } from '../../../test/find-planted.ts';
import type { Page } from '../../../test/http-browser.ts';
import { atNetwork, openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem } from '../../base/errors.ts';
import { cleanOutbox } from '../../base/outbox.ts';
import { erasures } from '../../customer-data.ts';
import { askErasure, createAccount, eraseDue, keepAccount } from '../../features/accounts/accounts.ts';
import { defaultBrand } from '../../features/brands/brands.ts';
import {
  explain,
  findByUserId,
  identitiesOf,
  learn,
  removeCustomer,
  setErasure,
} from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { endSessions } from '../oidc/oidc.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const { db } = base;
const password = 'correct horse battery';
const account = `${world.url}/account`;
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';
const asked = { brand: await defaultBrand(base), language: 'en', ip: '192.0.2.1' } as const;

async function act(email: string) {
  const { id } = await world.customer(email);
  const [identity] = await identitiesOf(db, id);
  return { customer: id, subject: identity?.subject ?? '', asked };
}
const ask = async (email: string, on: Db = db) =>
  askErasure({ ...base, db: on }, { ...(await act(email)), endSessions });
const erase = async (email: string, on: Db = db) =>
  removeCustomer(on, (await world.customer(email)).id, { at: new Date(), endSessions, others: erasures });
async function jobsDone(): Promise<void> {
  for (let left = 1; left > 0; await sleep(50)) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from graphile_worker.jobs where run_at <= now()`.execute(db);
    left = rows[0]?.count ?? 0;
  }
}

test('an erased customer is found in no table, in no job and in no log line; both addresses are gone', async () => {
  const mark = 'planted-everywhere';
  const email = `${mark}@example.com`;
  const google = {
    id: '600000000000001',
    name: `Jane ${mark}`,
    givenName: mark,
    familyName: mark,
    email: `${mark}@gmail.com`,
  };
  world.networks.google.people.add(google);
  const browser = world.browser();
  await world.tokens(await signUp(world, browser, email, password));
  const page = await browser.open(`${account}/ways`);
  await atNetwork(browser, await browser.submit(page, 'link', {}, 'google-oauth2'), google.id);
  const { subject } = await act(email);
  await learn(db, subject, [
    { path: `user_metadata.x`, value: mark, source: 'customer', origin: 'test', at: new Date() },
  ]);
  // Begun and left lying: a wrong password, a code to sign in, a link for a new password, a sign-up.
  await signIn(world, world.browser(), email, 'not it');
  const door = await world.browser().open(world.door('lumiere', { login_hint: email }));
  assert.ok(door.html.includes(email));
  await signUp(world, world.browser(), email, password).catch(() => undefined);
  assert.ok((await findPlanted(db, mark)).length > 7, 'it was planted');
  assert.ok(
    (await findPlanted(db, mark)).some((table) => table.startsWith('flows')),
    'also in flows',
  );

  await browser.submit(await browser.open(`${account}/erase`), 'erase');
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 14.1 * 86_400_000 });
  await eraseDue(base, { endSessions, others: erasures });
  assert.equal((await world.mail(email)).kind, 'erased');
  await cleanOutbox(db);
  mock.timers.reset();
  await jobsDone();
  assert.deepEqual(await findPlanted(db, mark), []);
  assert.deepEqual(
    world.logged.filter((line) => line.includes(mark)),
    [],
  );
});

test('what others have at an address that the erased one only claimed, or shared, stays', async () => {
  const email = 'claimed@example.com';
  const owner = world.browser();
  await signUp(world, owner, email, password);
  const before = (await world.mails(email)).length;
  const liar = '600000000000002';
  world.networks.facebook.people.add({ id: liar, name: 'Liar', givenName: 'L', familyName: 'Iar', email });
  const page = await signInWith(world, world.browser(), 'facebook', liar);
  const apart = page.url.pathname.endsWith('/conflict') ? await world.browser() : undefined;
  assert.ok(apart, page.text);
  const { subject } = await createAccount(base, db, {
    connection: 'elsewhere',
    email,
    emailVerified: false,
    facts: [],
    origin: 'test',
  });
  const claimer = await db
    .selectFrom('members')
    .select('customer')
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  await removeCustomer(db, claimer.customer, { at: new Date(), endSessions, others: erasures });
  assert.equal((await world.mails(email)).length, before);
  assert.ok(atShop(await signIn(world, world.browser(), email, password)));
});

test('nobody but the person brings an erased address back; by page they start empty under a new id', async () => {
  const email = 'comes-back@example.com';
  const browser = world.browser();
  const { sub } = (await world.tokens(await signUp(world, browser, email, password))).claims;
  await learn(db, (await act(email)).subject, [
    { path: 'given_name', value: 'Remembered', source: 'customer', origin: 'test', at: new Date() },
  ]);
  await erase(email);
  const draft = {
    connection: 'customers',
    email: 'Comes-Back@example.com',
    emailVerified: true,
    facts: [],
    origin: 'import',
  };
  await assert.rejects(createAccount(base, db, draft), (error) => isProblem(error, 'address_erased'));
  const back = await signUp(world, world.browser(), email, password);
  assert.ok(atShop(back), back.text);
  const { claims } = await world.tokens(back);
  assert.notEqual(claims.sub, sub);
  assert.equal(await findByUserId(db, String(sub)), undefined);
  const { id } = await world.customer(email);
  assert.deepEqual(
    (await explain(db, id)).map(({ path }) => path),
    ['email'],
  );
  await createAccount(base, db, { ...draft, connection: 'another store' });
});

test('who comes back by a network starts empty, too, and lifts the hold', async () => {
  const [id, email] = ['600000000000003', 'comes-back@gmail.com'];
  world.networks.google.people.add({ id, name: 'Back Again', givenName: 'Back', familyName: 'Again', email });
  const { sub } = (await world.tokens(await signInWith(world, world.browser(), 'google-oauth2', id))).claims;
  assert.equal(sub, `google-oauth2|${id}`);
  await erase(email);
  const draft = { connection: 'customers', email, emailVerified: true, facts: [], origin: 'import' };
  await assert.rejects(createAccount(base, db, draft), (error) => isProblem(error, 'address_erased'));
  const { claims } = await world.tokens(await signInWith(world, world.browser(), 'google-oauth2', id));
  assert.match(String(claims.sub), /^google-oauth2\|[0-9a-f]{24}$/);
  await createAccount(base, db, draft);
});

for (const [name, end] of [
  ['asking to be erased', ask],
  ['erasing', erase],
] as const) {
  test(`security row 3: ${name} first, while a sign-in is on its way: nobody is signed in`, async () => {
    const email = `first-${end.name}@example.com`;
    await signUp(world, world.browser(), email, password);
    const browser = world.browser();
    const form = await browser.open(world.door());
    const { signing } = await transact(db, async (tx) => {
      await end(email, tx);
      const signing = browser.submit(form, 'login', { username: email, password });
      await someoneWaits(db);
      return { signing };
    });
    const page = await signing;
    assert.ok(!atShop(page), page.url.href);
    assert.ok(page.status >= 400 || page.url.pathname.endsWith('/keep'), page.text);
    assert.match((await browser.open(account)).url.pathname, /\/login$/);
    const { rows } =
      await sql`select from sessions s join customers c on c.id = s.customer where c.email = ${email}`.execute(db);
    assert.equal(rows.length, 0);
  });

  test(`security row 3: ${name} after a sign-in: its code and its tokens are good for nothing`, async () => {
    const email = `after-${end.name}@example.com`;
    await signUp(world, world.browser(), email, password);
    const used = await world.tokens(await signIn(world, world.browser(), email, password));
    const browser = world.browser();
    const waiting = await signIn(world, browser, email, password);
    await end(email);
    assert.equal((await world.tokens(waiting)).body.error, 'invalid_grant');
    const refresh = { grant_type: 'refresh_token', refresh_token: String(used.body.refresh_token) };
    assert.equal((await world.token(refresh)).status, 403);
    const headers = { authorization: `Bearer ${used.body.access_token}` };
    assert.equal((await fetch(`${world.url}/userinfo`, { headers })).status, 401);
    assert.match((await browser.open(account)).url.pathname, /\/login$/);
  });
}

test('security row 3: who asks to be erased while a session of theirs comes to the shop is not signed in there', async () => {
  const email = 'comes-by-session@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const { logins_count: before } = await world.customer(email);
  const { coming } = await transact(db, async (tx) => {
    await ask(email, tx);
    const coming = browser.open(world.door());
    await someoneWaits(db);
    return { coming };
  });
  const page = await coming;
  assert.ok(!atShop(page), page.url.href);
  assert.equal((await world.customer(email)).logins_count, before);
});

test('security row 3: who is about to be erased gets nothing by what was left of a sign-in, and keeps nothing by it', async () => {
  const email = 'left-over@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const used = await world.tokens(await signIn(world, world.browser(), email, password));
  const waiting = await signIn(world, world.browser(), email, password);
  const { id } = await world.customer(email);
  // Asking ends all of this: here it is as if something had not been told yet.
  await setErasure(db, id, new Date(Date.now() + 86_400_000));
  assert.equal((await world.tokens(waiting)).body.error, 'invalid_grant');
  const refresh = { grant_type: 'refresh_token', refresh_token: String(used.body.refresh_token) };
  assert.equal((await world.token(refresh)).status, 403);
  const headers = { authorization: `Bearer ${used.body.access_token}` };
  assert.equal((await fetch(`${world.url}/userinfo`, { headers })).status, 401);
  const page = await browser.open(world.door());
  assert.ok(!atShop(page), page.url.href);
  assert.doesNotMatch(page.url.pathname, /\/keep$/, 'a session is no proof that they are back');
  assert.ok((await world.customer(email)).erase_at);
});

test('security row 3: what was mailed before somebody asked to be erased is dead, also once they keep the account', async () => {
  const email = 'mailed-before@example.com';
  await signUp(world, world.browser(), email, password);
  const browser = world.browser();
  const forgot = await browser.follow(await browser.open(world.door()), 'Forgot your password?');
  await browser.submit(forgot, 'forgot', { username: email });
  const { link } = await world.mail(email, 'reset_password');
  assert.equal((await browser.open(link)).status, 200);
  await ask(email);
  assert.equal((await browser.open(link)).status, 410);
  await keepAccount(base, await act(email));
  assert.equal((await browser.open(link)).status, 410);
});

test('kept in the very moment: it is erased or kept, never half', async () => {
  const email = 'moment@example.com';
  await signUp(world, world.browser(), email, password);
  const who = await act(email);
  await ask(email);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 14.1 * 86_400_000 });
  await transact(db, async (tx) => {
    await keepAccount({ ...base, db: tx }, who);
    const erasing = eraseDue(base, { endSessions, others: erasures });
    await someoneWaits(db);
    return { erasing };
  }).then(({ erasing }) => erasing);
  mock.timers.reset();
  assert.equal((await world.customer(email)).erase_at, null);
  assert.ok(atShop(await signIn(world, world.browser(), email, password)));
});

test('who is about to be erased is joined to nobody', async () => {
  const email = 'joined@example.com';
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const id = '600000000000004';
  world.networks.google.people.add({
    id,
    name: 'O Ther',
    givenName: 'O',
    familyName: 'Ther',
    email: 'o-ther@gmail.com',
  });
  await signInWith(world, world.browser(), 'google-oauth2', id);
  await ask('o-ther@gmail.com');
  const page = await browser.open(`${account}/ways`);
  const join = await atNetwork(browser, await browser.submit(page, 'link', {}, 'google-oauth2'), id);
  const refused = await browser.submit(join, 'join');
  assert.equal(refused.status, 409);
  assert.match(refused.text, /One of these accounts is about to be erased/);
});

test('security row 15: who comes back keeps the account only past the second factor', async () => {
  const email = 'factor-first@example.com';
  const policy = async (mfa: 'always' | null) => {
    await updatePortal(base, portalIds.lumiere, { settings: { mfa } }, () => undefined);
    await base.settings.refresh();
  };
  await signUp(world, world.browser(), email, password);
  await policy('always');
  try {
    const browser = world.browser();
    const scan = await browser.submit(await signIn(world, browser, email, password), 'enrol');
    const secret = secretOn(scan);
    const codes = await browser.submit(scan, 'enrol-app', { code: codeOf(secret) });
    assert.ok(atShop(await browser.submit(codes, 'recovery-codes', { kept: 'yes' })));
    await ask(email);
    const asked = await browser.submit(await signIn(world, browser, email, password), 'keep');
    assert.match(asked.url.pathname, /\/factor$/, asked.text);
    assert.ok((await world.customer(email)).erase_at, 'a password alone keeps nothing');
    const wrong = await browser.submit(asked, 'factor', { code: '000000' });
    assert.ok((await world.customer(email)).erase_at);
    assert.ok(atShop(await browser.submit(wrong, 'factor', { code: codeOf(secret, 1) })));
    assert.equal((await world.customer(email)).erase_at, null);
  } finally {
    await policy(null);
  }
});
