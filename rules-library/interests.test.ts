import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interests } from './interests.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const like = (name: string, category: string) => ({ id: name, name, category });
const likes = [
  like('Maison Fougère', 'Perfume Store'),
  like('Iris Pallida', 'Perfume Store'),
  like('Larchwood Trails', 'Hiking Trail'),
  like('Party for All', 'Political Party'),
  like('Saint Anne', 'Religious Organization'),
  like('Depression Help', 'Mental Health Service'),
  like('City Diabetes Clinic', 'Medical & Health'),
];
const of = async (scene: object) =>
  factsOf(await runRule(interests, { user: { likes }, ...scene }))['app_metadata.interests'];

test('a short list of retail, the most liked first; faith, politics and health are not looked at', async () => {
  assert.deepEqual(await of({}), ['fragrance', 'hiking']);
  assert.deepEqual((await runRule(interests, { user: { likes } })).user.app_metadata, {
    interests: ['fragrance', 'hiking'],
  });
});

test('as the form says: only some, not of one like, at most so many, or a list of your own', async () => {
  assert.deepEqual(await of({ settings: { only: ['hiking', 'books'] } }), ['hiking']);
  assert.deepEqual(await of({ settings: { least: 2 } }), ['fragrance']);
  assert.deepEqual(await of({ settings: { most: 1 } }), ['fragrance']);
  assert.deepEqual(await of({ settings: { list: { scent: ['perfume'] } } }), ['scent']);
});

test('words count from their beginning, and likes of any shape do no harm', async () => {
  assert.deepEqual(await of({ user: { likes: [like('Party Start', 'x'), like('The Art Room', 'x')] } }), ['art']);
  for (const odd of [undefined, 'x', [null, 1, [], {}, { name: 5 }]]) {
    const { learned } = await runRule(interests, { user: odd === undefined ? {} : { likes: odd } });
    assert.ok(learned.every(({ value }) => Array.isArray(value) && value.length === 0));
  }
});
