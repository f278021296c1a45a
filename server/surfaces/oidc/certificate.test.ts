import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { certificateThumbprint, selfSign } from './certificate.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 512 });
const from = new Date('2026-01-02T03:04:05Z');

// One serial number in 256 began with a zero that DER does not allow.
test('whatever its serial number, a certificate is read, and its number is as long as the others', () => {
  for (let count = 0; count < 2000; count += 1) {
    const { serialNumber } = new X509Certificate(
      Buffer.from(selfSign(key, 'id.umbrella.example', from, 3650), 'base64'),
    );
    assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
  }
});

test('it says this key and this host, verifies by itself, and is valid for so many days', () => {
  const der = Buffer.from(selfSign(key, 'id.umbrella.example', from, 3650), 'base64');
  const read = new X509Certificate(der);
  assert.equal(read.subject, 'CN=id.umbrella.example');
  assert.equal(read.issuer, read.subject);
  assert.ok(read.verify(key.publicKey));
  assert.ok(read.checkPrivateKey(key.privateKey));
  assert.equal(read.validFromDate.getTime(), from.getTime());
  assert.equal(read.validToDate.getTime(), from.getTime() + 3650 * 86_400_000);
  assert.equal(certificateThumbprint(der.toString('base64')), createHash('sha1').update(der).digest('base64url'));
});

test('years from 2050 on are written with four digits', () => {
  const read = new X509Certificate(Buffer.from(selfSign(key, 'localhost', new Date('2045-06-01'), 3650), 'base64'));
  assert.equal(read.validToDate.getUTCFullYear(), 2055);
});
