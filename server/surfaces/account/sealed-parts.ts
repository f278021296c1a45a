import { type AccountVisit, formsOf } from './account-visit.ts';

/** What goes along in a form or address of ours: read by this session's pages alone, and as what it was sealed for. */
type Purpose = 'said' | 'join' | 'email' | 'factor' | 'phone';

export function sealParts(at: AccountVisit, purpose: Purpose, parts: readonly string[]): string {
  return at.base.vault.encrypt(JSON.stringify(parts), contextOf(at, purpose));
}

/** Its parts; none when it is not of this session, or was sealed for something else. */
export function openParts(at: AccountVisit, purpose: Purpose, sealed: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(at.base.vault.decrypt(sealed, contextOf(at, purpose)));
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}

function contextOf({ session }: AccountVisit, purpose: Purpose): string {
  return `${formsOf(session).id} ${purpose}`;
}
