import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A file of the built console, and what it is compressed: browsers take brotli over TLS and from this machine alone. */
export type ConsoleFile = {
  readonly body: Buffer;
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  readonly type: string;
};

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const [compress, zip] = [promisify(brotliCompress), promisify(gzip)];
const least = 1000;

/** Reads the files of a build into memory by their paths below it; what compresses well is compressed once. */
export async function readFiles(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const files = new Map<string, ConsoleFile>();
  for (const name of await readdir(folder, { recursive: true })) {
    const type = types[extname(name)];
    if (!type) continue;
    const body = await readFile(join(folder, name));
    const isPlain = body.length < least || name.endsWith('.html');
    const packed = isPlain
      ? { brotli: undefined, gzip: undefined }
      : { brotli: await compressed(body), gzip: await zip(body) };
    files.set(name.replaceAll('\\', '/'), { body, ...packed, type });
  }
  return files;
}

function compressed(body: Buffer): Promise<Buffer> {
  return compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

/** There is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
