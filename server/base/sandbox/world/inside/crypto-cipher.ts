// Ciphers of Node's `crypto`: all that was written is told at each call, so that nothing is kept outside.
import { bufferOf, bytesOf, joined } from './buffers.ts';
import { secretInput } from './crypto-keys.ts';
import { native } from './host.ts';
import { makeError } from './node-errors.ts';

const withTags = /gcm|ccm|ocb|poly1305/i;

export class CipherBase {
  readonly #how: Record<string, unknown>;
  #input: Uint8Array = new Uint8Array();
  #told = 0;
  #tag: unknown;
  #done = false;

  constructor(encrypts: boolean, cipher: string, key: unknown, iv: unknown, tagLength: number) {
    const vector = iv === null || iv === undefined ? null : bytesOf(iv).slice();
    this.#how = { encrypts, cipher, key: secretInput(key), iv: vector, tagLength, padding: true, aadLength: -1 };
    native('cipher.start', this.#how);
  }

  update(data: unknown, encoding?: unknown): unknown {
    if (this.#done) throw makeError('ERR_CRYPTO_INVALID_STATE', 'update');
    this.#input = joined([this.#input, bytesOf(data, encoding)]);
    const fresh = bytesOf(native('cipher.update', this.#how, this.#input, this.#told));
    this.#told += fresh.length;
    return bufferOf(fresh);
  }

  final(): unknown {
    if (this.#done) throw makeError('ERR_CRYPTO_INVALID_STATE', 'final');
    this.#done = true;
    const told = native('cipher.final', this.#how, this.#input);
    const [last, tag] = Array.isArray(told) ? told : [];
    this.#tag = tag;
    return bufferOf(last);
  }

  setAutoPadding(padding: boolean): boolean {
    if (this.#done) return false;
    this.#how.padding = padding;
    return true;
  }

  getAuthTag(): unknown {
    return this.#done && this.#tag !== undefined ? bufferOf(this.#tag) : undefined;
  }

  setAuthTag(tag: unknown): boolean {
    if (this.#done || !withTags.test(String(this.#how.cipher))) return false;
    this.#how.tag = bytesOf(tag).slice();
    native('cipher.start', this.#how);
    return true;
  }

  setAAD(aad: unknown, length: number): boolean {
    if (this.#done || !withTags.test(String(this.#how.cipher))) return false;
    this.#how.aad = bytesOf(aad).slice();
    this.#how.aadLength = length;
    return true;
  }
}
