import type { Db } from '../../base/db.ts';

/** Who is being erased: everything by which a table may hold something of this person. */
export type Erased = {
  customer: string;
  /** The customer and those that were merged into it. */
  customers: readonly string[];
  subjects: readonly string[];
  userIds: readonly string[];
  /** Normalised; those that they proved and nobody else did: what lies there for nobody in particular is theirs. */
  emails: readonly string[];
  phones: readonly string[];
  /** E-mail addresses that others have proven, too. */
  sharedEmails: readonly string[];
  at: Date;
};

/** Deletes what one feature holds of an erased customer, in the erasing transaction. */
export type ErasureVerb = (tx: Db, erased: Erased) => Promise<unknown>;
