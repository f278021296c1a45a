import type { FactSource } from '../../../contract/customers.ts';
import type { Json } from '../../base/json.ts';
import { valueWithout } from './exclusion.ts';
import { addressKindAt, type Fact, type Proof } from './fact.ts';

/** What a customer is made of: the current facts and the proofs of all its subjects. */
export type FoldInput = {
  readonly facts: readonly Fact[];
  readonly proofs: readonly Proof[];
  /** Paths whose catalogue row ranks the sources otherwise than the rule does. */
  readonly rankings: ReadonlyMap<string, readonly string[]>;
};

/** The current value at a path, and the fact that it comes from. */
export type Winner = { readonly value: Json; readonly fact: Fact };

export type Folded = {
  readonly winners: ReadonlyMap<string, Winner>;
  /** Paths of which something was said, but nothing holds: withdrawn or excluded. */
  readonly silenced: ReadonlySet<string>;
};

// Said by the customer or the umbrella, told by a network, made by a rule, inferred. A rule is the umbrella's own
// code working on what is known: better than a guess, but it does not overrule who was there.
export const sourceRanks: Readonly<Record<FactSource, number>> = {
  customer: 0,
  asked: 0,
  umbrella: 0,
  network: 1,
  rule: 2,
  inferred: 3,
};

/**
 * The rule by which a customer is the fold of its subjects' facts. Of what was said at a path, the best holds:
 * 1. an address that is proven before one that is not;
 * 2. by source, as the path's ranking or else the general rule has it (sources that a ranking leaves out come after);
 * 3. the newer;
 * 4. the one with the greater id, so that the order of the input never matters.
 *
 * A withdrawal silences the path, an exclusion one value (also inside a list), whoever said it. It is lifted by what is
 * newer and said by the customer, by the source that had objected, or, unless the customer had objected, by the
 * umbrella; for an address also by the customer's own newer proof (a mailed code or link, not a network's word).
 */
export function fold({ facts, proofs, rankings }: FoldInput): Folded {
  const winners = new Map<string, Winner>();
  const silenced = new Set<string>();
  for (const [path, known] of Map.groupBy(facts, (fact) => fact.path)) {
    const winner = winnerAt(known, proofs, rankings.get(path) ?? []);
    if (winner) winners.set(path, winner);
    else silenced.add(path);
  }
  return { winners, silenced };
}

function winnerAt(facts: readonly Fact[], proofs: readonly Proof[], ranking: readonly string[]): Winner | undefined {
  const objections = facts.filter((fact) => fact.kind !== 'said');
  const ranked = facts
    .filter((fact) => fact.kind === 'said')
    .map((fact) => ({ fact, proven: proofsOfValue(fact, proofs).length > 0, rank: rankOf(fact.source, ranking) }))
    .sort((a, b) => Number(b.proven) - Number(a.proven) || a.rank - b.rank || newerFirst(a.fact, b.fact));
  for (const { fact } of ranked) {
    const standing = objections.filter((objection) => !isLifted(objection, fact, proofs));
    if (standing.some((objection) => objection.kind === 'withdrawn')) continue;
    const value = valueWithout(
      fact.value,
      standing.map((exclusion) => exclusion.value),
    );
    if (value !== undefined) return { value, fact };
  }
  return undefined;
}

/** The source's place, 0 the best, by the path's ranking or else by the general rule. */
function rankOf(source: FactSource, ranking: readonly string[]): number {
  const place = ranking.indexOf(source);
  return place >= 0 ? place : ranking.length + sourceRanks[source];
}

function isLifted(objection: Fact, said: Fact, proofs: readonly Proof[]): boolean {
  const mayLift =
    said.source === 'customer' ||
    said.source === 'asked' ||
    said.source === objection.source ||
    (said.source === 'umbrella' && objection.source !== 'customer' && objection.source !== 'asked');
  if (mayLift && newerFirst(said, objection) < 0) return true;
  return proofsOfValue(said, proofs).some(
    (proof) => (proof.how === 'code' || proof.how === 'link') && proof.at > objection.at,
  );
}

function proofsOfValue(fact: Fact, proofs: readonly Proof[]): Proof[] {
  const kind = addressKindAt(fact.path);
  return kind ? proofs.filter((proof) => proof.kind === kind && proof.address === fact.value) : [];
}

function newerFirst(a: Fact, b: Fact): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
