import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { openLog } from '../../base/log.ts';
import { type Build, buildConsole } from './build.ts';
import { registerConsole } from './console.ts';

const dataFolder = await mkdtemp(join(tmpdir(), 'console-'));
const folder = join(dataFolder, 'console');
// A build that nobody waits for may still write its last file.
after(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
const log = openLog();
log.level = 'silent';
let built: Build;

test('two servers that build at once have the same build, and later ones build nothing', async () => {
  const words: string[] = [];
  const [one, two] = await Promise.all([
    buildConsole(folder, log, { tell: (line) => words.push(line) }),
    buildConsole(folder, log, { tell: () => undefined }),
  ]);
  assert.deepEqual(one, two);
  assert.ok(words.length > 0, 'it tells how far it is');
  built = await buildConsole(folder, log, { tell: () => assert.fail('it was built again') });
  assert.deepEqual(built, one);
  assert.deepEqual(await readdir(folder), [built.version], 'no drafts are left');
});

test('no page takes more than 200 kB of script, compressed, when it is the first that is opened', async () => {
  const assets = join(built.folder, 'assets');
  const scripts = new Map<string, string>();
  for (const name of await readdir(assets))
    if (name.endsWith('.js')) scripts.set(name, await readFile(join(assets, name), 'utf8'));
  const html = await readFile(join(built.folder, 'index.html'), 'utf8');
  const first = namesIn(html, /(?:src|href)="\/console\/assets\/([^"]+\.js)"/g);
  const pages = first.flatMap((name) => namesIn(scripts.get(name), /\bimport\(\W\.\/([^"'`]+\.js)\W/g));
  assert.ok(pages.length > 30, pages.join(' '));
  const tooLarge = pages.flatMap((page) => {
    const needed = new Set([...first, page]);
    // With everything that these import at once; what is fetched later does not count.
    for (const name of needed)
      for (const other of namesIn(scripts.get(name), /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) needed.add(other);
    assert.ok(needed.size > 3, page);
    const parts = [...needed].map((name) => ({ name, size: gzipSync(scripts.get(name) ?? '').length }));
    const sum = parts.reduce((all, { size }) => all + size, 0);
    if (sum <= 200_000) return [];
    const largest = parts.sort((a, b) => b.size - a.size).slice(0, 10);
    return `${page} (${routeIn(scripts.get(page))}): ${sum} bytes, of which ${largest.map(({ name, size }) => `${name} ${size}`).join(', ')}`;
  });
  assert.deepEqual(tooLarge, []);
});

function namesIn(text = '', pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** Where a page is: its script makes the route. */
function routeIn(script = ''): string | undefined {
  return /\(["'`](\/[^"'`]*)["'`]\)\(\{component:/.exec(script)?.[1];
}

const get = (app: ReturnType<typeof fastify>, url: string, encoding = 'identity') =>
  app.inject({ url, headers: { 'accept-encoding': encoding } });

/** As often as it takes until the page is there. */
async function settled(app: ReturnType<typeof fastify>) {
  for (;;) {
    const answer = await get(app, '/console');
    if (answer.statusCode !== 503) return answer;
    await setTimeout(20);
  }
}

test('security row 18: the console takes scripts and pictures from here alone; its files come compressed', async () => {
  const app = fastify();
  registerConsole(app, { log, config: { dataFolder } }, { atStart: false });
  const page = await settled(app);
  assert.equal(page.statusCode, 200);
  const policy = String(page.headers['content-security-policy']);
  const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]));
  assert.deepEqual(
    ['default-src', 'script-src', 'img-src', 'connect-src', 'frame-ancestors'].map((name) => rules.get(name)),
    ["'none'", "'self'", "'self' data:", "'self'", "'none'"],
  );
  const [, script = ''] = /src="(\/console\/assets\/[^"]+\.js)"/.exec(page.body) ?? [];
  const plain = await get(app, script);
  const [zipped, packed] = [await get(app, script, 'gzip, deflate'), await get(app, script, 'gzip, deflate, br')];
  assert.deepEqual(
    [plain, zipped, packed].map(({ headers }) => headers['content-encoding']),
    [undefined, 'gzip', 'br'],
  );
  assert.deepEqual(gunzipSync(zipped.rawPayload), plain.rawPayload);
  await app.close();
});

test('a build that failed is tried again by who comes a minute later', async () => {
  const other = join(dataFolder, 'full');
  await mkdir(other);
  await writeFile(join(other, 'console'), 'no folder');
  const app = fastify();
  registerConsole(app, { log, config: { dataFolder: other } }, { atStart: false });
  assert.equal((await settled(app)).statusCode, 500);
  await rm(join(other, 'console'));
  assert.equal((await get(app, '/console')).statusCode, 500, 'not at once');
  const at = performance.now();
  const clock = mock.method(performance, 'now', () => at + 61_000);
  assert.equal((await get(app, '/console')).statusCode, 503, 'it is being built');
  clock.mock.restore();
  await app.close();
});

test('the page holds nothing inline and nothing from elsewhere', async () => {
  const page = await readFile(join(built.folder, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/);
  assert.doesNotMatch(page, /<style|\son\w+=|https?:\/\//);
});
