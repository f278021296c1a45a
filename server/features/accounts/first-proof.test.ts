import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountScene, type Scene } from '../../../test/account-scene.ts';
import { testBase } from '../../../test/base.ts';
import { networkIdentity } from '../../../test/people.ts';
import { addIdentity, identitiesOf, proofsOf } from '../customers/customers.ts';
import { recordProof } from './accounts.ts';

let scene: Scene;
before(async () => {
  scene = await accountScene(await testBase());
});
after(() => scene.base.close());

test('ten first proofs of one account at once end in one state', async () => {
  const email = 'raced@example.com';
  const { customer, subject } = await scene.account(email, 'the password of somebody');
  await addIdentity(scene.base.db, customer.id, networkIdentity('google-oauth2', 'raced'));
  const { endSessions } = scene;
  const proof = {
    customer: customer.id,
    subject,
    address: email,
    how: 'link',
    origin: 'page',
    used: [],
    endSessions,
  } as const;
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => recordProof(scene.base.db, proof)));
  assert.ok(all.every((one) => one.status === 'fulfilled'));
  assert.equal((await identitiesOf(scene.base.db, customer.id)).length, 1);
  assert.equal((await proofsOf(scene.base.db, customer.id)).length, 1);
});
