import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openLog } from '../../base/log.ts';
import { type Build, buildConsole } from './build.ts';

const folder = await mkdtemp(join(tmpdir(), 'console-'));
after(() => rm(folder, { recursive: true, force: true }));
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

test('the first load is at most 200 kB of script, compressed', async () => {
  const page = await readFile(join(built.folder, 'index.html'), 'utf8');
  const first = [...page.matchAll(/(?:src|href)="\/console\/assets\/([^"]+\.js)"/g)].map(([, name = '']) => name);
  const all = await readdir(join(built.folder, 'assets'));
  const needed = new Set([...first, ...all.filter((name) => name.startsWith('customers-page'))]);
  let sum = 0;
  // With everything that these import at once; what is fetched later does not count.
  for (const name of needed) {
    const script = await readFile(join(built.folder, 'assets', name), 'utf8');
    for (const [, other = ''] of script.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) needed.add(other);
    sum += gzipSync(script).length;
  }
  assert.ok(needed.size > 3);
  assert.ok(sum < 200_000, `${sum} bytes`);
});

test('the page holds nothing inline and nothing from elsewhere', async () => {
  const page = await readFile(join(built.folder, 'index.html'), 'utf8');
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/);
  assert.doesNotMatch(page, /<style|\son\w+=|https?:\/\//);
});
