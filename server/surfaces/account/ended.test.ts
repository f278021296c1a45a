import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { signInWith, signUp } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { type Db, transact } from '../../base/db.ts';
import { createAccount, waysIn } from '../../features/accounts/accounts.ts';
import { defaultPasswordConnection } from '../../features/connections/connections.ts';
import {
  type Customer,
  findById,
  findBySubject,
  identitiesOf,
  lockCustomers,
  merge,
  proofsOf,
  setBlocked,
  setErasure,
} from '../../features/customers/customers.ts';
import { endSessions } from '../oidc/oidc.ts';

// All sessions are ended while one of them changes a way in: the change comes too late.

let scene: Awaited<ReturnType<typeof openTextScene>>;
before(async () => {
  scene = await openTextScene();
  await scene.carry(true);
});
after(() => scene.close());

const password = 'correct horse battery';
const account = () => `${scene.world.url}/account`;

/** Sends a form, and ends everything of this customer before it is written. */
async function endedMeanwhile(customer: string, send: () => Promise<Page>): Promise<Page> {
  const { db } = scene.world.base;
  const { sent } = await transact(db, async (tx) => {
    // As a reset of the password does: the customer first, then the sessions.
    await lockCustomers(tx, [customer]);
    const sending = send();
    await someoneWaits(db);
    await endSessions(tx, customer);
    return { sent: sending };
  });
  return sent;
}

test('security row 3: a session that is ended while it changes the address changes none', async () => {
  const { world } = scene;
  const browser = world.browser();
  await signUp(world, browser, 'ended-email@example.com', password);
  const { id } = await world.customer('ended-email@example.com');
  const form = await browser.submit(await browser.open(`${account()}/email`), 'email', { username: 'new@example.com' });
  const { code } = await world.mail('new@example.com');
  await endedMeanwhile(id, () => browser.submit(form, 'verify', { code }));
  assert.equal((await findById(world.base.db, id))?.email, 'ended-email@example.com');
});

test('security row 3: a session that is ended while it adds a number adds none', async () => {
  const { world } = scene;
  const browser = world.browser();
  await signUp(world, browser, 'ended-phone@example.com', password);
  const { id } = await world.customer('ended-phone@example.com');
  const phone = '+4915111110009';
  const form = await browser.submit(await browser.open(`${account()}/phone`), 'phone', { phone });
  const code = await scene.codeTo(phone);
  await endedMeanwhile(id, () => browser.submit(form, 'phone-code', { code }));
  assert.deepEqual(
    (await proofsOf(world.base.db, id)).filter(({ kind }) => kind === 'phone'),
    [],
  );
});

test('security row 3: a session that is ended while it sets a first password sets none', async () => {
  const { world } = scene;
  const [person, email] = ['310000000000009901', 'ended-password@gmail.com'];
  world.networks.google.people.add({ id: person, name: 'Some Body', givenName: 'Some', familyName: 'Body', email });
  const browser = world.browser();
  await signInWith(world, browser, 'google-oauth2', person);
  const { id } = await world.customer(email);
  const form = await browser.open(`${account()}/password`);
  await endedMeanwhile(id, () => browser.submit(form, 'password', { password }));
  assert.deepEqual(
    (await waysIn(world.base.db, id)).filter(({ kind }) => kind === 'password'),
    [],
  );
});

for (const [what, become] of [
  ['is blocked', (tx, { id }) => setBlocked(tx, id, true, { by: 'api', origin: 'test', at: new Date() })],
  ['is about to be erased', (tx, { id }) => setErasure(tx, id, new Date(Date.now() + 86_400_000))],
  [
    'became part of another account',
    async (tx, { id: loser }) => {
      const { id: winner } = await scene.ownerOf('+4915111110013', 'took-over@example.com');
      const act = { by: 'api', origin: 'test', at: new Date(), endSessions: async () => {} } as const;
      await merge(tx, { winner, loser, ...act, settleConsents: async () => {} });
    },
  ],
] as const satisfies readonly (readonly [string, (tx: Db, customer: Customer) => Promise<unknown>])[]) {
  test(`who ${what} sees no account and changes nothing, even if a session were left`, async () => {
    const { world } = scene;
    const { db } = world.base;
    const browser = world.browser();
    const email = `left-${what.replaceAll(' ', '-')}@example.com`;
    await signUp(world, browser, email, password);
    const customer = await world.customer(email);
    const form = await browser.open(`${account()}/known/value?path=given_name`);
    await transact(db, async (tx) => {
      await become(tx, customer);
    });
    assert.match((await browser.open(`${account()}/known`)).url.pathname, /\/login$/);
    const sent = await browser.submit(form, 'correct', { value: 'Mallory' });
    assert.match(sent.url.pathname, /\/login$/, sent.text);
    assert.notEqual((await findById(db, customer.id))?.given_name, 'Mallory');
  });
}

test('two ways in that are taken away at once do not count on each other: one of them stays', async () => {
  const { world } = scene;
  const { db } = world.base;
  const browser = world.browser();
  const person = '23000000099';
  const told = { name: 'Two Ways', givenName: 'Two', familyName: 'Ways', email: 'two-ways@example.com' };
  world.networks.facebook.people.add({ id: person, ...told });
  await signInWith(world, browser, 'facebook', person);
  const { id } = await world.customer('two-ways@example.com');
  const at = new Date();
  const { subject } = await createAccount(world.base, db, {
    ...{ connection: defaultPasswordConnection, username: 'two_ways', password },
    ...{ emailVerified: false, facts: [], origin: 'api' },
  });
  const holder = (await findBySubject(db, subject))?.id ?? '';
  const act = { by: 'api', origin: 'test', at, endSessions: async () => {} } as const;
  await transact(db, (tx) => merge(tx, { winner: id, loser: holder, ...act, settleConsents: async () => {} }));
  assert.deepEqual((await waysIn(db, id)).map(({ kind }) => kind).sort(), ['network', 'password']);

  const page = await browser.open(`${account()}/ways`);
  const facebook = (await identitiesOf(db, id)).find(({ provider }) => provider === 'facebook')?.subject ?? '';
  const { sent } = await transact(db, async (tx) => {
    await lockCustomers(tx, [id]);
    const first = browser.submit(page, 'password-remove');
    await someoneWaits(db);
    const second = browser.submit(page, 'unlink', {}, facebook);
    await someoneWaits(db, 2);
    return { sent: Promise.all([first, second]) };
  });
  const answers = await sent;
  assert.equal((await waysIn(db, id)).length, 1, answers.map(({ text }) => text).join());
});
