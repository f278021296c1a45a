import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import { secretsOf } from './sealed-settings.ts';
import { readRules } from './store.ts';

/** A rule of the library that is on. */
export type LibraryInUse = {
  /** Of the rule that it is here. */
  readonly id: string;
  /** As the form was filled in, secret ones opened. */
  readonly settings: JsonObject;
};

/** The rule that is on and is this one of the library, from this process's memory: there is one at most. */
export async function libraryInUse(
  base: Pick<Base, 'db' | 'settings' | 'vault'>,
  library: string,
): Promise<LibraryInUse | undefined> {
  const rows = await base.settings.remember('rules:library', () => readRules(base.db, { enabled: true }));
  const row = rows.find((one) => one.library === library);
  return row && { id: row.id, settings: { ...Object(row.settings), ...secretsOf(base, row) } };
}
