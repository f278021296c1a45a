import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { assign, bestOf, compare, shareOf } from './experiments.ts';

const units = Array.from({ length: 20_000 }, (_, number) => `customer-${number}`);

test('arms fill as their weights say, and the same one is always in the same', () => {
  const arms = [
    { key: 'asked', weight: 90 },
    { key: 'held_out', weight: 10 },
  ] as const;
  const held = units.filter((unit) => assign('question-1', unit, arms) === 'held_out');
  assert.ok(Math.abs(held.length / units.length - 0.1) < 0.01, `${held.length}`);
  assert.ok(held.every((unit) => assign('question-1', unit, arms) === 'held_out'));
});

test('who is held out of one experiment is in another as likely as anybody', () => {
  const arms = [
    { key: 'a', weight: 1 },
    { key: 'b', weight: 1 },
  ] as const;
  const both = units.filter((unit) => assign('one', unit, arms) === 'a' && assign('two', unit, arms) === 'a');
  assert.ok(Math.abs(both.length / units.length - 0.25) < 0.015, `${both.length}`);
});

test('an arm of weight 0 is empty, and when a hold-out grows nobody leaves it', () => {
  const withHoldOut = (percent: number) =>
    [
      { key: 'held_out', weight: percent },
      { key: 'asked', weight: 100 - percent },
    ] as const;
  assert.ok(units.every((unit) => assign('q', unit, withHoldOut(0)) === 'asked'));
  const small = units.filter((unit) => assign('q', unit, withHoldOut(5)) === 'held_out');
  assert.ok(small.length > 500 && small.every((unit) => assign('q', unit, withHoldOut(20)) === 'held_out'));
});

test("a share's interval is Wilson's", () => {
  // Newcombe (1998), Statistics in Medicine 17:857: 81 of 263.
  const found = shareOf({ hits: 81, of: 263 });
  assert.ok(
    found && Math.abs(found.low - 0.2553) < 5e-4 && Math.abs(found.high - 0.3662) < 5e-4,
    JSON.stringify(found),
  );
  assert.equal(shareOf({ hits: 0, of: 0 }), null);
  assert.equal(shareOf({ hits: 0, of: 10 })?.low, 0);
  assert.equal(shareOf({ hits: 10, of: 10 })?.high, 1);
});

test("a difference's interval is Newcombe's", () => {
  // Newcombe (1998), Statistics in Medicine 17:873, table II (a): 56/70 - 48/80, method 10.
  const { difference } = compare({ hits: 48, of: 80 }, { hits: 56, of: 70 });
  assert.ok(difference && Math.abs(difference.low - 0.0524) < 1e-3 && Math.abs(difference.high - 0.3339) < 1e-3);
});

test('an interval holds its share, and lies between 0 and 1', () => {
  const counts = fc.nat(5000).chain((of) => fc.record({ hits: fc.nat(of), of: fc.constant(of) }));
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const share = shareOf(a);
      if (share) assert.ok(share.low >= 0 && share.low <= share.share && share.share <= share.high && share.high <= 1);
      const { difference, verdict } = compare(a, b);
      if (difference) assert.ok(difference.low <= difference.share && difference.share <= difference.high);
      if (Math.min(a.of, b.of) < 100) assert.equal(verdict, 'too_early');
    }),
  );
});

test('what is the same is not called different more often than one time in twenty', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const draw = () => ({ hits: Array.from({ length: 400 }, random).filter((one) => one < 0.3).length, of: 400 });
  const wrong = Array.from({ length: 500 }, () => compare(draw(), draw())).filter(
    ({ verdict }) => verdict !== 'no_difference',
  );
  assert.ok(wrong.length <= 35, `${wrong.length} of 500`);
});

test('it is too early until there are enough, then the better one is named', () => {
  assert.equal(compare({ hits: 1, of: 20 }, { hits: 15, of: 20 }).verdict, 'too_early');
  assert.equal(compare({ hits: 10, of: 200 }, { hits: 60, of: 200 }).verdict, 'higher');
  assert.equal(compare({ hits: 60, of: 200 }, { hits: 10, of: 200 }).verdict, 'lower');
  assert.equal(compare({ hits: 60, of: 200 }, { hits: 62, of: 200 }).verdict, 'no_difference');
  assert.equal(bestOf([{ hits: 9, of: 10 }]), undefined);
  assert.deepEqual(
    bestOf([
      { hits: 9, of: 10 },
      { hits: 30, of: 200 },
      { hits: 120, of: 200 },
    ]),
    { index: 2, sure: true },
  );
  assert.deepEqual(
    bestOf([
      { hits: 100, of: 200 },
      { hits: 101, of: 200 },
    ]),
    { index: 1, sure: false },
  );
});

test('of many arms that are all alike a best one is hardly ever sure, and one alone is not the best', () => {
  assert.equal(bestOf([{ hits: 60, of: 200 }]), undefined);
  assert.equal(
    bestOf([
      { hits: 60, of: 200 },
      { hits: 1, of: 5 },
    ]),
    undefined,
  );
  let state = 42;
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
  const runs = 400;
  for (const arms of [3, 24]) {
    let sure = 0;
    for (let run = 0; run < runs; run += 1) {
      const counts = Array.from({ length: arms }, () => {
        const hits = Array.from({ length: 200 }, random).filter((one) => one < 0.3).length;
        return { hits, of: 200 };
      });
      if (bestOf(counts)?.sure) sure += 1;
    }
    assert.ok(sure / runs <= 0.07, `${arms} arms: ${sure} of ${runs}`);
  }
});
