import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { worldFiles } from '../world.ts';
import { packages, root } from './packages.ts';
import { openTest } from './test-both.ts';

const { sandbox, inSandbox } = openTest(() => []);
after(() => sandbox.close());
const asking = (names: readonly string[]) => names.map((name) => `require('${name}');`).join('\n');
const all = packages().map(({ name, version }) => `${name}@${version}`);
const hungry = 'const all = []; for (;;) all.push(new Array(1000).fill(all.length));';

test('all packages together leave the run its memory; one that takes it all is told that they may be why', async () => {
  const held = 'const held = Array.from({ length: 8 }, () => new Uint8Array(2 ** 20).fill(1)); return held.length;';
  assert.equal(await inSandbox(`${asking(all)}\n${held}`, ''), '8');
  const told = await inSandbox(`${asking(all)}\n${hungry}`, '');
  assert.match(
    told,
    /^failed: memory The code wanted more than 32 MB of memory\. The scripts that run together ask for/,
  );
  assert.match(told, new RegExp(` ${all.length} packages with \\d+\\.\\d MB of code, which may be why`));
  const few = `require('uuid'); ${hungry}`;
  assert.equal(await inSandbox(few, ''), 'failed: memory The code wanted more than 32 MB of memory.');
});

test('security row 10: of more packages than may go into one program the last are not there, and it is told', async () => {
  const files = readdirSync(new URL('node_modules/rules-lodash-4.17.21/fp/', root)).map(
    (name) => `lodash@4.17.21/fp/${name}`,
  );
  const small = readdirSync(new URL('node_modules/rules-lodash-4.17.21/', root)).flatMap((name) => {
    return /^[a-z]\w+\.js$/i.test(name) ? [`lodash@4.17.21/${name.slice(0, -3)}`] : [];
  });
  for (const asked of [[...all, ...files.slice(0, 60)], small.slice(0, 220)]) {
    const { files: program, missing } = await worldFiles({ scripts: [asking(asked)] });
    assert.match(missing[0]?.message ?? '', /^Together more than 16 MB of packages are asked for, or more than 200,/);
    assert.ok(program.reduce((sum, { source }) => sum + source.length, 0) < 20e6);
    assert.ok(program.length < 300);
  }
});
