import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openVault } from '../crypto.ts';
import { hashesOf, makeCode, makeTicket, readCode, ticketId } from './one-time-code.ts';

const old = randomBytes(32);
const vault = openVault([old]);

test('codes have six digits, every first digit is as likely as another', () => {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 5000; i += 1) {
    const { secret } = makeCode(vault, { purpose: 'sign_in' });
    assert.match(secret, /^\d{6}$/);
    const digit = Number(secret[0]);
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 350 && count < 650, `about 500 each, not ${count}`);
});

test('a ticket has 43 characters and tells its id', () => {
  const { id, secret } = makeTicket(vault, { purpose: 'unblock' });
  assert.match(secret, /^[\w-]{43}$/);
  assert.equal(ticketId(secret), id);
  for (const wrong of ['', 'x', `${secret}x`, secret.slice(1), `${secret.slice(0, 42)}.`]) {
    assert.equal(ticketId(wrong), undefined);
  }
});

test('a secret is good only for its row, purpose, flow and act', () => {
  const binding = { purpose: 'prove_account', flow: 'flow-1', about: 'google-oauth2|1' };
  const { id, secret, hash } = makeCode(vault, binding);
  const right = (at: string, typed: string, bound: typeof binding) =>
    hashesOf(vault, at, typed, bound).some((one) => one.equals(hash));
  assert.ok(right(id, secret, binding));
  assert.ok(!right(makeCode(vault, binding).id, secret, binding));
  assert.ok(!right(id, secret, { ...binding, purpose: 'sign_in' }));
  assert.ok(!right(id, secret, { ...binding, flow: 'flow-2' }));
  assert.ok(!right(id, secret, { ...binding, about: 'google-oauth2|2' }));
});

test('what was mailed before the secret was changed stays good', () => {
  const { id, secret, hash } = makeTicket(vault, { purpose: 'reset_password' });
  const changed = openVault([randomBytes(32), old]);
  assert.ok(hashesOf(changed, id, secret, { purpose: 'reset_password' }).some((one) => one.equals(hash)));
  assert.ok(!hashesOf(openVault([randomBytes(32)]), id, secret, { purpose: 'reset_password' })[0]?.equals(hash));
});

test('a typed code may have spaces, dashes and wide digits', () => {
  assert.equal(readCode(' 123 456\n'), '123456');
  assert.equal(readCode('123–456'), '123456');
  assert.equal(readCode('123456'), '123456');
  for (const wrong of ['', '12345', '1234567', 'abcdef', '12345６7', '１２３４５'])
    assert.equal(readCode(wrong), undefined);
});
