// Base64 as Node reads it (either alphabet, whatever else is in between is passed over) and writes it.

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const forUrls = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const values = new Int8Array(128).fill(-1);
for (let index = 0; index < 64; index += 1) {
  values[plain.charCodeAt(index)] = index;
  values[forUrls.charCodeAt(index)] = index;
}

/** Base64 of bytes; in the alphabet for URLs without padding. */
export function base64Read(bytes: Uint8Array, start: number, end: number, url: boolean): string {
  const alphabet = url ? forUrls : plain;
  let text = '';
  let at = start;
  for (; at + 2 < end; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += `${alphabet[three >> 18]}${alphabet[(three >> 12) & 63]}${alphabet[(three >> 6) & 63]}${alphabet[three & 63]}`;
  }
  if (at < end) {
    const left = end - at;
    const three = ((bytes[at] ?? 0) << 16) | (left > 1 ? (bytes[at + 1] ?? 0) << 8 : 0);
    text += `${alphabet[three >> 18]}${alphabet[(three >> 12) & 63]}`;
    if (left > 1) text += alphabet[(three >> 6) & 63];
    if (!url) text += left > 1 ? '=' : '==';
  }
  return text;
}

/** Writes the bytes of a base64 text, as many as fit; tells how many. */
export function base64Write(text: string, bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let [bits, held] = [0, 0];
  for (let index = 0; index < text.length && at < end; index += 1) {
    // As in Node, of a wider unit only the low byte counts.
    const unit = text.charCodeAt(index) & 0xff;
    if (unit === 0x3d) break;
    const value = unit < 128 ? (values[unit] ?? -1) : -1;
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  return at - start;
}

/**
 * The units of a base64 text by the forgiving rules of `atob`.
 *
 * @returns -1 if a single character remains, -2 for one that is not of the alphabet
 */
export function forgivingBase64(text: string): string | -1 | -2 {
  let clean = text.replace(/[\t\n\f\r ]/g, '');
  if (clean.length % 4 === 0) clean = clean.replace(/={1,2}$/, '');
  if (/[^A-Za-z0-9+/]/.test(clean)) return -2;
  if (clean.length % 4 === 1) return -1;
  const bytes = new Uint8Array(Math.floor((clean.length * 3) / 4));
  base64Write(clean, bytes, 0, bytes.length);
  let units = '';
  for (const byte of bytes) units += String.fromCharCode(byte);
  return units;
}

/** Base64 of a text whose units are bytes; -1 if one is not. */
export function base64OfUnits(text: string): string | -1 {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 255) return -1;
    bytes[index] = unit;
  }
  return base64Read(bytes, 0, bytes.length, false);
}
