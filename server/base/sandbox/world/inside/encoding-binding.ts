// The native half of `TextEncoder` and `TextDecoder`.
import { native } from './host.ts';
import { makeError } from './node-errors.ts';
import { utf8Fault, utf8Length, utf8Read, utf8Write } from './utf8.ts';

type View = { buffer: ArrayBuffer; byteOffset: number; byteLength: number };

const encodeIntoResults = new Uint32Array(2);

/** `internalBinding('encoding_binding')` */
export const encodingBinding = {
  encodeIntoResults,
  encodeInto(text: string, target: Uint8Array) {
    const { read, written } = utf8Write(text, target, 0, target.length);
    encodeIntoResults.set([read, written]);
  },
  encodeUtf8String(text: string): Uint8Array {
    const bytes = new Uint8Array(utf8Length(text));
    utf8Write(text, bytes, 0, bytes.length);
    return bytes;
  },
  decodeUTF8(input: View | ArrayBuffer, ignoreBom: boolean, fatal: boolean): string {
    if (!(input instanceof ArrayBuffer) && !ArrayBuffer.isView(input)) {
      throw makeError('ERR_INVALID_ARG_TYPE', 'list', ['ArrayBuffer', 'ArrayBufferView'], input);
    }
    const bytes =
      input instanceof ArrayBuffer
        ? new Uint8Array(input)
        : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (fatal && utf8Fault(bytes) < bytes.length)
      throw makeError('ERR_ENCODING_INVALID_ENCODED_DATA', 'utf-8', undefined);
    const marked = !ignoreBom && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return utf8Read(bytes, marked ? 3 : 0, bytes.length);
  },
  toASCII: (domain: string) => native('url.ascii', domain),
  toUnicode: (domain: string) => native('url.unicode', domain),
};
