import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readPackages } from './packages.ts';

test('packages are those of npm by their aliases, and those that an operator installed from files', async (t) => {
  const at = await mkdtemp(join(tmpdir(), 'regulars-packages-'));
  t.after(() => rm(at, { recursive: true }));
  const dependencies = {
    ...{ pino: '10.0.0', 'rules-uuid-9.0.1': 'npm:uuid@9.0.1', 'rules-gone-1.0.0': 'file:gone-1.0.0.tgz' },
    'rules-acme-tool-0.3.0': 'file:../acme-tool-0.3.0.tgz',
  };
  await writeFile(join(at, 'package.json'), JSON.stringify({ dependencies }));
  const folder = 'rules-acme-tool-0.3.0';
  await mkdir(join(at, 'node_modules', folder), { recursive: true });
  const manifest = { name: '@acme/tool', version: '0.3.0' };
  await writeFile(join(at, 'node_modules', folder, 'package.json'), JSON.stringify(manifest));
  assert.deepEqual(readPackages(pathToFileURL(`${at}/`)), [
    { name: 'uuid', version: '9.0.1', folder: 'rules-uuid-9.0.1' },
    { ...manifest, folder, isOwn: true },
  ]);
});
