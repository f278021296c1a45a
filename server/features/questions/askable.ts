import { partsOfPath } from '../../../contract/attribute-paths.ts';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { listAttributes } from '../customers/customers.ts';

/** What opens an account or names it is proven, never just typed. */
const proven = new Set(['email', 'phone_number', 'username']);

/** May questions ask for the attribute at a path? */
export type MayAsk = (path: string) => boolean;

/** What may be asked now, by the catalogue. */
export async function readMayAsk(db: Db): Promise<MayAsk> {
  const listed = new Set((await listAttributes(db)).flatMap(({ path, askable }) => (askable ? [path] : [])));
  return (path) => !proven.has(path) && (!isInternal(path) || listed.has(path));
}

/** The same from memory. */
export function cachedMayAsk({ db, settings }: Pick<Base, 'db' | 'settings'>): Promise<MayAsk> {
  return settings.remember('what may be asked', () => readMayAsk(db));
}

/** Why it may not. */
export function whyNotAsked(path: string): string {
  return proven.has(path)
    ? `${path} is changed with proof, on the account page; ask for another attribute`
    : `customers do not write ${path}, unless the catalogue says that it may be asked`;
}

/** Is it the umbrella's to write, unless its catalogue says that it may be asked? */
export function isInternal(path: string): boolean {
  return partsOfPath(path)?.place === 'app_metadata';
}
