import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { openVault } from './crypto.ts';

const vault = openVault([randomBytes(32)]);

test('a ciphertext opens as it was, in its context, and not when a part of it was changed or cut off', () => {
  const sealed = vault.encrypt('', 'table.column');
  assert.equal(vault.decrypt(sealed, 'table.column'), '');
  assert.throws(() => vault.decrypt(sealed, 'table.other'));
  const [id = '', body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  // 12 bytes of nonce, then the tag: of which 4, 8 or 12 bytes are quicker to guess than 16.
  for (const left of [4, 8, 12, 15]) {
    const cut = `${id}.${bytes.subarray(0, 12 + left).toString('base64url')}`;
    assert.throws(() => vault.decrypt(cut, 'table.column'), `tag of ${left} bytes`);
  }
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.throws(() => vault.decrypt(`${id}.${changed.toString('base64url')}`, 'table.column'), `byte ${index}`);
  }
});
