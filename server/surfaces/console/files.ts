import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** A file of the built console. */
export type ConsoleFile = { readonly body: Buffer; readonly brotli: Buffer | undefined; readonly type: string };

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const compress = promisify(brotliCompress);
const least = 1000;

/** Reads the files of a build into memory by their paths below it; what compresses well is compressed once. */
export async function readFiles(folder: string): Promise<ReadonlyMap<string, ConsoleFile>> {
  const files = new Map<string, ConsoleFile>();
  for (const name of await readdir(folder, { recursive: true })) {
    const type = types[extname(name)];
    if (!type) continue;
    const body = await readFile(join(folder, name));
    const brotli = body.length < least || name.endsWith('.html') ? undefined : await compressed(body);
    files.set(name.replaceAll('\\', '/'), { body, brotli, type });
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
