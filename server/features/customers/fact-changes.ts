import { uuid } from '../../base/ids.ts';
import { sameJson } from '../../base/json.ts';
import { holds, valueWithout } from './exclusion.ts';
import type { Fact, FactDraft } from './fact.ts';
import type { Folded } from './fold.ts';

/** What writing drafts means for the rows of one subject. */
export type FactChanges = { readonly close: readonly string[]; readonly add: readonly Fact[] };

/**
 * Compares what is said with what the subject's current facts say already. A source that says the same again writes
 * nothing; a new saying closes the source's old one, a saying closes its own objections and a withdrawal its own
 * sayings. What is older than the source's newest word is late and left out.
 *
 * For the customer and the umbrella to say something is an act: said again it counts as new unless it holds already
 * (`folded`, the customer as a whole), so that the last word holds.
 */
export function planFacts(
  subject: string,
  current: readonly Fact[],
  drafts: readonly FactDraft[],
  folded: Folded,
): FactChanges {
  let live = current.filter((fact) => fact.subject === subject);
  const close = new Set<string>();
  const add = new Map<string, Fact>();
  for (const draft of drafts) {
    const touched = live.filter((fact) => isReplacedBy(fact, draft));
    const [only] = touched;
    const same = touched.length === 1 && only !== undefined && isRestatedBy(only, draft);
    if (same && (!isAct(draft) || isInForce(subject, draft, folded))) continue;
    if (touched.some((fact) => fact.at > draft.at)) continue;
    for (const fact of touched) {
      if (!add.delete(fact.id)) close.add(fact.id);
    }
    const fact = toFact(subject, draft);
    add.set(fact.id, fact);
    live = [...live.filter((other) => !touched.includes(other)), fact];
  }
  return { close: [...close], add: [...add.values()] };
}

/** Is it a word of somebody who is present, rather than something that is told again and again? */
export function isAct(draft: FactDraft): boolean {
  return draft.source === 'customer' || draft.source === 'asked' || draft.source === 'umbrella';
}

function toFact(subject: string, draft: FactDraft): Fact {
  const { path, source, origin, at, confidence = 1 } = draft;
  const kind = draft.kind ?? 'said';
  const value = draft.kind === 'withdrawn' ? null : draft.value;
  return { id: uuid(), subject, path, kind, value, source, origin, confidence, at };
}

function isReplacedBy(fact: Fact, draft: FactDraft): boolean {
  if (fact.path !== draft.path || fact.source !== draft.source) return false;
  if (draft.kind === 'withdrawn') return fact.kind !== 'excluded';
  if (draft.kind === 'excluded') return fact.kind === 'excluded' && sameJson(fact.value, draft.value);
  if (fact.kind === 'said') return fact.origin === draft.origin;
  return fact.kind === 'withdrawn' || holds(draft.value, fact.value);
}

function isRestatedBy(fact: Fact, draft: FactDraft): boolean {
  if (fact.kind !== (draft.kind ?? 'said')) return false;
  if (draft.kind === 'withdrawn') return true;
  return sameJson(fact.value, draft.value) && fact.confidence === (draft.confidence ?? 1);
}

function isInForce(subject: string, draft: FactDraft, folded: Folded): boolean {
  const winner = folded.winners.get(draft.path);
  if (draft.kind === 'withdrawn') return winner === undefined;
  if (draft.kind === 'excluded')
    return winner === undefined || valueWithout(winner.value, [draft.value]) === winner.value;
  const { fact, value } = winner ?? {};
  return (
    fact?.subject === subject &&
    fact.source === draft.source &&
    fact.origin === draft.origin &&
    value !== undefined &&
    sameJson(value, draft.value)
  );
}
