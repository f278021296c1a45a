import type { ConsentPurpose } from '../../../contract/consents.ts';
import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import type { ErasureVerb } from '../customers/customers.ts';

// The signatures of the feature; the verbs follow behind them.

/** One yes or no, with what was shown when it was said. */
export type ConsentDraft = {
  subject: string;
  /** Null: the umbrella. */
  brand: string | null;
  purpose: ConsentPurpose;
  topic?: string | null | undefined;
  given: boolean;
  /** Of the wording. */
  version: string;
  wording: string;
  language: string;
  /** Page, connection or client. */
  source: string;
  ip?: string | null | undefined;
  at: Date;
};
export type Consent = Omit<ConsentDraft, 'topic' | 'ip'> & { id: string; topic: string | null };

/** Appends what was said. Saying the same again writes nothing. */
export declare function give(tx: Db, consent: ConsentDraft): Promise<void>;
/** `undefined`: never asked. A wider no (the whole purpose, the umbrella) closes what was allowed before it. */
export declare function stateOf(
  db: Db,
  customerId: string,
  of: { brand: string | null; purpose: ConsentPurpose; topic?: string | null },
): Promise<'given' | 'withdrawn' | undefined>;
/** The newest of each (brand, purpose, topic). */
export declare function currentConsents(db: Db, customerId: string): Promise<Consent[]>;
/** Before two customers are joined: where they disagree, the stricter will hold. Hand it to the merge. */
export declare function settleMerge(tx: Db, winner: string, loser: string): Promise<void>;
export declare const eraseConsents: ErasureVerb;
export declare function exportConsents(db: Db, customerId: string): Promise<JsonObject>;
