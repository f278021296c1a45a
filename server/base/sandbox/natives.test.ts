import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { openTestSandbox, outputOf, type TestSandbox } from './test-sandbox.ts';

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const hex = (text: string) => Buffer.from(text, 'hex');
const pbkdf2 = '2a864886f70d01050c';

/** An encrypted private key whose password is stretched this often, or by scrypt. */
function lockedKey(derivation: string, ...numbers: readonly string[]): Buffer {
  const sha256 = der(0x30, der(6, hex('2a864886f70d0209')), hex('0500'));
  const values = numbers.map((number) => der(2, hex(number)));
  const salted = der(0x30, der(4, randomBytes(16)), ...values, ...(derivation === pbkdf2 ? [sha256] : []));
  const aes = der(0x30, der(6, hex('60864801650304012a')), der(4, randomBytes(16)));
  const parameters = der(0x30, der(0x30, der(6, hex(derivation)), salted), aes);
  return der(0x30, der(0x30, der(6, hex('2a864886f70d01050d')), parameters), der(4, randomBytes(64)));
}

function pem(bytes: Buffer): Buffer {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return Buffer.from(
    `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines.join('\n')}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
  );
}

/** A private key with a modulus of so many bytes: raising to its power takes the longer the larger it is. */
function largeKey(bytes: number) {
  const number = () => Buffer.concat([hex('ff'), randomBytes(bytes - 2), hex('01')]).toString('base64url');
  const [n, d, p, q, dp, dq, qi] = [number(), number(), number(), number(), number(), number(), number()];
  return { kty: 'RSA', e: 'AQAB', n, d, p, q, dp, dq, qi };
}

describe('attacks by what Node does for code in the sandbox', () => {
  let sandbox: TestSandbox;
  before(() => {
    sandbox = openTestSandbox();
  });
  after(() => sandbox.close());

  const scrypt = '2b06010401da47040b';
  for (const [what, input] of Object.entries({
    'a key whose password is stretched for hours': { bytes: [...lockedKey(pbkdf2, '7fffffff')], format: 0, type: 1 },
    'the same as PEM': { bytes: [...pem(lockedKey(pbkdf2, '7fffffff'))], format: 1 },
    'the same behind another block': {
      bytes: [...Buffer.from('-----BEGIN X-----\nAAAA\n-----END X-----\n'), ...pem(lockedKey(pbkdf2, '7fffffff'))],
      format: 1,
    },
    'a key whose password is stretched by scrypt': {
      bytes: [...lockedKey(scrypt, '4000', '01', '010000')],
      format: 0,
      type: 1,
    },
    'a key with a modulus of 64 KB': { jwk: largeKey(65_536), format: 2 },
  })) {
    test(`security row 10: ${what} holds nobody up`, async () => {
      const body = `
        const { bytes, ...key } = input;
        if (bytes) key.bytes = new Uint8Array(bytes);
        if (bytes) key.passphrase = new Uint8Array([120]);
        host.log('info', 'begun');
        return host.native('sign', 'sha256', new Uint8Array(4), key).thrown?.name ?? 'signed';`;
      const began = performance.now();
      const [ended, other] = await Promise.all([
        sandbox.code(body, { input, deadlineMs: 6000 }),
        sandbox.code('for (let at = 0; at < 20; at += 1) await host.wait(20); return 1;'),
      ]);
      assert.equal(outputOf(other), 1);
      assert.equal(outputOf(ended), 'RangeError');
      assert.ok(performance.now() - began < 4000, `${performance.now() - began} ms`);
    });
  }

  test('a key that is locked as usual opens with its password', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const locked = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;
    const written = [
      privateKey.export({ type: 'pkcs8', format: 'der', ...locked }),
      privateKey.export({ type: 'pkcs8', format: 'pem', ...locked }),
      privateKey.export({ type: 'sec1', format: 'pem', ...locked }),
    ];
    for (const key of written) {
      const ended = await sandbox.code(
        `const key = { bytes: new Uint8Array(input.bytes), format: input.format, type: 1, passphrase: new Uint8Array([120]) };
         return host.native('sign', 'sha256', new Uint8Array(4), key).thrown?.message ?? 'signed';`,
        { input: { bytes: [...Buffer.from(key)], format: typeof key === 'string' ? 1 : 0 } },
      );
      assert.equal(outputOf(ended), 'signed');
    }
  });

  test('security row 10: a small text that unpacks to much takes no memory, whatever pieces are asked for', async () => {
    const bomb = deflateRawSync(Buffer.alloc(300 * 2 ** 20)).toString('latin1');
    const ended = await sandbox.code(
      `const bytes = new Uint8Array(input.length);
       for (let at = 0; at < input.length; at += 1) bytes[at] = input.charCodeAt(at);
       const { thrown } = host.native('zlib', 'inflateRaw', bytes, { chunkSize: 2 ** 29 });
       await host.wait(1);
       await host.call('memory', '1');
       return thrown?.code ?? 'unpacked';`,
      {
        input: bomb,
        host: async () => {
          assert.ok(sandbox.work().memory < 250 * 2 ** 20, `${sandbox.work().memory / 2 ** 20} MB`);
          return null;
        },
      },
    );
    assert.equal(outputOf(ended), 'ERR_BUFFER_TOO_LARGE');
  });

  test('what takes long is done on another thread: code beside it goes on, and its time counts as the code’s', async () => {
    const began = performance.now();
    const body = `
      const told = [];
      for (let at = 0; at < 3; at += 1) {
        const id = await host.later('pbkdf2', [new Uint8Array(8), new Uint8Array(8), 700000, 20, 'sha512']);
        told.push(host.told(id).value.byteLength);
      }
      return told;`;
    let longest = 0;
    const slow = sandbox.code(body);
    const beside = `
      let longest = 0;
      for (let at = 0, last = Date.now(); at < 40; at += 1) {
        await host.wait(10);
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      }
      return longest;`;
    const others = await Promise.all([sandbox.code(beside), sandbox.code(beside)]);
    for (const other of others) longest = Math.max(longest, Number(outputOf(other)));
    assert.deepEqual(outputOf(await slow), [20, 20, 20]);
    const whole = performance.now() - began;
    assert.ok(longest < whole / 6, `${longest} ms of ${whole}`);
    const lasting = await sandbox.code(
      `for (;;) host.told(await host.later('pbkdf2', [new Uint8Array(8), new Uint8Array(8), 1000000, 20, 'sha512']));`,
      { deadlineMs: 30_000 },
    );
    assert.equal('failure' in lasting && lasting.failure.kind, 'cpu');
  });

  for (const [what, work] of Object.entries({
    'a password that is stretched at once':
      "host.native('pbkdf2', new Uint8Array(8), new Uint8Array(8), 1000000, 20, 'sha512')",
    'a password that is stretched at once by scrypt':
      "host.native('scrypt', new Uint8Array(8), new Uint8Array(8), 2 ** 16, 8, 1, 2 ** 27, 64)",
    'an RSA key that is made at once': "host.native('keys.rsa', 4096, 65537)",
    'a large prime that is found at once': "host.native('random.prime', 1024, false)",
    'what is packed at once': "host.native('zlib', 'brotliCompress', noise, {})",
  })) {
    test(`security row 10: ${what}, again and again, holds up this code alone, and its time ends it`, async () => {
      const body = `
        const noise = new Uint8Array(2 ** 19);
        for (let at = 0; at < noise.length; at += 1) noise[at] = (at * 2654435761) >>> 13;
        await host.call('begun', '1');
        for (;;) {
          host.log('info', 'once more');
          const { thrown } = ${work};
          if (thrown) return thrown.message;
        }`;
      const begun = Promise.withResolvers<void>();
      const host = async () => begun.resolve();
      let isOver = false;
      const slow = sandbox.code(body, { deadlineMs: 30_000, host }).finally(() => {
        isOver = true;
      });
      await begun.promise;
      let beside = 0;
      for (; !isOver; beside += 1) outputOf(await sandbox.code('return 1;', { name: 'beside' }));
      const ended = await slow;
      assert.equal('failure' in ended && ended.failure.kind, 'cpu', JSON.stringify(ended));
      // Where each of these holds the process, hardly anything is done between two of them.
      assert.ok(beside > 3 * ended.console.length, `${beside} beside ${ended.console.length}`);
    });
  }

  test('security row 10: how values cross is not for the code to say, whatever it puts where all objects look', async () => {
    const ended = await sandbox.code(`
      const pass = new Uint8Array(8);
      for (const name of ['reference', 'externalCopy', 'arguments', 'result']) Object.prototype[name] = true;
      const fail = () => { throw new Error('spoilt') };
      Function.prototype.apply = Function.prototype.call = Reflect.apply = Array.prototype[Symbol.iterator] = fail;
      const { value, thrown } = host.native('pbkdf2', pass, pass, 1, 20, 'sha1');
      return thrown ?? [typeof value, value.byteLength, Object.getPrototypeOf(value) === Uint8Array.prototype];`);
    assert.deepEqual(outputOf(ended), ['object', 20, true]);
  });

  test('security row 10: nothing that was begun for one run comes to the next, nor can its outcome be taken', async () => {
    const name = 'lent';
    const body = `
      const pass = new Uint8Array(8);
      if (input === 'first') {
        // Of some the outcome is there, and nobody has taken it.
        for (let at = 0; at < 10; at += 1) host.later('pbkdf2', [pass, pass, 1, 20, 'sha1']);
        await host.wait(500);
        for (let at = 0; at < 50; at += 1) host.later('pbkdf2', [pass, pass, 300000, 20, 'sha512']);
        return 'left';
      }
      const taken = [];
      for (let id = 0; id < 60; id += 1) {
        try {
          taken.push(host.told(id));
        } catch {
          // As it should be.
        }
      }
      const id = await host.later('pbkdf2', [pass, pass, 1, 20, 'sha1']);
      return { taken, bytes: host.told(id).value.byteLength };`;
    assert.equal(outputOf(await sandbox.code(body, { name, input: 'first' })), 'left');
    assert.deepEqual(outputOf(await sandbox.code(body, { name, input: 'second' })), { taken: [], bytes: 20 });
    const tooMany = await sandbox.code(`
      const pass = new Uint8Array(8);
      let fault = '';
      for (let at = 0; at < 200; at += 1) {
        host.later('pbkdf2', [pass, pass, 300000, 20, 'sha512']).catch((error) => { fault = error.message; });
      }
      await host.wait(50);
      return fault;`);
    assert.match(String(outputOf(tooMany)), /100 such jobs/);
  });
});
