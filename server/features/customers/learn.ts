import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { sameJson } from '../../base/json.ts';
import { normaliseAddress } from './address.ts';
import type { Fact, FactDraft, Proof, ProofDraft } from './fact.ts';
import { isAct, planFacts } from './fact-changes.ts';
import { acceptDrafts } from './fact-drafts.ts';
import { readFoldInput, readKnown, writeFacts, writeProofs } from './facts-store.ts';
import { type FoldInput, fold } from './fold.ts';
import { lockCustomerOf } from './locks.ts';
import { refoldedFrom } from './refold.ts';

const mostPaths = 1000;
// With those that say who else said what, and what is excluded.
const mostFacts = 10_000;
const nothing = { winners: new Map(), silenced: new Set<string>() };

/**
 * Adds what was learned of a subject, and folds its customer's profile anew. Facts and proofs that are known already
 * write nothing and take one read: a sign-in at which the network tells the same as ever.
 *
 * @param facts what was said; of a network, values that cannot be used are left out
 * @param proofs addresses that were proven
 * @returns the paths at which the profile has another value now: a fact that does not win changes none, nor does a proof
 * @throws Problem `not_found` (no such subject), `invalid_body` (path, value, address, more than 1,000 paths)
 */
export async function learn(
  db: Db,
  subject: string,
  facts: readonly FactDraft[],
  proofs: readonly ProofDraft[] = [],
): Promise<string[]> {
  const drafts = acceptDrafts(facts);
  const addresses = acceptProofs(proofs);
  const known = await readKnown(db, subject, pathsOf(drafts));
  if (!isNews(known, subject, drafts, addresses)) return [];
  return transact(db, async (tx) => {
    const customerId = await lockCustomerOf(tx, subject);
    const before = await readFoldInput(tx, customerId);
    const paths = await writeLearned(tx, { subject, drafts, proofs: addresses, known: before });
    return paths.length === 0 ? [] : changedAt(paths, before, await refoldedFrom(tx, customerId, now()));
  });
}

/** Normalises the addresses. @throws Problem `invalid_body` */
export function acceptProofs(proofs: readonly ProofDraft[]): ProofDraft[] {
  return proofs.map((proof) => ({ ...proof, address: normaliseAddress(proof.kind, proof.address) }));
}

/** Those of the paths whose values are others than before, whoever says them. */
function changedAt(paths: readonly string[], before: FoldInput, after: FoldInput): string[] {
  const winnersOf = ({ facts, ...rest }: FoldInput) =>
    fold({ ...rest, facts: facts.filter(({ path }) => paths.includes(path)) }).winners;
  const [old, present] = [winnersOf(before), winnersOf(after)];
  return paths.filter((path) => {
    const [was, is] = [old.get(path), present.get(path)];
    return was && is ? !sameJson(was.value, is.value) : was !== is;
  });
}

/**
 * Writes what is new of checked drafts; the caller holds the customer's lock and folds anew.
 *
 * @returns the paths whose facts changed; a new proof adds its address's path
 */
export async function writeLearned(
  tx: Db,
  learned: {
    subject: string;
    drafts: readonly FactDraft[];
    proofs: readonly ProofDraft[];
    /** The customer as it is. */
    known: FoldInput;
  },
): Promise<string[]> {
  const { subject, known } = learned;
  const drafts = withinLimit(known.facts, learned.drafts);
  const changes = planFacts(subject, known.facts, drafts, fold(known));
  await writeFacts(tx, subject, changes, now());
  const proofs = newProofs(known.proofs, subject, learned.proofs);
  await writeProofs(tx, subject, proofs);
  const paths = changes.add.map((fact) => fact.path);
  return [...new Set([...paths, ...proofs.map((proof) => (proof.kind === 'email' ? 'email' : 'phone_number'))])];
}

/** An act (see `isAct`) may be news even if its fact is known, which only the whole customer can tell. */
function isNews(
  known: { facts: Fact[]; proofs: Proof[] },
  subject: string,
  drafts: readonly FactDraft[],
  proofs: readonly ProofDraft[],
): boolean {
  if (drafts.some(isAct)) return true;
  return (
    planFacts(subject, known.facts, drafts, nothing).add.length > 0 ||
    newProofs(known.proofs, subject, proofs).length > 0
  );
}

/** A provider says on each sign-in what it said before; a code or link that was used is a proof of today. */
function newProofs(known: readonly Proof[], subject: string, proofs: readonly ProofDraft[]): ProofDraft[] {
  return proofs.filter((proof) => {
    const same = known.find(
      (other) =>
        other.subject === subject &&
        other.kind === proof.kind &&
        other.address === proof.address &&
        other.how === proof.how,
    );
    if (!same) return true;
    return (proof.how === 'code' || proof.how === 'link') && proof.at > same.at;
  });
}

/** Drafts at new paths as long as there is room; beyond it a network's are left out, whoever else is told. */
function withinLimit(known: readonly Fact[], drafts: readonly FactDraft[]): FactDraft[] {
  const paths = new Set(known.map((fact) => fact.path));
  return drafts.filter((draft) => {
    const hasRoom = known.length < mostFacts && (paths.has(draft.path) || paths.size < mostPaths);
    if (hasRoom) {
      paths.add(draft.path);
      return true;
    }
    if (draft.source === 'network') return false;
    throw new Problem('invalid_body', `A customer can have values at ${mostPaths} paths at most.`);
  });
}

function pathsOf(drafts: readonly FactDraft[]): string[] {
  return [...new Set(drafts.map((draft) => draft.path))];
}
