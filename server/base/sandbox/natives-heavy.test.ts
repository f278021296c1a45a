import assert from 'node:assert/strict';
import { createCipheriv, createPrivateKey, generateKeyPairSync, pbkdf2Sync, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { failureOf, openTestSandbox, outputOf, type TestSandbox } from './test-sandbox.ts';

const cipher = (name: string, keyBytes: number, ivBytes: number) =>
  `{ encrypts: true, cipher: '${name}', key: new Uint8Array(${keyBytes}), iv: new Uint8Array(${ivBytes}), tagLength: -1, padding: true, aadLength: -1 }`;

/** A private key that a password locks by so many rounds, as OpenSSL writes it. */
function lockedKey(key: Buffer, passphrase: string, rounds: number): Buffer {
  const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 255]), content]);
  };
  const id = (text: string) => der(6, Buffer.from(text, 'hex'));
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const made = createCipheriv('aes-256-cbc', pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256'), iv);
  // As short as it can be; a first bit that is set would make it less than zero.
  const digits = rounds.toString(16);
  const count = Buffer.from(digits.length % 2 === 1 ? `0${digits}` : digits, 'hex');
  if ((count[0] ?? 0) > 127) throw new RangeError('not such a number');
  const sha256 = der(0x30, id('2a864886f70d0209'), Buffer.from('0500', 'hex'));
  const stretching = der(0x30, id('2a864886f70d01050c'), der(0x30, der(4, salt), der(2, count), sha256));
  const parameters = der(0x30, stretching, der(0x30, id('60864801650304012a'), der(4, iv)));
  return der(0x30, der(0x30, id('2a864886f70d01050d'), parameters), der(4, made.update(key), made.final()));
}

const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });

describe('much that Node does for code in the sandbox at once', () => {
  let sandbox: TestSandbox;
  before(() => {
    sandbox = openTestSandbox();
  });
  after(() => sandbox.close());

  /** Has code run beside another's, which runs in the same process, and does not wait for it; what that came to. */
  async function beside(work: string, input: unknown = null) {
    const begun = Promise.withResolvers<void>();
    const host = async () => begun.resolve();
    const body = `await host.call('begun', '1'); await host.wait(20); ${work}`;
    let isOver = false;
    const heavy = sandbox.code(body, { input, host, deadlineMs: 20_000 }).finally(() => {
      isOver = true;
    });
    await begun.promise;
    const began = performance.now();
    let longest = 0;
    while (!isOver) {
      const since = performance.now();
      outputOf(await sandbox.code('await host.wait(1); return 1;', { name: 'beside' }));
      longest = Math.max(longest, performance.now() - since);
    }
    // Where it holds the process, one beside it waits for all of it; where others work on this machine, all is later.
    const most = Math.max(300, (performance.now() - began) / 3);
    assert.ok(longest < most, `${longest} ms, not ${most}`);
    return heavy;
  }

  for (const [what, work] of Object.entries({
    'a key of 12 MB that is wrapped': `host.native('cipher.update', ${cipher('id-aes256-wrap', 32, 8)}, new Uint8Array(12 << 20), 0)`,
    'a key of 12 MB that is wrapped in 3DES': `host.native('cipher.final', ${cipher('des3-wrap', 24, 0)}, new Uint8Array(12 << 20))`,
    'ten MB in 3DES': `host.native('cipher.update', ${cipher('des-ede3-cbc', 24, 8)}, new Uint8Array(10 << 20), 10 << 20)`,
    'half a MB in 3DES, bit after bit': `host.native('cipher.update', ${cipher('des-ede3-cfb1', 24, 8)}, new Uint8Array(2 ** 19), 2 ** 19)`,
  })) {
    test(`security row 10: ${what} holds up this code alone`, async () => {
      const ended = await beside(`${work}; return 1;`);
      // A loop over it all takes more than that on a slow machine, too: so nothing but `cpu` may be its end.
      assert.match(failureOf(ended), /^(output 1|cpu)$/);
    });
  }

  test('security row 10: keys whose password takes a million rounds hold up this code alone', async () => {
    const key = lockedKey(pkcs8, 'x', 1_000_000);
    const ended = await beside(
      `const bytes = new Uint8Array(input);
       const key = { format: 0, type: 1, bytes, passphrase: new Uint8Array([120]) };
       return [host.native('key.parse', key, 'private').value.kind, host.native('sign', null, bytes, key).value.byteLength];`,
      [...key],
    );
    assert.deepEqual(outputOf(ended), ['private', 64]);
  });

  test('security row 10: what nobody waits for any more ends at its next piece', async () => {
    const body = `host.later('cipher.update', [${cipher('des-ede3-cfb1', 24, 8)}, new Uint8Array(8 << 20), 8 << 20]); return 1;`;
    for (let at = 0; at < 3; at += 1) assert.equal(outputOf(await sandbox.code(body, { name: 'left' })), 1);
    const since = performance.now();
    const pass = 'new Uint8Array(8)';
    outputOf(await sandbox.code(`return host.native('pbkdf2', ${pass}, ${pass}, 1, 20, 'sha1').value.byteLength;`));
    assert.ok(performance.now() - since < 1000, `${performance.now() - since} ms`);
  });

  for (const rounds of [1, 2048, 10_000, 310_000]) {
    test(`a key whose password takes ${rounds} rounds opens with it, and with no other`, async () => {
      const key = lockedKey(pkcs8, 'right', rounds);
      assert.equal(createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase: 'right' }).type, 'private');
      const ended = await sandbox.code(
        `const bytes = new Uint8Array(input.key);
         return ['right', 'wrong'].map((word) => {
           const passphrase = new Uint8Array([...word].map((letter) => letter.charCodeAt(0)));
           const { value, thrown } = host.native('key.parse', { format: 0, type: 1, bytes, passphrase }, 'private');
           return thrown ? thrown.name : [...value.bytes];
         });`,
        { input: { key: [...key] } },
      );
      assert.deepEqual(outputOf(ended), [[...pkcs8], 'Error']);
    });
  }
});
