// `zlib`: streams and functions over Node's own, which gets each text whole.
import type { Transform } from 'node:stream';
import { bufferOf, bytesOf, joined } from './buffers.ts';
import { after } from './event-loop.ts';
import { native } from './host.ts';
import { makeError } from './node-errors.ts';
import { type Load, streamOf } from './node-parts.ts';
import { parts } from './parts.ts';

type Done = (error: unknown, result?: unknown) => void;

const kinds: Record<string, string> = {
  Gzip: 'gzip',
  Gunzip: 'gunzip',
  Deflate: 'deflate',
  Inflate: 'inflate',
  DeflateRaw: 'deflateRaw',
  InflateRaw: 'inflateRaw',
  Unzip: 'unzip',
  BrotliCompress: 'brotliCompress',
  BrotliDecompress: 'brotliDecompress',
};

function input(value: unknown): Uint8Array {
  if (typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesOf(value);
  throw makeError(
    'ERR_INVALID_ARG_TYPE',
    'buffer',
    ['string', 'Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'],
    value,
  );
}

// None of this is for the code to change, nor what is done with it.
const numbers = Object.freeze(
  'flush finishFlush chunkSize windowBits level memLevel strategy maxOutputLength'.split(' '),
);
const [objectOf, textOf] = [Object, String];
const { entries, fromEntries } = Object;
const { apply } = Reflect;
const { slice } = String.prototype;

/** The options that Node reads: no other crosses, however large. */
function plain(options: unknown): Record<string, unknown> {
  const given = objectOf(options);
  const { dictionary, params } = given;
  const told: Record<string, unknown> = {};
  for (let at = 0; at < numbers.length; at += 1) {
    const name = numbers[at] ?? '';
    const value: unknown = given[name];
    if (value !== undefined) told[name] = simple(value);
  }
  if (dictionary !== undefined) told.dictionary = bytesOf(dictionary).slice();
  if (typeof params === 'object' && params !== null) {
    told.params = fromEntries(entries(params).map(([name, value]) => [name, simple(value)]));
  }
  return told;
}

/** What Node refuses it refuses of any kind: what kind that is crosses as little as can be. */
function simple(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? value : apply(slice, textOf(value), [0, 100]);
}

function work(name: string, bytes: Uint8Array, options: unknown): unknown {
  return bufferOf(native('zlib', name, bytes, plain(options)));
}

function streamClass(Base: new (options?: object) => Transform, name: string) {
  return class extends Base {
    readonly #options: unknown;
    readonly #pieces: Uint8Array[] = [];
    bytesWritten = 0;

    constructor(options?: object) {
      super(options);
      this.#options = options;
    }

    override _transform(chunk: Uint8Array, _encoding: string, done: () => void): void {
      this.#pieces.push(chunk);
      this.bytesWritten += chunk.length;
      done();
    }

    override _flush(done: (error?: Error | null, data?: unknown) => void): void {
      try {
        // As in Node: nothing at all is not the start of a compressed text, and no fault.
        const expands = /^(gunzip|inflate|inflateRaw|unzip|brotliDecompress)$/.test(name);
        if (expands && this.#pieces.length === 0) done();
        else done(null, work(name, joined(this.#pieces), this.#options));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    }

    flush(_kind?: unknown, done?: () => void): void {
      (typeof _kind === 'function' ? _kind : done)?.();
    }

    close(done?: () => void): void {
      if (done) this.once('close', done);
      this.destroy();
    }
  };
}

/** The module `zlib`. */
export function makeZlib(load: Load): Record<string, unknown> {
  const { Transform: Base } = streamOf(load);
  const { zlib: constants = {} } = parts.numbers.constants;
  const made: Record<string, unknown> = { constants, ...constants };
  for (const [className, name] of Object.entries(kinds)) {
    const Stream = streamClass(Base, name);
    Object.defineProperty(Stream, 'name', { value: className });
    made[className] = Stream;
    made[`create${className}`] = (options?: object) => new Stream(options);
    made[`${name}Sync`] = (value: unknown, options?: object) => work(name, input(value), options);
    made[name] = (value: unknown, options: unknown, done?: Done) => {
      const [given, told] = typeof options === 'function' ? [{}, options] : [options, done];
      const bytes = input(value);
      after(0, () => {
        let answer: [unknown, unknown?];
        try {
          answer = [null, work(name, bytes, given)];
        } catch (error) {
          answer = [error];
        }
        told?.(...answer);
      });
    };
  }
  made.crc32 = (value: unknown, start?: unknown) => native('crc32', input(value), start);
  return made;
}
