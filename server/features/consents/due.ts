import type { EntryInForce } from './catalogue.ts';
import { allowed, type Consent, decisive, type Scope, sameScope } from './consent.ts';

/** A yes that waits for a click on a mailed link. */
export type Waiting = Scope & { readonly version: string };

/** What a customer has said so far. */
export type Said = { readonly rows: readonly Consent[]; readonly waiting: readonly Waiting[] };

/** Who would be asked. */
export type Circumstances = {
  /** In whole years; undefined: not known. */
  readonly age: number | undefined;
  /** Is there an address that a mail can go to? */
  readonly hasAddress: boolean;
  /** Is it their first sign-in at this brand? */
  readonly isNewcomer: boolean;
};

/** Where a customer stands with an entry. `outdated`: they allowed an older version only. */
export type Standing = 'unsaid' | 'refused' | 'outdated' | 'pending' | 'allowed';

export function standingOf(entry: EntryInForce, { rows, waiting }: Said): Standing {
  if (allowed(rows, entry, entry.version)) return 'allowed';
  if (waiting.some((one) => one.version === entry.version && sameScope(one, entry))) return 'pending';
  const holds = decisive(rows, entry);
  if (!holds) return 'unsaid';
  return holds.given ? 'outdated' : 'refused';
}

/** Too young for it, by what is known? */
export function isUnderAge({ minimum_age }: Pick<EntryInForce, 'minimum_age'>, age: number | undefined): boolean {
  return minimum_age !== null && age !== undefined && age < minimum_age;
}

/** May they be asked at all? */
export function isAskable(entry: EntryInForce, { age, hasAddress }: Omit<Circumstances, 'isNewcomer'>): boolean {
  if (isUnderAge(entry, age)) return false;
  if (entry.minimum_age !== null && age === undefined && entry.unknown_age === 'skip') return false;
  return !entry.double_opt_in || hasAddress;
}

/** Somebody this young cannot sign in here. */
export function isBarred(entries: readonly EntryInForce[], age: number | undefined): boolean {
  return entries.some((entry) => entry.under_age === 'refuse' && isUnderAge(entry, age));
}

/**
 * What is to be asked now. A no to something optional is not asked again, whatever versions come; what is required is
 * asked until there is a yes.
 */
export function dueOf(entries: readonly EntryInForce[], said: Said, who: Circumstances): EntryInForce[] {
  return entries.filter((entry) => isAskable(entry, who) && isDue(entry, standingOf(entry, said), who));
}

function isDue({ required, at_sign_up, in_journey }: EntryInForce, standing: Standing, { isNewcomer }: Circumstances) {
  switch (standing) {
    case 'unsaid':
      // Whoever closes the page at their first sign-in is no newcomer at the second.
      return in_journey || (at_sign_up && (isNewcomer || required));
    case 'outdated':
      return in_journey;
    case 'refused':
      return required;
    default:
      return false;
  }
}
