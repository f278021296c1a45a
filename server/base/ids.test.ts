import assert from 'node:assert/strict';
import { test } from 'node:test';

// One of its own: tests before, in this process, may have set the clock ahead, and ids never go back.
const { uuid }: typeof import('./ids.ts') = await import(new URL('ids.ts?own', import.meta.url).href);

test('ids are of version 7, differ, and each is greater than the one before, however fast they are made', () => {
  const before = Date.now();
  const ids = Array.from({ length: 20_000 }, uuid);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(ids, [...new Set(ids)].sort());
  const ms = Number.parseInt((ids[0] ?? '').replace('-', '').slice(0, 12), 16);
  assert.ok(ms >= before && ms < before + 1000);
});
