import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../base/json.ts';
import { readPages } from './read-pages.ts';

/** Pages of likes by cursor: the answer to a call without cursor first, then by `after`. */
function pagesOf(...pages: Json[]) {
  const asked: Record<string, string>[] = [];
  return {
    asked,
    call: async (query: Record<string, string>): Promise<Json> => {
      asked.push(query);
      const page = pages[Number(query.after ?? 0)];
      if (page === undefined) throw new Error('no such page');
      return page;
    },
  };
}

const like = (id: string) => ({ id, name: `Page ${id}`, category: 'Spa', secret: 'x' });
const next = (after: string, ...ids: string[]) => ({
  data: ids.map(like),
  paging: { cursors: { after }, next: 'https://evil.example/?access_token=x' },
});

test('likes are read to the end by cursor, each once, with just their three fields', async () => {
  const { asked, call } = pagesOf(next('1', 'a', 'b'), next('2', 'b', 'c'), { data: [like('d')] });
  const { pages, complete } = await readPages(call);
  assert.deepEqual(
    pages.map(({ id }) => id),
    ['a', 'b', 'c', 'd'],
  );
  assert.deepEqual(pages[0], { id: 'a', name: 'Page a', category: 'Spa' });
  assert.equal(complete, true);
  assert.deepEqual(
    asked.map(({ after }) => after),
    [undefined, '1', '2'],
  );
});

test('likes that stop half-way are kept and said to be incomplete; without a first page there are none', async () => {
  const half = await readPages(pagesOf(next('1', 'a'), next('9', 'b')).call);
  assert.deepEqual([half.pages.length, half.complete], [2, false]);
  await assert.rejects(readPages(pagesOf().call));
});

test('likes: a cursor that does not move, and nonsense, end the reading', async () => {
  const still = pagesOf(next('1', 'a'), next('1', 'b'));
  const read = await readPages(still.call);
  assert.deepEqual([read.complete, still.asked.length], [false, 2]);
  for (const answer of [null, 7, 'x', [], {}, { data: 'x' }, { data: [null, 1, { id: 5 }, { id: '', name: 'x' }] }]) {
    assert.deepEqual(await readPages(pagesOf(answer).call), { pages: [], complete: true });
  }
});

test('likes: 25 calls at most', async () => {
  let calls = 0;
  const { pages, complete } = await readPages(async () => {
    calls += 1;
    return next(`c${calls}`, `p${calls}`);
  });
  assert.deepEqual([calls, pages.length, complete], [25, 25, false]);
});

test('likes: 8 s at most, even when a call never answers', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const reading = readPages(async (query) => (query.after ? new Promise<Json>(() => undefined) : next('1', 'a')));
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  t.mock.timers.tick(8000);
  assert.deepEqual(await reading, { pages: [{ id: 'a', name: 'Page a', category: 'Spa' }], complete: false });
});
