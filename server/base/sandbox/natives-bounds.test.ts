import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { callNative, callSlowNative, isHeavy } from './natives.ts';
import { createSlowJobs, leftBehindMs } from './slow-jobs.ts';

const most = 2 ** 20;
const small = Buffer.from('x');
const large = Buffer.alloc(most + 1);
const secret = (bytes: Buffer) => ({ kind: 'secret', bytes });
const bytes = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
const key = { kind: 'public', bytes };
const cipher = { encrypts: true, cipher: 'aes-256-gcm', key: secret(Buffer.alloc(32)), iv: small, tagLength: -1 };

describe('security row 10: what is done at once is bounded', () => {
  for (const [what, values] of Object.entries<(large: Buffer) => readonly [name: string, ...values: unknown[]]>({
    'the key of an HMAC': (bytes) => ['hmac', 'sha256', secret(bytes), small],
    'the key of a cipher': (bytes) => ['cipher.start', { ...cipher, key: secret(bytes) }],
    'what a cipher begins with': (bytes) => ['cipher.start', { ...cipher, iv: bytes }],
    'the key of HKDF': (bytes) => ['hkdf', 'sha256', secret(bytes), small, small, 32],
    'the salt of HKDF': (bytes) => ['hkdf', 'sha256', secret(small), bytes, small, 32],
    'the info of HKDF': (bytes) => ['hkdf', 'sha256', secret(small), small, bytes, 32],
    'the label of OAEP': (bytes) => ['rsa.publicEncrypt', key, small, 4, 'sha256', bytes],
  })) {
    test(what, async () => {
      const [name, ...rest] = values(large);
      for (const answer of [callNative(name, ...rest), await callSlowNative(() => true, name, rest)]) {
        assert.match('thrown' in answer ? JSON.stringify(answer.thrown) : 'done', /RangeError.*rules and actions/);
      }
    });
  }

  const salt = Buffer.alloc(8 << 20);
  for (const [what, ...values] of [
    ['a salt that each block of a long key takes anew', 'pbkdf2', small, salt, 1, 20e6, 'sha512'],
    ['the same of scrypt', 'scrypt', small, salt, 2, 8, 8000, 2 ** 30, 32],
    ['a long key of much that scrypt has mixed', 'scrypt', small, small, 2, 8, 32_000, 2 ** 30, 2 ** 20],
    ['scrypt as Node does it where nobody says how', 'scrypt', small, small, 0, 0, 30_000, 2 ** 31, 32],
  ] as const) {
    test(what, async () => {
      const [name, ...rest] = values;
      assert.match(JSON.stringify(await callSlowNative(() => true, name, rest)), /RangeError.*rules and actions/);
    });
  }

  test('what takes long and belongs to nobody any more is told, until it is done', async () => {
    const done: number[] = [];
    const jobs = createSlowJobs((ms) => done.push(ms));
    jobs.begin(1, 'pbkdf2', [small, small, 2_000_000, 20, 'sha512'], () => done.push(0));
    while (jobs.workingMs() === undefined) await sleep(1);
    assert.equal(leftBehindMs(), 0);
    jobs.forget();
    await sleep(20);
    assert.ok(leftBehindMs() >= 15);
    jobs.forget();
    assert.ok(leftBehindMs() >= 15);
    while (leftBehindMs() > 0) await sleep(5);
    assert.deepEqual(done, []);
  });

  test('a packer fills no small pieces', async () => {
    const since = performance.now();
    const [packed, most] = [gzipSync(Buffer.alloc(2 ** 23)), 2 ** 24];
    const told = await callSlowNative(() => true, 'zlib', ['gunzip', packed, { chunkSize: 64, maxOutputLength: most }]);
    assert.ok('value' in told && Buffer.isBuffer(told.value) && told.value.length === 2 ** 23);
    assert.ok(performance.now() - since < 1500, `${performance.now() - since} ms`);
  });

  test('a key of 1 MB is used', () => {
    assert.ok('value' in callNative('hmac', 'sha256', secret(large.subarray(1)), small));
  });

  test('a URL', () => {
    const [most, start] = [2 ** 19, 'http://x/'];
    const longest = start + 'a'.repeat(most - start.length);
    for (const [name, ...values] of [
      ['url.parse', `${longest}a`],
      ['url.parse', 'a', longest],
      ['url.update', start, 6, `${longest}a`],
      ['url.update', start.padEnd(2 ** 21 + 1, 'a'), 6, 'a'],
    ]) {
      assert.deepEqual(callNative(name, ...values), { value: undefined });
    }
    for (const [name, text] of [
      ['url.ofPath', '/'.padEnd(most + 1, 'a')],
      ['url.origin', start.padEnd(2 ** 21 + 1, 'a')],
      ['url.format', start.padEnd(2 ** 21 + 1, 'a')],
    ] as const) {
      assert.match(JSON.stringify(callNative(name, text)), /has \d+ characters at most/);
    }
    assert.ok(JSON.stringify(callNative('url.parse', longest)).includes(longest));
    assert.deepEqual(callNative('url.ascii', 'a'.repeat(most + 1)), { value: '' });
    assert.deepEqual(callNative('url.unicode', 'a'.repeat(most + 1)), { value: '' });
  });
});

describe('security row 10: what takes long to sign is signed on another thread', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 4608 });
  const slhDsa = generateKeyPairSync('slh-dsa-sha2-128s');
  for (const [what, algorithm, { privateKey, publicKey }] of [
    ['a large RSA key', 'sha256', rsa],
    ['SLH-DSA', null, slhDsa],
  ] as const) {
    test(what, async () => {
      const bytes = privateKey.export({ type: 'pkcs8', format: 'der' });
      const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      for (const key of [
        { kind: 'private', bytes },
        { format: 0, type: 1, bytes },
        { format: 1, bytes: pem },
        { format: 2, jwk: privateKey.export({ format: 'jwk' }) },
      ]) {
        assert.ok(isHeavy('sign', algorithm, small, key));
        let turns = 0;
        const counting = setInterval(() => {
          turns += 1;
        }, 1);
        const told = await callSlowNative(() => true, 'sign', [algorithm, small, key]).finally(() =>
          clearInterval(counting),
        );
        assert.ok('value' in told && Buffer.isBuffer(told.value), JSON.stringify(told));
        assert.ok(verify(algorithm, small, publicKey, told.value));
        assert.ok(turns > 0, `${turns} turns`);
      }
    });
  }

  test('what does not is signed at once', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const bytes = privateKey.export({ type: 'pkcs8', format: 'der' });
    assert.ok(!isHeavy('sign', null, small, { kind: 'private', bytes }));
  });
});
