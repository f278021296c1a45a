import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  foldText,
  rangesOf,
  type Searched,
  type SearchRange,
  type SearchWord,
  searchWords,
  turnsOf,
} from './search-words.ts';

const nobody: Searched = {
  name: null,
  given_name: null,
  family_name: null,
  email: null,
  phone_number: null,
  username: null,
};

function finds(typed: string, customer: Searched): boolean {
  const words = searchWords(customer);
  return rangesOf(typed).some((range) => {
    const turns = turnsOf(range).map((turn) => fits(turn, words));
    assert.ok(turns.length > 0 && new Set(turns).size === 1, `whichever word of ${typed} is looked for first`);
    return turns[0];
  });
}

function fits({ kind, from, below, next, also }: SearchRange, words: readonly SearchWord[]): boolean {
  const own = words.filter((word) => word.kind === kind);
  const begins = own.filter(({ word }) => Buffer.compare(Buffer.from(word), Buffer.from(from)) >= 0 && word < below);
  const paired = begins.some(({ word }) => next === undefined || word.includes(` ${next}`));
  return paired && also.every((begin) => own.some(({ word }) => word.startsWith(begin)));
}

const letters = fc.constantFrom(...'abcxyzäéßøłÅİ山がد');
const word = fc.array(letters, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));

test('the beginnings of words of a name find the customer, in any order, case and accents', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 5, selector: foldText }),
      fc.nat(),
      fc.nat(),
      (name, seed, most) => {
        const shuffled = name.toSorted((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7));
        const picked = shuffled.slice(0, 1 + (most % name.length));
        const begun = picked.map((one, place) =>
          [...one].slice(0, 1 + ((most + seed * place) % [...one].length)).join(''),
        );
        const typed = begun.join(' ');
        const customer = { ...nobody, family_name: name.join(' ') };
        assert.ok(finds(typed, customer), `${typed} finds ${name.join(' ')}`);
        assert.ok(finds(typed.toUpperCase().normalize('NFD'), customer), `${typed} in another writing`);
      },
    ),
  );
});

test('of names as long as they may be a few dozen words are kept, all short enough for an index', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3000, unit: 'grapheme' }), (text) => {
      const words = searchWords({ ...nobody, name: text, family_name: text, email: text, username: text });
      assert.ok(words.length <= 40);
      for (const { word: one } of words) assert.ok(Buffer.byteLength(one) <= 1400 && one.isWellFormed());
    }),
  );
  assert.ok(searchWords({ ...nobody, name: 'x '.repeat(50_000) }).length <= 40);
});

test('a number is found with its country and without', () => {
  for (const [number, typed] of [
    ['+4915112345678', ['+49 151', '0151 1', '0049151', '151', '4915']],
    ['+12125550123', ['+1 212', '(212) 555', '1212']],
    ['+353861234567', ['+353 86', '086 123']],
  ] as const) {
    for (const one of typed) assert.ok(finds(one, { ...nobody, phone_number: number }), `${one} finds ${number}`);
    assert.ok(!finds('5550', { ...nobody, phone_number: '+12125550123' }));
  }
});

test('what stands for a name that nobody told is found as what it is only', () => {
  const words = searchWords({ ...nobody, name: 'a@example.com', email: 'a@example.com' });
  assert.deepEqual(words, [{ kind: 'email', word: 'a@example.com' }]);
});
