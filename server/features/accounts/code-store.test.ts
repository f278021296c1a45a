import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { uuid } from '../../base/ids.ts';
import { insertCode, readOpenCode, tryCode } from './code-store.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

const right = Buffer.from('right');
const wrong = Buffer.from('wrong');
const at = new Date();

async function newCode() {
  const id = uuid();
  const expiresAt = new Date(at.getTime() + 1000);
  const rest = { customer: null, subject: null, address: null, data: {}, secretHash: right };
  await insertCode(base.db, { id, purpose: 'sign_in', flow: 'f', ...rest, at, expiresAt });
  return { id, purpose: 'sign_in', flow: 'f' };
}

test('of a hundred tries at once five are looked at, and after them not even the right one', async () => {
  const code = await newCode();
  const tries = Array.from({ length: 100 }, () => tryCode(base.db, { ...code, hashes: [wrong] }, at));
  const looked = (await Promise.all(tries)).filter((one) => one !== undefined);
  assert.deepEqual(new Set(looked.map((one) => one.triesLeft)), new Set([4, 3, 2, 1, 0]));
  assert.equal(looked.length, 5);
  assert.equal(await tryCode(base.db, { ...code, hashes: [right] }, at), undefined);
  assert.equal(await readOpenCode(base.db, code, at), undefined);
});

test('of a hundred right ones at once one is taken', async () => {
  const code = await newCode();
  const tries = Array.from({ length: 100 }, () => tryCode(base.db, { ...code, hashes: [wrong, right] }, at));
  assert.equal((await Promise.all(tries)).filter((one) => one?.right).length, 1);
});

test('not for another purpose or flow, nor after its end', async () => {
  const code = await newCode();
  for (const other of [{ purpose: 'sign_up' }, { flow: 'g' }, { flow: null }, { id: uuid() }]) {
    assert.equal(await tryCode(base.db, { ...code, ...other, hashes: [right] }, at), undefined);
    assert.equal(await readOpenCode(base.db, { ...code, ...other }, at), undefined);
  }
  const late = new Date(at.getTime() + 1000);
  assert.equal(await tryCode(base.db, { ...code, hashes: [right] }, late), undefined);
  assert.equal((await tryCode(base.db, { ...code, hashes: [right] }, at))?.right, true);
});
