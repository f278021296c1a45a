import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { Json } from '../../base/json.ts';
import { keyedHash } from './key.ts';

/** `refuse`: it was not allowed, and nothing happened. */
export type Act = 'read' | 'create' | 'change' | 'delete' | 'refuse';

/** What a value was, and what it became; undefined: there was none, there is none. */
export type Change = { readonly before?: Json | undefined; readonly after?: Json | undefined };

/** Who did what, on whom or what, from where. */
export type AuditDraft = {
  readonly at: Date;
  readonly by: 'staff' | 'machine';
  /** Id of the staff, or client id. */
  readonly who: string;
  /** What they are called now. */
  readonly whoName: string;
  readonly act: Act;
  /** `PATCH /users/{id}` */
  readonly route: string;
  /** The same in words. */
  readonly summary: string;
  /** `customer`, `customers`, `brand`, ... */
  readonly about: string;
  /** Which one, where it is no customer. */
  readonly thing: string | null;
  /** The customer's internal id. */
  readonly customer: string | null;
  /** Names of attributes or settings; no values. */
  readonly paths: readonly string[];
  readonly ip: string | null;
  readonly userAgent: string;
  /** Of a customer's attributes, by path; they go when the customer is erased. */
  readonly changes?: Readonly<Record<string, Change>> | undefined;
};

/** A row of the log. */
export type AuditEntry = Omit<AuditDraft, 'changes'> & {
  readonly id: string;
  readonly changes: Readonly<Record<string, Change>>;
  /** Is it part of the chain already? It is within seconds. */
  readonly isSealed: boolean;
};

export type AuditRow = Selectable<DB['audit']>;

/** What makes a row genuine: all of it but the seal. */
export function macOf(db: Db, row: Omit<AuditRow, 'mac' | 'seal'>): Buffer {
  const { id, at, by, who, who_name, act, route, summary, about, thing, customer, paths } = row;
  const { ip, user_agent, values_hash } = row;
  const what = [act, route, summary, about, thing, customer, JSON.stringify(paths)];
  const hash = values_hash?.toString('hex') ?? null;
  return keyedHash(db, 'row', [id, at.toISOString(), by, who, who_name, ...what, ip, user_agent, hash]);
}

/** Once the salt is gone, nobody can try which values this was made of. */
export function hashOfChanges(salt: Buffer, changes: string): Buffer {
  return createHash('sha256').update(salt).update(changes).digest();
}
