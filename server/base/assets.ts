import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { Problem } from './errors.ts';

type Asset = { body: Buffer; type: string };

const folder = fileURLToPath(new URL('./pages/', import.meta.url));
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const assets = new Map<string, Asset>();
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  const type = types[extname(name)];
  if (type) assets.set(name.replaceAll('\\', '/'), { body: readFileSync(`${folder}${name}`), type });
}

// One hash over all of them: a stylesheet names its icons relative to itself, so they share a folder.
const version = createHash('sha256');
for (const name of [...assets.keys()].sort()) version.update(name).update(assets.get(name)?.body ?? '');
const current = version.digest('hex').slice(0, 12);
const root = `/assets/${current}/`;

/** Where a browser finds the asset `name` (a path below base/pages); changes when any asset changes. */
export function assetPath(name: string): string {
  if (!assets.has(name)) throw new Error(`No asset ${name}`);
  return root + name;
}

/** Serves stylesheets, scripts and icons of the customers' pages; they may be kept for ever, their address tells the version. */
export function registerAssets(app: FastifyInstance): void {
  app.get<{ Params: { version: string; '*': string } }>('/assets/:version/*', async (request, reply) => {
    const asset = assets.get(request.params['*']);
    if (!asset) throw new Problem('not_found');
    // While servers are being replaced, an old one may be asked by the new one's address: that must not be kept.
    const isCurrent = request.params.version === current;
    return reply
      .header('cache-control', isCurrent ? 'public, max-age=31536000, immutable' : 'no-store')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type(asset.type)
      .send(asset.body);
  });
}
