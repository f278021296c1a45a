// Secrets that two derive from each other's keys, in plain Node and inside.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, test } from 'node:test';
import { inNode, openTest } from './test-both.ts';

const { sandbox, inSandbox } = openTest(() => []);
after(() => sandbox.close());

async function same(script: string): Promise<void> {
  assert.equal(await inSandbox(script, ''), await inNode(script, ''));
}

const pems = (kind: 'p256' | 'p384' | 'x25519' | 'x448' | 'ed25519') => {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  const both = { publicKeyEncoding, privateKeyEncoding };
  if (kind === 'p256') return generateKeyPairSync('ec', { namedCurve: 'P-256', ...both });
  if (kind === 'p384') return generateKeyPairSync('ec', { namedCurve: 'P-384', ...both });
  if (kind === 'x25519') return generateKeyPairSync('x25519', both);
  if (kind === 'x448') return generateKeyPairSync('x448', both);
  return generateKeyPairSync('ed25519', both);
};

test('crypto.diffieHellman: keys of curves, as objects and as texts, at once and later; what does not fit', async () => {
  const keys = JSON.stringify(
    (['p256', 'p384', 'x25519', 'x448', 'ed25519'] as const).map((kind) => [pems(kind), pems(kind)]),
  );
  await same(`const crypto = require('crypto'); const out = []; const keys = ${keys};
    const secret = (one, other) => crypto.diffieHellman({ privateKey: crypto.createPrivateKey(one.privateKey), publicKey: crypto.createPublicKey(other.publicKey) }).toString('hex');
    const told = (act) => { try { return act(); } catch (error) { return [error.name, error.message, error.code]; } };
    for (const [one, other] of keys) out.push(told(() => secret(one, other)), told(() => secret(one, other) === secret(other, one)));
    const [[one, other], [far]] = keys;
    out.push(told(() => secret(one, far)), told(() => secret(one, keys[2][0])), told(() => crypto.diffieHellman({ privateKey: one.privateKey, publicKey: other.publicKey }).toString('hex')), told(() => crypto.diffieHellman({ privateKey: one.privateKey })), told(() => crypto.diffieHellman({ privateKey: 'no', publicKey: 'no' })));
    const locked = crypto.createPrivateKey(one.privateKey).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'word' });
    out.push(crypto.diffieHellman({ privateKey: { key: locked, passphrase: 'word' }, publicKey: other.publicKey }).toString('hex'));
    out.push(await new Promise((ok) => crypto.diffieHellman({ privateKey: crypto.createPrivateKey(one.privateKey), publicKey: crypto.createPublicKey(other.publicKey) }, (error, bytes) => ok([error, bytes.toString('hex')]))));
    return out;`);
});

test('WebCrypto: bits and keys derived by ECDH and X25519', async () => {
  const jwk = (kind: 'p256' | 'x25519') => {
    const { publicKey, privateKey } =
      kind === 'p256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('x25519');
    return [publicKey.export({ format: 'jwk' }), privateKey.export({ format: 'jwk' })];
  };
  const keys = JSON.stringify([
    ['ECDH', jwk('p256'), jwk('p256')],
    ['X25519', jwk('x25519'), jwk('x25519')],
  ]);
  await same(`const { subtle } = crypto; const out = [];
    for (const [name, one, other] of ${keys}) {
      const algorithm = name === 'ECDH' ? { name, namedCurve: 'P-256' } : { name };
      const own = await subtle.importKey('jwk', one[1], algorithm, true, ['deriveBits', 'deriveKey']);
      const open = await subtle.importKey('jwk', other[0], algorithm, true, []);
      for (const length of [256, 128, 12, null, 512]) out.push(await subtle.deriveBits({ name, public: open }, own, length).then((bits) => Buffer.from(bits).toString('hex'), (error) => [error.name, error.message]));
      const key = await subtle.deriveKey({ name, public: open }, own, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
      out.push(Buffer.from(await subtle.exportKey('raw', key)).toString('hex'));
      const [pair, another] = [await subtle.generateKey(algorithm, true, ['deriveBits']), await subtle.generateKey(algorithm, true, ['deriveBits'])];
      const [first, second] = [await subtle.deriveBits({ name, public: another.publicKey }, pair.privateKey, 256), await subtle.deriveBits({ name, public: pair.publicKey }, another.privateKey, 256)];
      out.push(Buffer.from(first).equals(Buffer.from(second)));
      out.push(await subtle.deriveBits({ name, public: open }, open, 256).catch((error) => [error.name, error.message]));
    }
    return out;`);
});

test('groups of numbers are refused by a sentence that says what is there', async () => {
  // Its types do not know of groups.
  const pair: unknown = Reflect.apply(generateKeyPairSync, undefined, [
    'dh',
    {
      group: 'modp14',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    },
  ]);
  const script = `const crypto = require('crypto'); const out = []; const { publicKey, privateKey } = ${JSON.stringify(pair)};
    for (const act of [() => crypto.diffieHellman({ publicKey, privateKey }), () => crypto.generateKeyPairSync('dh', { group: 'modp14' }), () => crypto.getDiffieHellman('modp14')]) try { out.push(act()); } catch (error) { out.push(error.message); }
    return out.map((message) => /curves/.test(message));`;
  assert.equal(await inSandbox(script, ''), '[ true, true, true ]');
});
