// What Node's `string_decoder` asks of its native half: the state is seven bytes in a Buffer of its own.
import { encodings, textOf } from './buffer-binding.ts';
import { sequence } from './utf8.ts';

const missing = 4;
const held = 5;
const encodingField = 6;

/** How many bytes at the end are the start of a character, and how many that still wants. */
function unfinished(bytes: Uint8Array, encoding: number): { kept: number; wants: number } {
  const length = bytes.length;
  if (encoding === 2 || encoding === 7) return { kept: length % 3, wants: length % 3 ? 3 - (length % 3) : 0 };
  if (encoding === 3) {
    if (length % 2 === 1) return { kept: 1, wants: 1 };
    const high = length >= 2 && ((bytes[length - 1] ?? 0) & 0xfc) === 0xd8;
    return high ? { kept: 2, wants: 2 } : { kept: 0, wants: 0 };
  }
  if (encoding !== 1) return { kept: 0, wants: 0 };
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const form = sequence(byte);
    if (!form || form[0] < back) break;
    const second = bytes[length - back + 1] ?? 0;
    if (back > 1 && (second < form[1] || second > form[2])) break;
    return { kept: back, wants: form[0] + 1 - back };
  }
  return { kept: 0, wants: 0 };
}

/** `internalBinding('string_decoder')` */
export const decoderBinding = {
  encodings,
  kIncompleteCharactersStart: 0,
  kIncompleteCharactersEnd: 4,
  kMissingBytes: missing,
  kBufferedBytes: held,
  kEncodingField: encodingField,
  kNumFields: 7,
  kSize: 7,
  decode(state: Uint8Array, view: { buffer: ArrayBuffer; byteOffset: number; byteLength: number }): string {
    const before = state.subarray(0, state[held] ?? 0);
    const bytes = new Uint8Array(before.length + view.byteLength);
    bytes.set(before);
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), before.length);
    const encoding = state[encodingField] ?? 1;
    const { kept, wants } = unfinished(bytes, encoding);
    const whole = bytes.length - kept;
    state.set(bytes.subarray(whole));
    state[held] = kept;
    state[missing] = wants;
    return textOf(bytes, encoding, 0, whole);
  },
  flush(state: Uint8Array): string {
    const encoding = state[encodingField] ?? 1;
    const length = state[held] ?? 0;
    state[held] = 0;
    state[missing] = 0;
    return textOf(state, encoding, 0, encoding === 3 ? length - (length % 2) : length);
  },
};
