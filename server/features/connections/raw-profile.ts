import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

const deepest = 8;
const mostBytes = 64 * 1024;
// What belongs to the protocol and not to the person; tokens above all.
const hidden = new Set(['nonce', 'at_hash', 'c_hash', 's_hash', 'iat', 'exp', 'nbf', 'jti', 'aud', 'azp', 'auth_time']);
const token = /(^|_)(token|secret)$/i;

/**
 * A network's answer as it may be kept: at most 64 kB of JSON that PostgreSQL can hold, without tokens and without
 * the names in `dropped`. What is too long is left out whole, the longest first.
 */
export function keepableProfile(raw: JsonObject, dropped: readonly string[]): JsonObject {
  const kept = Object.entries(raw).filter(([name]) => !hidden.has(name) && !dropped.includes(name));
  let entries = Object.entries(cleanObject(Object.fromEntries(kept), 0));
  let size = byteLength(Object.fromEntries(entries));
  while (size > mostBytes) {
    const sizes = entries.map(([, value]) => byteLength(value));
    const longest = sizes.indexOf(Math.max(...sizes));
    entries = entries.filter((_entry, index) => index !== longest);
    size = byteLength(Object.fromEntries(entries));
  }
  return Object.fromEntries(entries);
}

/** Text that PostgreSQL can hold: no NUL, no half surrogates. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '');
}

function cleanObject(value: JsonObject, depth: number): JsonObject {
  const entries = Object.entries(value).filter(([name]) => !token.test(name) && name !== '__proto__');
  return Object.fromEntries(entries.map(([name, inner]) => [cleanText(name), clean(inner, depth + 1)]));
}

function clean(value: Json, depth: number): Json {
  if (typeof value === 'string') return cleanText(value);
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((inner) => clean(inner, depth + 1));
  return isJsonObject(value) ? cleanObject(value, depth) : value;
}

function byteLength(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
