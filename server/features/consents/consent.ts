import type { ConsentPurpose } from '../../../contract/consents.ts';

/** What a yes or no is about. */
export type Scope = {
  /** Null: the umbrella. */
  readonly brand: string | null;
  readonly purpose: ConsentPurpose;
  /** Null: the purpose as a whole. */
  readonly topic: string | null;
};

/** One yes or no, with what was shown when it was said. */
export type Consent = Scope & {
  readonly id: string;
  readonly subject: string;
  readonly given: boolean;
  /** Of the wording. */
  readonly version: string;
  readonly wording: string;
  readonly language: string;
  /** How it was said: 'sign_up', 'sign_in', 'connect', 'account', 'mail', 'api'; 'merge'. */
  readonly source: string;
  readonly at: Date;
};

const bySettling = 'merge';

/**
 * What holds for a scope: the newest of what was said about just that, and of the noes to something wider (the whole
 * purpose, the umbrella). So a wider no closes what was allowed before it, while a wider yes opens nothing narrower. A
 * no that a merge said again counts for its own scope only: nobody meant it anew for what is narrower.
 *
 * @returns undefined when nothing was said
 */
export function decisive<Row extends Consent>(rows: readonly Row[], scope: Scope): Row | undefined {
  let newest: Row | undefined;
  for (const row of rows) {
    if (counts(row, scope) && (!newest || isLater(row, newest))) newest = row;
  }
  return newest;
}

/** Was this very version allowed, and nothing of it taken back since? */
export function allowed(rows: readonly Consent[], scope: Scope, version: string): boolean {
  const lastNo = decisive(
    rows.filter((row) => !row.given),
    scope,
  );
  return rows.some(
    (row) => row.given && row.version === version && sameScope(row, scope) && (!lastNo || isLater(row, lastNo)),
  );
}

/** Every scope that something was said about, once. */
export function scopesOf(rows: readonly Consent[]): Scope[] {
  const scopes = new Map<string, Scope>();
  for (const { brand, purpose, topic } of rows) {
    scopes.set(JSON.stringify([brand, purpose, topic]), { brand, purpose, topic });
  }
  return [...scopes.values()];
}

/**
 * The noes that must be said again so that after joining two customers the stricter holds: wherever one had said no and
 * the other yes. Each hangs on the subject that had said no, so that taking the two apart gives both back as they were.
 */
export function stricter(winner: readonly Consent[], loser: readonly Consent[], at: Date): Omit<Consent, 'id'>[] {
  const both = [...winner, ...loser];
  return scopesOf(both).flatMap((scope) => {
    const joined = decisive(both, scope);
    const refusal = [decisive(winner, scope), decisive(loser, scope)].find((row) => row && !row.given);
    if (!joined?.given || !refusal) return [];
    const { subject, version, wording, language } = refusal;
    const after = new Date(Math.max(at.getTime(), joined.at.getTime() + 1));
    return [{ ...scope, subject, version, wording, language, given: false, source: bySettling, at: after }];
  });
}

function counts(row: Consent, scope: Scope): boolean {
  return sameScope(row, scope) || (!row.given && row.source !== bySettling && covers(row, scope));
}

/** Does the first include the second? */
export function covers(wide: Scope, narrow: Scope): boolean {
  return (
    wide.purpose === narrow.purpose &&
    (wide.brand === null || wide.brand === narrow.brand) &&
    (wide.topic === null || wide.topic === narrow.topic)
  );
}

/** Are these about the same? */
export function sameScope(a: Scope, b: Scope): boolean {
  return a.purpose === b.purpose && a.brand === b.brand && a.topic === b.topic;
}

function isLater(a: Consent, b: Consent): boolean {
  const order = a.at.getTime() - b.at.getTime();
  return order > 0 || (order === 0 && a.id > b.id);
}
