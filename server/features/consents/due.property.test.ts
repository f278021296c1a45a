import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ageOf } from './age.ts';
import type { EntryInForce } from './catalogue.ts';
import { allowed, type Consent, decisive, stricter } from './consent.ts';
import { type Circumstances, dueOf, isBarred, type Said, standingOf } from './due.ts';

const scopes = fc.record({
  brand: fc.constantFrom(null, 'a'),
  purpose: fc.constantFrom('terms' as const, 'email' as const),
  topic: fc.constantFrom(null, 'x'),
});
const versions = fc.constantFrom('1', '2', '3');
const entries: fc.Arbitrary<EntryInForce> = fc
  .record({
    scope: scopes,
    version: versions,
    required: fc.boolean(),
    at_sign_up: fc.boolean(),
    in_journey: fc.boolean(),
    double_opt_in: fc.boolean(),
    minimum_age: fc.constantFrom(null, 16),
    unknown_age: fc.constantFrom('ask' as const, 'skip' as const),
    under_age: fc.constantFrom('skip' as const, 'refuse' as const),
  })
  .map(({ scope, ...settings }) => ({
    ...scope,
    ...settings,
    id: JSON.stringify(scope),
    position: 0,
    texts: { en: { label: 'x' } },
    created_at: new Date(0),
    updated_at: new Date(0),
  }));
const history = (subject: string): fc.Arbitrary<Consent[]> =>
  fc.array(fc.tuple(scopes, fc.boolean(), versions, fc.nat(20)), { maxLength: 10 }).map((said) =>
    said.map(([scope, given, version, minute], number) => ({
      ...scope,
      id: `${subject}${String(number).padStart(3, '0')}`,
      subject,
      given,
      version,
      wording: 'w',
      language: 'en',
      source: 'sign_in',
      at: new Date(minute * 60_000),
    })),
  );
const said: fc.Arbitrary<Said> = fc.record({
  rows: history('s'),
  waiting: fc.array(
    fc.tuple(scopes, versions).map(([scope, version]) => ({ ...scope, version })),
    { maxLength: 3 },
  ),
});
const people: fc.Arbitrary<Circumstances> = fc.record({
  age: fc.constantFrom(undefined, 15, 16, 40),
  hasAddress: fc.boolean(),
  isNewcomer: fc.boolean(),
});

/** Answers everything that is due, an hour after all that was said. */
function answer(due: readonly EntryInForce[], { rows, waiting }: Said, given: (entry: EntryInForce) => boolean): Said {
  const answers = due.map((entry, number) => ({
    brand: entry.brand,
    purpose: entry.purpose,
    topic: entry.topic,
    id: `zz${number}`,
    subject: 's',
    given: given(entry),
    version: entry.version,
    wording: 'w',
    language: 'en',
    source: 'sign_in',
    at: new Date(3_600_000),
  }));
  return { rows: [...rows, ...answers], waiting };
}

test('whoever says yes to all that is due is asked nothing more', () => {
  fc.assert(
    fc.property(fc.uniqueArray(entries, { selector: ({ id }) => id }), said, people, (catalogue, before, who) => {
      const due = dueOf(catalogue, before, who);
      const after = answer(due, before, () => true);
      assert.deepEqual(dueOf(catalogue, after, who), []);
      for (const entry of due) assert.equal(standingOf(entry, after), 'allowed');
    }),
    { numRuns: 3000 },
  );
});

test('a no to something optional is never asked again, whatever version comes; to what is required always', () => {
  fc.assert(
    fc.property(entries, said, people, versions, (entry, before, who, version) => {
      const due = dueOf([entry], before, who);
      fc.pre(due.length > 0);
      const after = answer(due, before, () => false);
      const next = { ...entry, version };
      const waits = after.waiting.some((one) => one.version === version && sameScope(one, entry));
      const again = dueOf([next], after, { ...who, isNewcomer: false });
      if (!entry.required) assert.deepEqual(again, []);
      else if (!waits) assert.deepEqual(again, [next]);
    }),
    { numRuns: 3000 },
  );
});

test('nobody is asked who is too young, of unknown age where that counts, or cannot get the mail', () => {
  fc.assert(
    fc.property(fc.array(entries), said, people, (catalogue, before, who) => {
      for (const entry of dueOf(catalogue, before, who)) {
        assert.ok(entry.minimum_age === null || who.age === undefined || who.age >= entry.minimum_age);
        assert.ok(entry.minimum_age === null || who.age !== undefined || entry.unknown_age === 'ask');
        assert.ok(!entry.double_opt_in || who.hasAddress);
        assert.ok(entry.in_journey || entry.required || (entry.at_sign_up && who.isNewcomer));
      }
      const tooYoung = catalogue.filter((entry) => entry.minimum_age !== null && (who.age ?? 99) < entry.minimum_age);
      assert.equal(
        isBarred(catalogue, who.age),
        tooYoung.some(({ under_age }) => under_age === 'refuse'),
      );
    }),
    { numRuns: 2000 },
  );
});

test('after joining two customers no version is allowed that one of them had refused, and none that nobody allowed', () => {
  fc.assert(
    fc.property(history('w'), history('l'), entries, (winner, loser, entry) => {
      const noes = stricter(winner, loser, new Date(7_200_000)).map((row, i) => ({ ...row, id: `zz${i}` }));
      const joined = [...winner, ...loser, ...noes];
      const refused = [winner, loser].some((rows) => decisive(rows, entry)?.given === false);
      const either = allowed(winner, entry, entry.version) || allowed(loser, entry, entry.version);
      const both = allowed(joined, entry, entry.version);
      if (refused) assert.equal(both, false);
      if (both) assert.ok(either);
      const noNo = [...winner, ...loser].every((row) => row.given);
      if (noNo) assert.equal(both, either);
    }),
    { numRuns: 3000 },
  );
});

test('the age changes on the birthday, where the customer lives', () => {
  const at = (text: string) => new Date(text);
  assert.equal(ageOf('2010-05-03', at('2026-05-02T23:59:59Z')), 15);
  assert.equal(ageOf('2010-05-03', at('2026-05-03T00:00:00Z')), 16);
  assert.equal(ageOf('2010-05-03', at('2026-05-02T23:59:59Z'), 'Europe/Berlin'), 16);
  assert.equal(ageOf('2010-05-03', at('2026-05-03T01:00:00Z'), 'America/New_York'), 15);
  assert.equal(ageOf('2010-05-03', at('2026-05-03T00:00:00Z'), 'Nowhere/Land'), 16);
  assert.equal(ageOf('2008-02-29', at('2026-02-28T12:00:00Z')), 17);
  assert.equal(ageOf('2008-02-29', at('2026-03-01T12:00:00Z')), 18);
  for (const unknown of ['0000-05-03', '', 'x', undefined, null, 7, '2999-01-01']) {
    assert.equal(ageOf(unknown, at('2026-05-03T00:00:00Z')), undefined);
  }
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2020 }), fc.integer({ min: 0, max: 364 }), (year, day) => {
      const born = new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10);
      const age = ageOf(born, at('2026-11-25T12:00:00Z'));
      const expected = 2026 - Number(born.slice(0, 4)) - (born.slice(5) > '11-25' ? 1 : 0);
      assert.equal(age, expected);
    }),
  );
});

function sameScope(a: { brand: unknown; purpose: unknown; topic: unknown }, b: typeof a): boolean {
  return a.brand === b.brand && a.purpose === b.purpose && a.topic === b.topic;
}
