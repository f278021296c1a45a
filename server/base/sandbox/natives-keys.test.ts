import assert from 'node:assert/strict';
import {
  createCipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  pbkdf2Sync,
  randomBytes,
} from 'node:crypto';
import { describe, test } from 'node:test';
import { callNative, callSlowNative, isHeavy } from './natives.ts';

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length =
    size < 128
      ? [size]
      : size < 65536
        ? [0x82, size >> 8, size & 255]
        : [0x83, size >> 16, (size >> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, 'hex');
const zero = der(2, hex('00'));

/** An odd number of so many bytes. */
function number(bytes: number): Buffer {
  return der(2, Buffer.concat([hex('7f'), randomBytes(bytes - 2), hex('01')]));
}

const numberOf = (part: Buffer | number) => (typeof part === 'number' ? number(part) : part);

const kinds = { dsa: '2a8648ce380401', dh: '2a864886f70d010301', x942: '2a8648ce3e0201' };

function algorithm(kind: keyof typeof kinds, bytes: number): Buffer {
  const [p, g, q] = [number(bytes), number(bytes), number(32)];
  const numbers = { dsa: [p, q, g], dh: [p, g], x942: [p, g, q] };
  return sequence(der(6, hex(kinds[kind])), sequence(...numbers[kind]));
}

function privateKey(kind: keyof typeof kinds, bytes: number): Buffer {
  return sequence(zero, algorithm(kind, bytes), der(4, number(bytes)));
}

function publicKey(kind: keyof typeof kinds, bytes: number): Buffer {
  return sequence(algorithm(kind, bytes), der(3, hex('00'), number(bytes)));
}

function pem(label: string, key: Buffer, headers = ''): string {
  const lines = key.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${headers}${lines.join('\n')}\n-----END ${label}-----\n`;
}

const inPem = (text: string, passphrase?: string) => ({
  format: 1,
  bytes: Buffer.from(text),
  ...(passphrase === undefined ? {} : { passphrase: Buffer.from(passphrase) }),
});
const inDer = (bytes: Buffer, type = 1, passphrase?: string) => ({ ...inPem('', passphrase), format: 0, type, bytes });

/** Under the password `x`: what is inside nobody can see. */
function locked(key: Buffer, cipher = 'aes-256-cbc', id = '60864801650304012a'): Buffer {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const made = createCipheriv(cipher, pbkdf2Sync('x', salt, 10, 32, 'sha256'), iv);
  const sha256 = sequence(der(6, hex('2a864886f70d0209')), hex('0500'));
  const stretching = sequence(der(6, hex('2a864886f70d01050c')), sequence(der(4, salt), der(2, hex('0a')), sha256));
  const locking = sequence(der(6, hex(id)), der(4, iv));
  const how = sequence(der(6, hex('2a864886f70d01050d')), sequence(stretching, locking));
  return sequence(how, der(4, made.update(key), made.final()));
}

/** As OpenSSL did it before PKCS#8. */
function lockedAsOnce(label: string, key: Buffer): string {
  const iv = randomBytes(16);
  const secret = createHash('md5').update('x').update(iv.subarray(0, 8)).digest();
  const made = createCipheriv('aes-128-cbc', secret, iv);
  const headers = `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${iv.toString('hex').toUpperCase()}\n\n`;
  return pem(label, Buffer.concat([made.update(key), made.final()]), headers);
}

/** What Node says of a key for code, on whichever thread. */
async function told(input: unknown, want = 'private') {
  const values = ['key.parse', input, want] as const;
  return isHeavy(...values) ? callSlowNative(() => true, values[0], values.slice(1)) : callNative(...values);
}

function thrownBy(answer: Awaited<ReturnType<typeof told>>): string {
  return 'thrown' in answer
    ? `${Reflect.get(answer.thrown, 'name')}: ${Reflect.get(answer.thrown, 'message')}`
    : 'none';
}

const big = privateKey('dsa', 700);
const indefinite = Buffer.concat([hex('3080'), big.subarray(4), hex('0000')]);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pkcs8 = rsa.export({ type: 'pkcs8', format: 'pem' });

describe('security row 10: keys that take long just to be read', () => {
  for (const [what, [input, want]] of Object.entries<[input: unknown, want?: string]>({
    'a DSA key': [inDer(big)],
    'a DSA key of 2500 bytes': [inDer(privateKey('dsa', 2500))],
    'one whose public half is asked for': [inPem(pem('PRIVATE KEY', big)), 'public'],
    'a DH key': [inDer(privateKey('dh', 700))],
    'a DH key of X9.42': [inDer(privateKey('x942', 700))],
    'one that is said to be an RSA key': [inDer(big, 0)],
    'one that is said to be a key of a curve': [inDer(big, 3)],
    'one that was told before': [{ kind: 'private', bytes: big }],
    'one in PEM': [inPem(pem('PRIVATE KEY', big))],
    'one that its label says is RSA': [inPem(pem('RSA PRIVATE KEY', big))],
    'one of the old kind': [
      inPem(pem('DSA PRIVATE KEY', sequence(zero, number(700), number(32), number(700), number(700), number(700)))),
    ],
    'one with lines that end as on Windows': [inPem(pem('PRIVATE KEY', big).replaceAll('\n', '\r\n'))],
    'one behind text': [inPem(`Bag Attributes\n  friendlyName: x\n${pem('PRIVATE KEY', big)}`)],
    'one behind another block': [inPem(pem('X', hex('00')) + pem('PRIVATE KEY', big))],
    'one behind the start of a block': [inPem(`-----BEGIN X-----\n${pem('PRIVATE KEY', big)}`)],
    'many small ones that are said to be RSA': [inPem(pem('RSA PRIVATE KEY', privateKey('dsa', 200)).repeat(40))],
    'one whose length is not told before it': [inDer(indefinite)],
    'the same in PEM': [inPem(pem('PRIVATE KEY', indefinite))],
    'one with more behind it': [inDer(Buffer.concat([big, Buffer.alloc(9)]))],
    'one under a password': [inDer(locked(big), 1, 'x')],
    'one under a password, in PEM': [inPem(pem('ENCRYPTED PRIVATE KEY', locked(big)), 'x')],
    'one under a password by a cipher that is Node’s to open': [
      inDer(locked(big, 'camellia-256-cbc', '2a83088c9a4b3d01010104'), 1, 'x'),
    ],
    'one under a password as it once was': [inPem(lockedAsOnce('DSA PRIVATE KEY', big), 'x')],
    'the same, said to be RSA': [inPem(lockedAsOnce('RSA PRIVATE KEY', big), 'x')],
    'a plain one with a password': [inPem(pem('PRIVATE KEY', big), 'x')],
    'a public DSA key': [inDer(publicKey('dsa', 700), 2), 'public'],
    'an RSA key with primes as large as it': [
      inDer(sequence(...[zero, 256, 3, 256, 256, 256, 256, 256, 256].map(numberOf)), 0),
    ],
    'an RSA key with an exponent as large as it': [
      inDer(sequence(...[zero, 256, 256, 256, 128, 128, 128, 128, 128].map(numberOf)), 0),
    ],
    'much that is no key': [inPem('x'.repeat(2 ** 17))],
    'much that is no key, with a password': [inPem('x'.repeat(2 ** 17), 'x')],
  })) {
    test(`${what} is refused`, async () => {
      assert.match(
        thrownBy(await told(input, want)),
        /^(RangeError: Code of rules and actions|TypeError: This key cannot)/,
      );
    });
  }

  test('an RSA key as JWK with primes as large as it is refused', async () => {
    const jwk = { ...rsa.export({ format: 'jwk' }), p: randomBytes(256).toString('base64url') };
    assert.match(thrownBy(await told({ format: 2, jwk })), /^RangeError: Code/);
  });

  test('an RSA key of 8192 bits with false parts does nothing here, though it is short: nobody waits for it', async () => {
    const short = inDer(sequence(...[zero, 1024, 3, 1024, 3, 3, 3, 3, 3].map(numberOf)), 0);
    const block = Buffer.alloc(1024, 1);
    for (const [name, ...values] of [
      ['sign', 'sha256', block, short],
      ['rsa.privateDecrypt', short, block, 3],
      ['rsa.privateEncrypt', short, block, 3],
    ]) {
      assert.equal(isHeavy(name, ...values), false);
      assert.match(JSON.stringify(callNative(name, ...values)), /RSA keys of more than 4096 bits only sign/);
    }
  });

  test('an RSA key as JWK with an exponent as large as it is refused', async () => {
    const jwk = { ...rsa.export({ format: 'jwk' }), e: randomBytes(256).toString('base64url') };
    assert.match(thrownBy(await told({ format: 2, jwk })), /^RangeError: Code/);
  });

  test('a password opens nothing in PEM that does not say what it is: how long that takes nobody has looked at', async () => {
    const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
    assert.match(thrownBy(await told(inPem(pem('PRIVATE KEY', locked(key)), 'x'))), /^(Type)?Error/);
    assert.equal(thrownBy(await told(inPem(pem('ENCRYPTED PRIVATE KEY', locked(key)), 'x'))), 'none');
  });
});

describe('security row 10: curves of numbers of their own, which roots are drawn by, are refused', () => {
  const { privateKey: own, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
  const key = own.export({ type: 'pkcs8', format: 'der' });
  const sec1 = own.export({ type: 'sec1', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  // The curve stands in what is apart in two pieces.
  const kind = sequence(der(6, hex('2a8648ce3d0201')), der(6, hex('2a8648ce3d030107')));
  const middle = sec1.indexOf(hex('2a8648ce3d0101')) + 3;
  const pieces = [sec1.subarray(0, middle), sec1.subarray(middle)].map((piece) => der(4, piece));
  const apart = sequence(zero, kind, der(0x24, ...pieces));
  // OpenSSL reads the number of the tag behind it, our length.
  const size = Buffer.concat(pieces).length;
  const tagged = sequence(zero, kind, Buffer.from([0x3f, 4, 0x83, 0, size >> 8, size & 255]), ...pieces);

  for (const [what, [input, want]] of Object.entries<[input: unknown, want?: string]>({
    'a private one': [inDer(key)],
    'one of SEC 1': [inDer(sec1, 3)],
    'a public one': [inDer(spki, 2), 'public'],
    'one that was told before': [{ kind: 'public', bytes: spki }],
    'one in PEM': [inPem(pem('PRIVATE KEY', key))],
    'a public one in PEM': [inPem(pem('PUBLIC KEY', spki)), 'public'],
    'one of another label': [inPem(pem('SM2 PRIVATE KEY', key) + pem('PRIVATE KEY', key))],
    'one under a password': [inDer(locked(key), 1, 'x')],
    'one under a password by a cipher that is Node’s to open': [
      inDer(locked(key, 'camellia-256-cbc', '2a83088c9a4b3d01010104'), 1, 'x'),
    ],
    'one under a password as it once was': [inPem(lockedAsOnce('EC PRIVATE KEY', sec1), 'x')],
    'one in pieces': [inDer(apart)],
    'one in pieces, with a long tag': [inDer(tagged)],
  })) {
    test(what, async () => {
      assert.match(thrownBy(await told(input, want)), /curves that have a name|with AES or 3DES only|cannot be read/);
    });
  }
});

describe('keys of usual sizes are read as Node reads them', () => {
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
  const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey;
  const large = generateKeyPairSync('rsa', { modulusLength: 4096 }).privateKey;
  const lattice = generateKeyPairSync('ml-dsa-87').privateKey;
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 3072 }).privateKey;
  const once = { type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  const opened = { cipher: 'aes-256-cbc', passphrase: 'x' } as const;

  for (const [what, text] of Object.entries({
    RSA: pkcs8,
    'RSA of 4096 bits': large.export({ type: 'pkcs8', format: 'pem' }),
    'RSA of 4096 bits, of the old kind': large.export({ type: 'pkcs1', format: 'pem' }),
    'RSA-PSS': pss.export({ type: 'pkcs8', format: 'pem' }),
    DSA: dsa.export({ type: 'pkcs8', format: 'pem' }),
    'a curve': curve.export({ type: 'sec1', format: 'pem' }),
    'ML-DSA': lattice.export({ type: 'pkcs8', format: 'pem' }),
    'RSA behind text, with lines as on Windows': `Bag Attributes\n  friendlyName: x\n${pkcs8}`.replaceAll('\n', '\r\n'),
    'RSA behind the mark of UTF-8': `\u{feff}${pkcs8}`,
    'RSA behind another block': pem('CERTIFICATE', Buffer.alloc(900)) + pkcs8,
  })) {
    test(what, async () => {
      const key = createPrivateKey(text);
      const bytes = key.export({ type: 'pkcs8', format: 'der' });
      assert.deepEqual(await told(inPem(text.toString())), { value: { kind: 'private', bytes } });
      assert.deepEqual(await told(inDer(bytes)), { value: { kind: 'private', bytes } });
      const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
      assert.deepEqual(await told({ kind: 'private', bytes }, 'public'), { value: { kind: 'public', bytes: spki } });
      assert.deepEqual(await told(inDer(spki, 2), 'public'), { value: { kind: 'public', bytes: spki } });
    });
  }

  test('RSA of 4096 bits under a password, now and as it once was', async () => {
    const bytes = large.export({ type: 'pkcs8', format: 'der' });
    for (const text of [large.export(once), large.export({ ...opened, type: 'pkcs8', format: 'pem' })]) {
      assert.deepEqual(await told(inPem(text.toString(), 'x')), { value: { kind: 'private', bytes } });
      // One of 256 ends as if the password were right: what is in it is no key then.
      assert.match(thrownBy(await told(inPem(text.toString(), 'y'))), /^(Type|Range)?Error/);
    }
  });

  test('a key by which something is signed', () => {
    const signed = callNative('sign', 'sha256', Buffer.from('x'), inPem(pkcs8.toString()));
    const value = createSign('sha256').update('x').sign(rsa);
    assert.deepEqual(signed, { value });
  });
});

test('what says that it is locked, and is not, is not read, nor what is nested or repeated without end', () => {
  const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const headed = Buffer.from(String(pem).replace('KEY-----\n', 'KEY-----\nAb: c\n\n'));
  const written = { format: 1, type: undefined, bytes: headed };
  assert.match(JSON.stringify(callNative('key.parse', written, 'private')), /cannot be read/);
  const nested = Buffer.alloc(60_000, Buffer.from([0x02, 0x00]));
  const der = Buffer.concat([Buffer.from([0x30, 0x82, 0xea, 0x64, 0x30, 0x82, 0xea, 0x60]), nested]);
  const locked = { format: 0, type: 1, bytes: der, passphrase: Buffer.from('x') };
  assert.match(JSON.stringify(callNative('key.parse', locked, 'private')), /cannot be read/);
  const long = { ...locked, passphrase: Buffer.alloc(1025) };
  assert.match(JSON.stringify(callNative('key.parse', long, 'private')), /1024 bytes at most/);
});
