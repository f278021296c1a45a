import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { assetPath, registerAssets } from './assets.ts';

test('assets may be kept for ever at the address of their version, and only there', async () => {
  const app = Fastify();
  registerAssets(app);
  const path = assetPath('regulars.css');
  const own = await app.inject(path);
  assert.equal(own.statusCode, 200);
  assert.match(String(own.headers['cache-control']), /immutable/);
  assert.match(own.body, /icons\/google-oauth2\.svg/);
  const other = await app.inject(path.replace(/[0-9a-f]{12}/, '000000000000'));
  assert.equal(other.headers['cache-control'], 'no-store');
  await assert.rejects(async () => assetPath('../config.ts'));
  await app.close();
});

test('nothing but assets is served', async () => {
  const app = Fastify();
  registerAssets(app);
  for (const name of ['layout.liquid', '..%2fconfig.ts', '../config.ts', '__proto__']) {
    const answer = await app.inject(assetPath('regulars.css').replace('regulars.css', name));
    assert.notEqual(answer.statusCode, 200, name);
  }
  await app.close();
});
