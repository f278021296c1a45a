import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { packages } from './packages.ts';
import { openTest } from './test-both.ts';

const { sandbox, inSandbox } = openTest(() => []);
after(() => sandbox.close());

test('who asks for more packages than fit into the memory is told that they may be why; others are not', async () => {
  const all = packages().map(({ name, version }) => `require('${name}@${version}');`);
  const told = await inSandbox(all.join('\n'), '');
  assert.match(
    told,
    /^failed: memory The code wanted more than 32 MB of memory\. The scripts that run together ask for/,
  );
  assert.match(told, new RegExp(` ${all.length} packages with \\d+\\.\\d MB of code, which may be why`));
  const hungry = "require('uuid'); const all = []; for (;;) all.push(new Array(1000).fill(all.length));";
  assert.equal(await inSandbox(hungry, ''), 'failed: memory The code wanted more than 32 MB of memory.');
});
