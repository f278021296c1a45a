import type { Json } from '../../base/json.ts';
import type { Fact, FactDraft } from './fact.ts';
import { planFacts } from './fact-changes.ts';
import { type FoldInput, fold } from './fold.ts';

/**
 * The umbrella's new address is to hold, though others may be proven: exclusions of every address that would win
 * against it. Without them the next sign-in by a network would bring the old one back.
 */
export function excludeOutranking(subject: string, known: FoldInput, draft: FactDraft & { value: Json }): FactDraft[] {
  const exclusions: FactDraft[] = [];
  for (;;) {
    const { winners } = fold(withDrafts(subject, known, [draft, ...exclusions]));
    const winner = winners.get(draft.path);
    const isTried = exclusions.some((one) => one.kind === 'excluded' && one.value === winner?.value);
    // The customer's own newer word or proof cannot be excluded: then it holds.
    if (!winner || winner.value === draft.value || isTried) return exclusions;
    const { path, source, origin, at } = draft;
    exclusions.push({ path, source, origin, at, kind: 'excluded', value: winner.value });
  }
}

function withDrafts(subject: string, known: FoldInput, drafts: readonly FactDraft[]): FoldInput {
  const { close, add } = planFacts(subject, known.facts, drafts, fold(known));
  const facts: Fact[] = known.facts.filter((fact) => !close.includes(fact.id));
  return { ...known, facts: [...facts, ...add] };
}
