import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash as argon2Hash } from '@node-rs/argon2';
import { isProblem } from '../errors.ts';
import { createPasswordHasher } from './password-hash.ts';

test('a password is right, another is not, and neither is outdated', async () => {
  const hasher = createPasswordHasher();
  const hash = await hasher.hash('correct horse battery staple');
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.deepEqual(await hasher.verify(hash, 'correct horse battery staple'), { ok: true, outdated: false });
  assert.deepEqual(await hasher.verify(hash, 'correct horse battery stapl'), { ok: false, outdated: false });
  assert.equal(hasher.work().done, 3);
});

test('a hash with weaker parameters is outdated', async () => {
  const hasher = createPasswordHasher();
  const weak = await argon2Hash('some password', { memoryCost: 4096, timeCost: 1, parallelism: 1 });
  assert.deepEqual(await hasher.verify(weak, 'some password'), { ok: true, outdated: true });
});

test('the dummy does one hash and takes about as long as a verification', async () => {
  const hasher = createPasswordHasher({ parallel: 1 });
  const hash = await hasher.hash('some password');
  const timeOf = async (act: () => Promise<unknown>) => {
    const start = performance.now();
    await act();
    return performance.now() - start;
  };
  const before = hasher.work().done;
  await hasher.dummy('x');
  assert.equal(hasher.work().done, before + 1);
  // The shortest of several, in turns: whatever else the machine does only adds to them.
  let [dummy, verification] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let turn = 0; turn < 9; turn += 1) {
    dummy = Math.min(dummy, await timeOf(() => hasher.dummy('x')));
    verification = Math.min(verification, await timeOf(() => hasher.verify(hash, 'x')));
  }
  const ratio = dummy / verification;
  assert.ok(ratio > 0.5 && ratio < 2, `dummy takes ${ratio} times a verification`);
});

test('never more at once than allowed; who comes when too many wait is told to come back', async () => {
  const hasher = createPasswordHasher({ parallel: 2, waiting: 3 });
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, hasher.work().running);
  }, 1);
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => hasher.dummy('x')));
  clearInterval(watch);
  const refused = all.filter((one) => one.status === 'rejected');
  assert.equal(refused.length, 3, '2 run, 3 wait, 3 are refused');
  for (const one of refused) assert.ok(isProblem(one.reason, 'busy') && one.reason.extra.retry_after === 2);
  assert.equal(most, 2);
  assert.deepEqual(hasher.work(), { done: 5, running: 0, waiting: 0 });
  assert.equal((await hasher.verify(await hasher.hash('again'), 'again')).ok, true, 'and goes on afterwards');
});
