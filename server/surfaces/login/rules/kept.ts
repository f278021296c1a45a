import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import type { Db } from '../../../base/db.ts';
import { uuid } from '../../../base/ids.ts';
import type { JsonObject } from '../../../base/json.ts';
import { statement } from '../../../base/statement.ts';
import { isActionBound } from '../../../features/actions/actions.ts';
import { currentOf, type SaidColumn, saidColumn, toSaid } from '../../../features/consents/consents.ts';
import {
  type IdentitiesColumn,
  identitiesColumn,
  type KeptIdentity,
  toKeptIdentities,
} from '../../../features/customers/customers.ts';
import { rulesEnabled } from '../../../features/rules/rules.ts';

/** What only code is told of a customer, as it was kept before this sign-in; all code of the sign-in is told the same. */
export type Kept = {
  readonly identities: readonly KeptIdentity[];
  /** What holds now, in every brand, as code is told; what is said during the sign-in is kept in step 7 only. */
  readonly consents: readonly JsonObject[];
};

/** The same, read with something else or while it is done; what takes a further look is looked at when it is wanted. */
export type Ahead = { readonly customer: string; readonly kept: () => Promise<Kept> };

/** Is there any code of the umbrella to run at a sign-in? */
export async function isCodeOn(base: Base): Promise<boolean> {
  return (await rulesEnabled(base)) || (await isActionBound(base, 'post-login'));
}

/** What `keptColumns` gives. */
export type KeptRow = IdentitiesColumn & SaidColumn;

/** Columns for a query; `customer` and `at` are its places for the customer's id and the instant (`$1::uuid`). */
export function keptColumns(customer: string, at: string): string {
  return `${identitiesColumn(customer)}, ${saidColumn(customer, at)}`;
}

const keptOfCustomer = statement<KeptRow>(`select ${keptColumns('$1::uuid', '$2::timestamptz')}`);

/** Reads it, in one query where there is no consent that an age decides of. */
export async function readKept({ db }: Pick<Base, 'db'>, customer: string): Promise<Kept> {
  const at = now();
  return toKept(db, customer, await readRow(db, customer, at), at);
}

async function readRow(db: Db, customer: string, at: Date): Promise<KeptRow> {
  const [row] = await keptOfCustomer(db, [customer, at]);
  if (!row) throw new Error('no answer about a customer');
  return row;
}

async function toKept(db: Db, customer: string, row: KeptRow, at: Date): Promise<Kept> {
  const consents = await currentOf(db, customer, toSaid(row), at);
  return {
    identities: toKeptIdentities(row),
    consents: consents.map(({ brand, purpose, topic, state }) => ({ brand, purpose, topic, state })),
  };
}

/** From a row that was read with something else. */
export function keptAhead(db: Db, customer: string, row: KeptRow, at: Date): Ahead {
  return { customer, kept: () => toKept(db, customer, row, at) };
}

/**
 * Begins to read it before it is known whether that is who they are: one statement, also where it would be nobody
 * (undefined), so that nothing tells who has an account. Undefined where no code is on.
 */
export async function askAhead(base: Base, customer: string = uuid()): Promise<Ahead | undefined> {
  if (!(await isCodeOn(base))) return undefined;
  const at = now();
  const row = readRow(base.db, customer, at);
  // Who waits for it is told when it fails; a run that ends before is nobody who waits.
  row.catch(() => {});
  return { customer, kept: async () => toKept(base.db, customer, await row, at) };
}

/** As `allows` asks for it: what the customer has said, at this brand (uuid). */
export function saidAt(brand: string, { consents }: Pick<Kept, 'consents'>): JsonObject {
  return { brand: { id: brand }, consents: [...consents] };
}
