import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inNode, openTest } from './test-both.ts';

const { sandbox, inSandbox } = openTest(() => []);
after(() => sandbox.close());

/** The same in both: results, and what is refused. */
function same(name: string, script: string): void {
  test(name, async () => {
    const [there, here] = [await inNode(script, ''), await inSandbox(script, '')];
    assert.equal(here, there);
  });
}

const start = `const c = require('crypto');
  const sum = (bytes) => c.createHash('sha256').update(bytes).digest('hex');
  const many = (length) => { const bytes = Buffer.alloc(length); for (let at = 0; at < length; at += 1) bytes[at] = at * 31 >> 3; return bytes; };
  const key = (length) => many(length + 7).subarray(7); const out = [];`;

same(
  'crypto: much in one go, in all kinds of ciphers, there and back',
  `${start} const data = many(70000);
   for (const [name, keys, ivs, options] of [['aes-256-cbc', 32, 16], ['aes-128-ctr', 16, 16], ['aes-192-ecb', 24, 0], ['aes-256-ofb', 32, 16], ['aes-256-cfb', 32, 16], ['aes-128-cfb8', 16, 16], ['des-ede3-cbc', 24, 8], ['des-ede3-cfb8', 24, 8], ['camellia-128-cbc', 16, 16], ['aria-256-ctr', 32, 16], ['aes-128-cbc-hmac-sha1', 16, 16], ['aes-256-xts', 64, 16], ['aes-256-gcm', 32, 12], ['chacha20-poly1305', 32, 12, { authTagLength: 16 }], ['aes-128-ocb', 16, 12, { authTagLength: 16 }]]) {
     const own = key(keys); const iv = ivs ? many(ivs) : null; const hasTag = /gcm|poly|ocb/.test(name);
     const e = c.createCipheriv(name, own, iv, options); if (hasTag) e.setAAD(Buffer.from('more'));
     const sealed = Buffer.concat([e.update(data), e.final()]); const tag = hasTag ? e.getAuthTag() : null;
     const d = c.createDecipheriv(name, own, iv, options); if (hasTag) { d.setAAD(Buffer.from('more')); d.setAuthTag(tag); }
     const opened = Buffer.concat([d.update(sealed), d.final()]);
     out.push([name, sealed.length, sum(sealed), tag && tag.toString('hex'), opened.equals(data)]);
   }
   const e = c.createCipheriv('aes-256-ccm', key(32), many(12), { authTagLength: 16 }); out.push(sum(e.update(data)), e.final().length, e.getAuthTag().toString('hex'));
   for (const size of [40, 4000, 16000]) { const w = c.createCipheriv('id-aes256-wrap', key(32), many(8)); out.push(sum(Buffer.concat([w.update(many(size)), w.final()]))); }
   return out;`,
);

same(
  'crypto: much that comes piece by piece, with padding, without, and spoilt',
  `${start} const data = many(300000);
   for (const [name, keys, ivs] of [['aes-256-cbc', 32, 16], ['aes-256-gcm', 32, 12], ['des-ede3-cbc', 24, 8]]) {
     const e = c.createCipheriv(name, key(keys), many(ivs)); const told = [];
     for (let at = 0; at < data.length; at += 50001) { const piece = e.update(data.subarray(at, at + 50001)); told.push(piece); out.push(piece.length); }
     told.push(e.final()); out.push(name, sum(Buffer.concat(told)));
   }
   const piped = c.createCipheriv('aes-128-cbc', key(16), many(16)); const told = [];
   for (let at = 0; at < 5; at += 1) piped.write(data.subarray(at * 60000, at * 60000 + 60000)); piped.end();
   for await (const piece of piped) told.push(piece);
   out.push(sum(Buffer.concat(told)));
   const bare = c.createCipheriv('aes-128-cbc', key(16), many(16)); bare.setAutoPadding(false); out.push(sum(bare.update(data.subarray(0, 160000))), bare.final().length);
   for (const fault of [() => { const d = c.createDecipheriv('aes-256-cbc', key(32), many(16)); d.update(data.subarray(0, 200000)); d.final(); }, () => { const d = c.createDecipheriv('aes-256-gcm', key(32), many(12)); d.setAuthTag(Buffer.alloc(16)); d.update(data); d.final(); }, () => { const e = c.createCipheriv('aes-128-cbc', key(16), many(16)); e.setAutoPadding(false); e.update(data.subarray(0, 200001)); e.final(); }]) {
     try { out.push(fault()); } catch (error) { out.push([error.name, error.code, error.message]); }
   }
   return out;`,
);

same(
  'crypto: much that is hashed, signed and verified, and keys under a password',
  `${start} const data = many(200000);
   for (const name of ['md5', 'sha1', 'sha3-512', 'RSA-SHA256']) out.push(c.createHash(name).update(data).digest('hex'));
   out.push(c.createHash('shake256', { outputLength: 9 }).update(data).digest('hex'), c.createHmac('sha512', 'key').update(data).digest('hex'));
   const ed = c.generateKeyPairSync('ed25519'); const ec = c.generateKeyPairSync('ec', { namedCurve: 'P-256' }); const rsa = c.generateKeyPairSync('rsa', { modulusLength: 2048 });
   const other = Buffer.concat([data, Buffer.from('x')]);
   for (const [hash, pair, more] of [[null, ed], ['sha256', ec], ['sha256', ec, { dsaEncoding: 'ieee-p1363' }], ['sha512', rsa], ['sha256', rsa, { padding: c.constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 }]]) {
     const signature = c.sign(hash, data, { key: pair.privateKey, ...more });
     out.push([hash, pair === ec && !more ? 'any' : signature.length, c.verify(hash, data, { key: pair.publicKey, ...more }, signature), c.verify(hash, other, { key: pair.publicKey, ...more }, signature)]);
   }
   out.push(c.createVerify('RSA-SHA256').update(data).verify(rsa.publicKey, c.createSign('RSA-SHA256').update(data).sign(rsa.privateKey)));
   for (const [type, cipher] of [['pkcs8', 'aes-256-cbc'], ['pkcs8', 'aes-128-cbc'], ['pkcs8', 'aes-192-cbc'], ['pkcs8', 'des-ede3-cbc'], ['pkcs1', 'aes-128-cbc']]) for (const format of type === 'pkcs1' ? ['pem'] : ['pem', 'der']) {
     const lock = () => ({ key: rsa.privateKey.export({ type, format, cipher, passphrase: 'pâss' }), type, format, passphrase: 'pâss' });
     const locked = lock();
     const signature = c.sign('sha256', Buffer.from('x'), locked);
     out.push([type, cipher, c.verify('sha256', Buffer.from('x'), rsa.publicKey, signature), c.createPrivateKey(locked).equals(rsa.privateKey), c.createPublicKey(locked).equals(rsa.publicKey)]);
     // One in 256 keys looks opened by another password, until what is in it is read: then another one is tried.
     const opened = (passphrase, tries = 0) => { try { c.createPrivateKey({ ...lock(), passphrase }); return 'opened'; } catch (error) {
       if (error.code === 'ERR_OSSL_UNSUPPORTED' && tries < 4) return opened(passphrase, tries + 1);
       return [error.name, passphrase === 'no' ? '' : error.code, passphrase === 'no' ? '' : error.message];
     } };
     for (const passphrase of ['no', '', undefined]) out.push(opened(passphrase));
   }
   out.push(c.createPrivateKey({ key: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }), passphrase: 'x' }).type, c.createPublicKey({ key: rsa.publicKey.export({ type: 'spki', format: 'pem' }), passphrase: 'x' }).type);
   return out;`,
);
