import { type AccountVisit, formsOf } from './account-visit.ts';

/** What goes along in a form or address of ours, readable by this session's pages alone. */
export function sealParts({ base, session }: AccountVisit, parts: readonly string[]): string {
  return base.vault.encrypt(JSON.stringify(parts), formsOf(session).id);
}

/** Its parts; none when it is not of this session. */
export function openParts({ base, session }: AccountVisit, sealed: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(base.vault.decrypt(sealed, formsOf(session).id));
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    return [];
  }
}
