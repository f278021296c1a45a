import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { goOn, refuse, runBodies } from './test-bodies.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());

const nest = (depth: number) => `JSON.parse('['.repeat(${depth}) + ']'.repeat(${depth}))`;

async function errorOf(body: string): Promise<string | undefined> {
  const heard = { calls: 0, printed: [] };
  const behind = ['user.behind = true; callback(null, user, context);', refuse] as const;
  const { outcome } = await runBodies(base, heard, [`${body}; callback(null, user, context);`, goOn], behind);
  assert.deepEqual([outcome.refused, outcome.user.behind], [undefined, true], body);
  return outcome.runs[0]?.error?.message;
}

for (const [what, body, told] of [
  ['claims that are nested too deep', `context.idToken.deep = ${nest(64)}`, /claims are nested more than 64 deep/],
  ['those of access tokens', `context.accessToken.deep = ${nest(6000)}`, /nested more than 100 deep/],
  ['anything that is nested too deep', `user.deep = ${nest(99)}`, /What it left is nested more than 100 deep/],
  ['a name with half a character', `user.nickname = 'Ada \\u{1f600}'.substring(0, 5)`, /hold what is no text/],
  ['a name with a zero character', `user.name = 'a\\u0000'`, /hold what is no text/],
  ['a picture that is too long', `user.picture = 'x'.repeat(100_000)`, /more than 100000 characters/],
  ['a picture one character too long', `user.picture = 'x'.repeat(100_001 - 14)`, /more than 100000 characters/],
  ['a picture that all objects have', `Object.prototype.picture = user.picture = 'x'.repeat(100_000)`, /more than 1/],
  ['an address with no host', `context.redirect = { url: 'https://[' }`, /no web address/],
  ['an address with a port that is none', `context.redirect = { url: 'https://a.example:99999/' }`, /no web address/],
  ['an address with a host that is none', `context.redirect = { url: 'https://a<b.example/' }`, /no web address/],
  ['an address that is a number', 'context.redirect = { url: 0 }', /no web address/],
] as const) {
  test(`${what} are the failure of the rule that left them, under its own policy`, async () => {
    assert.match((await errorOf(body)) ?? 'no error', told);
  });
}

test('what can be done is let through', async () => {
  for (const body of [
    `context.idToken.deep = ${nest(63)}`,
    `user.deep = ${nest(98)}`,
    `context.idToken.text = '[{"'.repeat(200) + '\\\\u0000'`,
    `context.idToken.many = Array(200).fill({})`,
    `user.nickname = 'Ada \\u{1f600}'`,
    `context.redirect = { url: 'https://a.example/?a=b' }`,
    'context.redirect = { url: null }',
    `user.picture = 'x'.repeat(100_000 - 14)`,
    `Object.prototype.url = 'x'; context.redirect = {}`,
  ]) {
    assert.equal(await errorOf(body), undefined, body);
  }
});

test('what rules before one that died have told of the profile counts with what those behind it tell', async () => {
  const body = (name: string) => `user.${name} = 'x'.repeat(60_000); callback(null, user, context);`;
  const heard = { calls: 0, printed: [] };
  const { outcome } = await runBodies(base, heard, [body('picture'), goOn], ['for (;;);', goOn], [body('name'), goOn]);
  const [first, died, behind] = outcome.runs;
  assert.deepEqual([first?.error, died?.error?.name], [undefined, 'deadline']);
  assert.match(behind?.error?.message ?? 'no error', /more than 100000 characters/);
});
