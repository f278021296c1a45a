// Runs inside the sandbox: base64url, and HMAC with SHA-256 (FIPS 180-4, RFC 2104), in plain numbers. What Node has of
// them goes through objects that any action can change, and would hand the secret of one action to another.
'use strict';
(() => {
  const { bare, codeAt } = globalThis.$actions.own;
  const { cbrt, floor, pow, sqrt } = Math;
  const fromCode = String.fromCharCode;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const valueOf = bare({});
  for (let at = 0; at < 64; at += 1) valueOf[letters[at]] = at;

  // The first 32 bits of what is behind the point of the roots of the first primes.
  const rounds = bare([]);
  const start = bare([]);
  const first32 = (root) => floor((root - floor(root)) * pow(2, 32)) | 0;
  for (let number = 2; rounds.length < 64; number += 1) {
    let isPrime = true;
    for (let other = 2; other * other <= number; other += 1) if (number % other === 0) isPrime = false;
    if (!isPrime) continue;
    if (start.length < 8) start[start.length] = first32(sqrt(number));
    rounds[rounds.length] = first32(cbrt(number));
  }

  /** UTF-8; half of a surrogate pair becomes what stands for no letter. */
  function bytesOf(text) {
    const bytes = bare([]);
    for (let at = 0; at < text.length; at += 1) {
      let code = codeAt(text, at);
      if (code >= 0xd800 && code < 0xe000) {
        const second = code < 0xdc00 && at + 1 < text.length ? codeAt(text, at + 1) : 0;
        const isPair = second >= 0xdc00 && second < 0xe000;
        code = isPair ? 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00) : 0xfffd;
        if (isPair) at += 1;
      }
      const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[bytes.length] = more === 0 ? code : ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
      for (let left = more - 1; left >= 0; left -= 1) bytes[bytes.length] = 0x80 | ((code >> (6 * left)) & 0x3f);
    }
    return bytes;
  }

  function textOf(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const byte = bytes[at];
      const more = byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      let code = more === 0 ? byte : byte & (0x3f >> more);
      for (let next = 1; next <= more; next += 1) code = (code << 6) | (bytes[at + next] & 0x3f);
      text += code < 0x10000 ? fromCode(code) : fromCode(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
      at += more + 1;
    }
    return text;
  }

  function encode(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length; at += 3) {
      const left = bytes.length - at;
      const three = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0);
      for (let place = 0; place <= left && place < 4; place += 1) text += letters[(three >> (18 - 6 * place)) & 63];
    }
    return text;
  }

  /** Undefined: it is none. */
  function decode(text) {
    const bytes = bare([]);
    let bits = 0;
    let held = 0;
    for (let at = 0; at < text.length; at += 1) {
      const value = valueOf[text[at]];
      if (value === undefined) return undefined;
      held = ((held << 6) | value) & 0xffff;
      bits += 6;
      if (bits < 8) continue;
      bits -= 8;
      bytes[bytes.length] = (held >> bits) & 0xff;
    }
    return bytes;
  }

  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  function mix(hash, words) {
    let { 0: a, 1: b, 2: c, 3: d, 4: e, 5: f, 6: g, 7: h } = hash;
    for (let at = 0; at < 64; at += 1) {
      const one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[at] + words[at];
      const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    const now = bare([a, b, c, d, e, f, g, h]);
    for (let at = 0; at < 8; at += 1) hash[at] = (hash[at] + now[at]) | 0;
  }

  function sha256(bytes) {
    const size = bytes.length;
    const hash = bare([]);
    for (let at = 0; at < 8; at += 1) hash[at] = start[at];
    const blocks = ((size + 8) >> 6) + 1;
    const byteAt = (at) => {
      if (at < size) return bytes[at];
      if (at === size) return 0x80;
      const fromEnd = blocks * 64 - 1 - at;
      return fromEnd < 6 ? floor((size * 8) / pow(256, fromEnd)) & 0xff : 0;
    };
    const words = bare([]);
    for (let block = 0; block < blocks; block += 1) {
      for (let at = 0; at < 16; at += 1) {
        const from = block * 64 + at * 4;
        words[at] = (byteAt(from) << 24) | (byteAt(from + 1) << 16) | (byteAt(from + 2) << 8) | byteAt(from + 3);
      }
      for (let at = 16; at < 64; at += 1) {
        const early = words[at - 15];
        const late = words[at - 2];
        const one = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
        const two = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
        words[at] = (words[at - 16] + one + words[at - 7] + two) | 0;
      }
      mix(hash, words);
    }
    const digest = bare([]);
    for (let at = 0; at < 32; at += 1) digest[at] = (hash[at >> 2] >>> (24 - 8 * (at & 3))) & 0xff;
    return digest;
  }

  function hmac(text, secret) {
    const given = bytesOf(secret);
    const key = given.length > 64 ? sha256(given) : given;
    const padded = (by, bytes) => {
      const all = bare([]);
      for (let at = 0; at < 64; at += 1) all[at] = (at < key.length ? key[at] : 0) ^ by;
      for (let at = 0; at < bytes.length; at += 1) all[64 + at] = bytes[at];
      return all;
    };
    return sha256(padded(0x5c, sha256(padded(0x36, bytesOf(text)))));
  }

  globalThis.$actions.tokens = bare({
    encodeText: (text) => encode(bytesOf(text)),
    decodeText: (text) => {
      const bytes = decode(text);
      return bytes === undefined ? undefined : textOf(bytes);
    },
    sign: (text, secret) => encode(hmac(text, secret)),
  });
})();
