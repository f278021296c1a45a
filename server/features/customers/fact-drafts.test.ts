import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProblem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { acceptDrafts } from './fact-drafts.ts';

const at = new Date(0);
const said = (path: string, value: Json) => ({ path, value, source: 'customer', origin: 'test', at }) as const;

const accepted: [string, Json][] = [
  ['given_name', 'Jane'],
  ['user_metadata.a.b', { deep: [1, null] }],
  ['user_metadata.key with spaces/ and ünïcode', true],
  ['app_metadata.x', false],
  ['brands.lumiere.skin.type', 0],
  ['user_metadata.big', 'x'.repeat(65_000)],
];

const refused: [string, string, Json][] = [
  ['an empty path', '', 'x'],
  ['a root attribute with a dot', 'address.street', 'x'],
  ['a place without a key', 'user_metadata', { x: 1 }],
  ['an empty key', 'user_metadata.', 1],
  ['a key with a control character', 'user_metadata.a\u0000b', 1],
  ['a key with a line end', 'user_metadata.a\n', 1],
  ['a key of half a surrogate pair', 'user_metadata.\ud800', 1],
  ['a key of 256 characters', `user_metadata.${'k'.repeat(256)}`, 1],
  ['a brand without a key', 'brands.lumiere', 1],
  ['a brand that is no slug', 'brands.Lumière.x', 1],
  ['what is derived', 'computed.score', 1],
  ['self-verification (row 17)', 'email_verified', true],
  ['self-verification of the phone (row 17)', 'phone_verified', true],
  ['the user_id', 'user_id', 'auth0|1'],
  ['the block', 'blocked', false],
  ['the sub', 'sub', 'x'],
  ['null', 'given_name', null],
  ['an e-mail address that is none', 'email', 'jane'],
  ['an e-mail address that is no text', 'email', ['jane@example.com']],
  ['a phone number without country', 'phone_number', '0170 1234567'],
  ['NUL in a text', 'given_name', 'a\u0000'],
  ['NUL deep inside', 'user_metadata.x', { a: [{ 'b\u0000': 1 }] }],
  ['half a surrogate pair', 'given_name', '\udc00'],
  ['infinity', 'user_metadata.x', Number.POSITIVE_INFINITY],
  ['more than 64 kB', 'user_metadata.x', 'x'.repeat(65_536)],
  ['a value that is nested too deep', 'user_metadata.x', JSON.parse('['.repeat(100) + ']'.repeat(100))],
];

for (const [path, value] of accepted) {
  test(`accepted: ${path.slice(0, 50)}`, () => assert.equal(acceptDrafts([said(path, value)]).length, 1));
}

for (const [what, path, value] of refused) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => acceptDrafts([said(path, value)]),
      (error) => isProblem(error, 'invalid_body'),
    );
  });
}

test('addresses are normalised', () => {
  const drafts = acceptDrafts([said('email', ' Jane@Example.COM '), said('phone_number', '+49 170 1234567')]);
  assert.deepEqual(
    drafts.map((draft) => draft.kind !== 'withdrawn' && draft.value),
    ['jane@example.com', '+491701234567'],
  );
});

test('what a network tells and cannot be used is left out, the rest stays', () => {
  const told = [said('email', 'no address'), said('given_name', 'Jane')].map((draft) => {
    return { ...draft, source: 'network' } as const;
  });
  assert.deepEqual(
    acceptDrafts(told).map((draft) => draft.path),
    ['given_name'],
  );
});

test('a confidence is between 0 and 1', () => {
  for (const confidence of [0, -1, 1.5, Number.NaN]) {
    assert.throws(
      () => acceptDrafts([{ ...said('x', 1), confidence }]),
      (error) => isProblem(error, 'invalid_body'),
    );
  }
});
