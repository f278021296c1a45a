import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from '../../../test/http-browser.ts';
import { signInWith, signUp } from '../../../test/sign-in-world.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { transact } from '../../base/db.ts';
import { waysIn } from '../../features/accounts/accounts.ts';
import { findById, lockCustomers, proofsOf } from '../../features/customers/customers.ts';
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
