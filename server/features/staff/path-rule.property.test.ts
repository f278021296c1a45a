import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allows, allowsAll } from '../../../contract/path-rule.ts';
import { powersOf } from './access.ts';
import { includes, pathRule, released } from './path-rule.ts';

// Few letters, so that patterns and paths meet often.
const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 });
const path = fc.oneof(
  word,
  fc.tuple(fc.constantFrom('user_metadata', 'app_metadata'), word).map((parts) => parts.join('.')),
);
const pattern = fc.oneof(
  fc.constant('*'),
  fc.constant('sensitive'),
  path,
  path.map((one) => `${one}*`),
  fc.constantFrom('user_metadata.*', 'app_metadata.*'),
);
const list = fc.array(
  fc.tuple(fc.boolean(), pattern).map(([isTaken, one]) => (isTaken ? `-${one}` : one)),
  {
    maxLength: 5,
  },
);
const sensitive = fc.array(path, { maxLength: 4 }).map((paths) => new Set(paths));

test('what a list includes, it allows: for every path, whatever is sensitive', () => {
  fc.assert(
    fc.property(list, list, sensitive, path, (mine, theirs, secret, one) => {
      if (!includes(mine, theirs) || !allows(pathRule(theirs, secret), one)) return;
      assert.ok(allows(pathRule(mine, secret), one), `${mine} includes ${theirs}, but not ${one}`);
    }),
    { numRuns: 20_000 },
  );
});

test('a list includes itself, the empty one, and with * alone all', () => {
  fc.assert(
    fc.property(list, (one) => {
      assert.ok(includes(one, one) && includes(one, []) && includes(['*'], one));
    }),
  );
});

test('roles add up: one more role opens what it gives, and never what another one hides', () => {
  fc.assert(
    fc.property(list, list, sensitive, path, (one, other, secret, wanted) => {
      const role = (reads: string[]) => ({ scopes: [], reads, writes: [], brands: null });
      const both = allows(powersOf([role(one), role(other)], null, secret).access.read, wanted);
      const hides = (rule: string[]) =>
        !allows(pathRule(['*', ...rule.filter((part) => part.startsWith('-'))], secret), wanted);
      const gives = (rule: string[]) =>
        allows(
          pathRule(
            rule.filter((part) => !part.startsWith('-')),
            secret,
          ),
          wanted,
        );
      assert.equal(both, !hides(one) && !hides(other) && (gives(one) || gives(other)));
    }),
    { numRuns: 5000 },
  );
});

test('what a list no longer takes away, it has released', () => {
  fc.assert(
    fc.property(list, list, sensitive, path, (before, after, secret, one) => {
      const isHidden = (rule: string[]) =>
        !allows(pathRule(['*', ...rule.filter((part) => part.startsWith('-'))], secret), one);
      if (!isHidden(before) || isHidden(after)) return;
      assert.ok(allows(pathRule(released(before, after), secret), one), `${before} to ${after}: ${one}`);
    }),
    { numRuns: 20_000 },
  );
});

test('patterns by example', () => {
  const rule = pathRule(['*', '-sensitive', '-app_metadata.income*'], new Set(['user_metadata.allergies']));
  const seen = ['email', 'user_metadata.scents', 'app_metadata.tier', 'app_metadata.inc', 'brands.lumiere.points'];
  for (const one of seen) assert.ok(allows(rule, one), one);
  for (const one of ['app_metadata.income', 'app_metadata.income_area', 'user_metadata.allergies']) {
    assert.ok(!allows(rule, one), one);
  }
  assert.ok(!allows(pathRule([]), 'email') && !allows(pathRule(['email']), 'email_verified'));
  assert.ok(allowsAll(pathRule(['*'])) && !allowsAll(rule) && !allowsAll(pathRule(['user_metadata.*'])));
});
