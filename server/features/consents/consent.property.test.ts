import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Consent, decisive, type Scope, scopesOf, stricter } from './consent.ts';

const scope: fc.Arbitrary<Scope> = fc.record({
  brand: fc.constantFrom(null, 'a', 'b'),
  purpose: fc.constantFrom('email' as const, 'profiling' as const),
  topic: fc.constantFrom(null, 'x', 'y'),
});
const history = (subject: string): fc.Arbitrary<Consent[]> =>
  fc.array(fc.tuple(scope, fc.boolean(), fc.nat(20)), { maxLength: 12 }).map((said) =>
    said.map(([about, given, minute], number) => ({
      ...about,
      id: `${subject}${String(number).padStart(3, '0')}`,
      subject,
      given,
      version: '1',
      wording: 'w',
      language: 'en',
      source: 'page',
      at: new Date(minute * 60_000),
    })),
  );
const everyScope: Scope[] = [null, 'a', 'b'].flatMap((brand) =>
  (['email', 'profiling'] as const).flatMap((purpose) => [null, 'x', 'y'].map((topic) => ({ brand, purpose, topic }))),
);
const numbered = (rows: Omit<Consent, 'id'>[]): Consent[] => rows.map((row, i) => ({ ...row, id: `zz${i}` }));

test('after joining two customers the stricter holds, for every brand, purpose and topic', () => {
  fc.assert(
    fc.property(history('w'), history('l'), fc.nat(30), (winner, loser, minute) => {
      const noes = numbered(stricter(winner, loser, new Date(minute * 60_000)));
      const joined = [...winner, ...loser, ...noes];
      for (const one of everyScope) {
        const before = [decisive(winner, one), decisive(loser, one)];
        const after = decisive(joined, one);
        if (before.some((row) => row && !row.given))
          assert.ok(!after?.given, `a no became yes: ${JSON.stringify(one)}`);
        else assert.equal(after?.given, before.some((row) => row?.given) ? true : undefined, JSON.stringify(one));
      }
    }),
    { numRuns: 2000 },
  );
});

test('taking them apart gives both back as they were, and joining them again changes nothing', () => {
  fc.assert(
    fc.property(history('w'), history('l'), (winner, loser) => {
      const noes = numbered(stricter(winner, loser, new Date(99 * 60_000)));
      for (const [subject, rows] of [
        ['w', winner],
        ['l', loser],
      ] as const) {
        const mine = [...rows, ...noes.filter((row) => row.subject === subject)];
        for (const one of everyScope) assert.equal(decisive(mine, one)?.given, decisive(rows, one)?.given);
      }
      const all = [...winner, ...loser, ...noes];
      assert.deepEqual(stricter(all, [], new Date()), []);
    }),
    { numRuns: 1000 },
  );
});

test('a wider no closes what was allowed before it; a wider yes opens nothing', () => {
  fc.assert(
    fc.property(history('w'), scope, (rows, about) => {
      const last = { ...about, id: 'zzz', subject: 'w', version: '1', wording: '', language: 'en', source: 'page' };
      const at = new Date(99 * 60_000);
      for (const one of everyScope) {
        const covered =
          one.purpose === about.purpose &&
          (about.brand === null || about.brand === one.brand) &&
          (about.topic === null || about.topic === one.topic);
        const no = decisive([...rows, { ...last, given: false, at }], one);
        if (covered) assert.equal(no?.given, false);
        else assert.equal(no, decisive(rows, one));
        const yes = decisive([...rows, { ...last, given: true, at }], one);
        const isItself = JSON.stringify(one) === JSON.stringify({ ...about });
        if (!isItself) assert.equal(yes, decisive(rows, one));
      }
    }),
  );
  assert.equal(scopesOf([]).length, 0);
});
