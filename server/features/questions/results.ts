import type { Db } from '../../base/db.ts';
import { bestOf, type Comparison, type Count, compare, type Share, shareOf } from '../experiments/experiments.ts';
import { compareWays } from './compare-ways.ts';
import { type Counted, type Dimension, dimensions, readTallies, type Tally } from './results-store.ts';

/** A tally with how many of those who were shown the question answered it. */
export type Told = Tally & { readonly rate: Share | null };

/** What came of a question. */
export type Results = {
  /** Everybody who was asked. */
  readonly all: Told;
  readonly by: Readonly<Partial<Record<Dimension, readonly Told[]>>>;
  /** The second way beside the first, as both are put now; null: there is one. */
  readonly variants: Comparison | null;
  /** Whose sign-in came to its tokens: those who were asked beside those who were held out; null: nobody is. */
  readonly finishing: Comparison | null;
  /** When it is answered best, by what is worth to be set; undefined: too early to tell. */
  readonly best: Readonly<Partial<Record<'sign_in' | 'hour' | 'portal', { of: string; rate: Share; sure: boolean }>>>;
};

/**
 * What came of a question in a time.
 *
 * @param at the moment by which a page counts as left
 * @throws Problem `busy`
 */
export async function resultsOf(db: Db, which: Counted, at: Date): Promise<Results> {
  const { all = nobody, by, arms } = await readTallies(db, which, at);
  const variants = await compareWays(db, which);
  const asked = arms.find(({ of }) => of === 'asked');
  const held = arms.find(({ of }) => of === 'held_out');
  return {
    all: withRate(all),
    by: Object.fromEntries(dimensions.map((one) => [one, (by.get(one) ?? []).map(withRate)])),
    variants,
    finishing: asked && held ? compare(finishedOf(held), finishedOf(asked)) : null,
    best: Object.fromEntries(
      (['sign_in', 'hour', 'portal'] as const).flatMap((one) => {
        const best = bestIn(by.get(one) ?? []);
        return best ? [[one, best]] : [];
      }),
    ),
  };
}

const nobody: Tally = {
  of: null,
  shown: 0,
  answered: 0,
  skipped: 0,
  not_now: 0,
  never: 0,
  abandoned: 0,
  finished: 0,
  seconds: null,
};

function answeredOf({ answered, shown }: Tally): Count {
  return { hits: answered, of: shown };
}

function finishedOf({ finished, shown }: Tally): Count {
  return { hits: finished, of: shown };
}

function withRate(tally: Tally): Told {
  return { ...tally, rate: shareOf(answeredOf(tally)) };
}

function bestIn(tallies: readonly Tally[]): { of: string; rate: Share; sure: boolean } | undefined {
  const known = tallies.filter(({ of }) => of !== null);
  // Where there is but one portal, nothing is to be chosen.
  const best = known.length > 1 ? bestOf(known.map(answeredOf)) : undefined;
  const tally = best && known[best.index];
  const rate = tally && shareOf(answeredOf(tally));
  return best && rate && tally.of !== null ? { of: tally.of, rate, sure: best.sure } : undefined;
}
