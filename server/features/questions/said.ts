import type { Db } from '../../base/db.ts';
import { consentHistory, currentConsents } from '../consents/consents.ts';
import type { Asking } from './ask.ts';

/** What was said to one consent when a question asked for it. */
export type ConsentSaid = {
  /** Id; null: the umbrella. */
  readonly brand: string | null;
  /** The words that were shown, and their language. */
  readonly wording: string;
  readonly language: string;
  readonly given: boolean;
  /** What holds now; undefined: nothing does any more. */
  readonly now: 'given' | 'withdrawn' | 'pending' | 'under_age' | undefined;
};

// Of one customer so many answers to consents are looked through.
const mostSaid = 1000;

/** What a customer said to the consents that they were asked for, by the id of the asking. */
export async function consentsSaid(
  db: Db,
  customer: string,
  askings: readonly Asking[],
): Promise<Map<string, ConsentSaid[]>> {
  const asking = askings.filter(({ ask, fields }) => ask.ended_at && fields.some((field) => !('path' in field)));
  if (asking.length === 0) return new Map();
  const [history, current] = await Promise.all([
    consentHistory(db, customer, { offset: 0, limit: mostSaid }),
    currentConsents(db, customer),
  ]);
  const waiting = current.filter(({ state }) => state === 'pending');
  const said = [...history, ...waiting.map((one) => ({ ...one, given: true, confirmation: null }))].filter(
    ({ source }) => source === 'question',
  );
  return new Map(
    asking.map(({ ask }): [string, ConsentSaid[]] => {
      // Both were written as one act, at one time; a yes that was confirmed by mail tells when it was asked for.
      const at = ask.ended_at?.toISOString();
      const own = said.filter((one) => (one.confirmation?.asked_at ?? one.at.toISOString()) === at);
      return [
        ask.id,
        own.map(({ wording, language, given, ...scope }) => ({
          brand: scope.brand,
          wording,
          language,
          given,
          now: stateOf(scope),
        })),
      ];
    }),
  );

  function stateOf(scope: Scope) {
    return current.find((one) => isSame(one, scope))?.state;
  }
}

type Scope = { readonly brand: string | null; readonly purpose: string; readonly topic: string | null };

function isSame(one: Scope, other: Scope): boolean {
  return one.brand === other.brand && one.purpose === other.purpose && one.topic === other.topic;
}
