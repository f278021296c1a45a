import { randomBytes, randomUUID } from 'node:crypto';

const mostInMillisecond = 0xfff;
let last = { ms: 0, number: 0 };

/**
 * A time-ordered UUID (RFC 9562, version 7), the key of our tables. Within this process each is greater than the one
 * before, also in the same millisecond (section 6.2, method 1): rows that are written in order are read in order.
 */
export function uuid(): string {
  const bytes = randomBytes(16);
  const ms = Date.now();
  if (ms > last.ms) last = { ms, number: bytes.readUInt16BE(6) & (mostInMillisecond >> 1) };
  else if (last.number < mostInMillisecond) last.number += 1;
  else last = { ms: last.ms + 1, number: 0 };
  bytes.writeUIntBE(last.ms, 0, 6);
  bytes.writeUInt16BE(last.number, 6);
  return format(bytes, 7);
}

/** A UUID (RFC 9562, version 8) that follows from `bytes`, of which the first 16 count: the same from the same. */
export function uuidFrom(bytes: Buffer): string {
  return format(Buffer.from(bytes.subarray(0, 16)), 8);
}

function format(bytes: Buffer, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUID without a readable time (version 4), for ids that outsiders see and must not order. */
export function randomId(): string {
  return randomUUID();
}

/** `length` random characters of [A-Za-z0-9] (about 5.95 bits each): client ids, `con_…`, `cgr_…`. */
export function alphanumeric(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 * 62: bytes above it would favour the first letters.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** 24 hexadecimal digits, the form of Auth0's database user ids and resource server ids. */
export function hex24(): string {
  return randomBytes(12).toString('hex');
}

/** A secret of `bytes` random bytes in base64url: 24 bytes make 32 characters. */
export function secretToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}
