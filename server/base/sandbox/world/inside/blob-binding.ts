// The native half of Node's `Blob`: bytes that are there already.
import { joined } from './buffers.ts';

type Done = (status: number, buffer?: ArrayBuffer, last?: number) => void;

class BlobHandle {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  slice(start: number, end: number): BlobHandle {
    return new BlobHandle(this.bytes.subarray(start, end));
  }

  getReader() {
    let left: ArrayBuffer | undefined = this.bytes.slice().buffer;
    return {
      setWakeup() {},
      pull(done: Done) {
        const now = left;
        left = undefined;
        if (now && now.byteLength > 0) done(1, now);
        else done(0);
      },
    };
  }
}

function piece(source: unknown): Uint8Array {
  if (source instanceof BlobHandle) return source.bytes;
  if (Array.isArray(source) && source[0] instanceof BlobHandle) return source[0].bytes;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array();
}

/** `internalBinding('blob')` */
export const blobBinding = {
  createBlob: (sources: unknown[]) => new BlobHandle(joined(sources.map(piece))),
  concat: (sources: unknown[]) => joined(sources.map(piece)).buffer,
  getDataObject: () => undefined,
  storeDataObject() {},
  revokeObjectURL() {},
};
