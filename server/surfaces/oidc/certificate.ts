import { createHash, createSign, type KeyObject, randomBytes } from 'node:crypto';

/**
 * A self-signed X.509 certificate (RFC 5280) that says no more than "this key, this host": JWK members `x5c` and
 * `x5t`, which some verifiers of Auth0's tokens read. Nobody should trust it for anything else.
 *
 * @param days how long it is valid from `from`
 * @returns DER in base64
 */
export function selfSign(key: { privateKey: KeyObject; publicKey: KeyObject }, host: string, from: Date, days: number) {
  const serial = randomBytes(16);
  // Positive, and without a leading zero: DER writes a number in as few bytes as it takes, and readers refuse another.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const name = sequence(set(sequence(objectId(commonName), tagged(0x0c, Buffer.from(host.slice(0, 64))))));
  const until = new Date(from.getTime() + days * 86_400_000);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, serial),
    sha256WithRsa,
    name,
    sequence(time(from), time(until)),
    name,
    key.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = createSign('sha256').update(body).sign(key.privateKey);
  return sequence(body, sha256WithRsa, tagged(0x03, Buffer.concat([Buffer.from([0]), signature]))).toString('base64');
}

/** The `x5t` of a certificate in base64 DER: SHA-1, as RFC 7517 wants it. */
export function certificateThumbprint(certificate: string): string {
  return createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('base64url');
}

const commonName = Buffer.from('550403', 'hex');
const sha256WithRsa = sequence(objectId(Buffer.from('2a864886f70d01010b', 'hex')), tagged(0x05, Buffer.alloc(0)));

function objectId(bytes: Buffer): Buffer {
  return tagged(0x06, bytes);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function time(at: Date): Buffer {
  const digits = `${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  // Two-digit years until 2049, four digits after (RFC 5280, 4.1.2.5).
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

/** One DER element: tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}
