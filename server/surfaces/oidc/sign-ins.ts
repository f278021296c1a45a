import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import { statement } from '../../base/statement.ts';
import type { Decided } from './decided.ts';

/** One sign-in of a customer at a portal: who, how it was proven, and what was decided for its tokens. */
export type SignIn = {
  readonly id: string;
  /** Customer's uuid. */
  readonly customer: string;
  /** The identity that came, or that the session came from. */
  readonly subject: string;
  /** Client id. */
  readonly portal: string;
  /** Brand's uuid. */
  readonly brand: string;
  /** Connection's name. */
  readonly connection: string;
  /** Authentication methods (RFC 8176), e.g. `pwd`, `mfa`; networks `fed`. */
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  readonly decided: Decided;
  readonly at: Date;
};

const insertSignIn = statement(`
  insert into sign_ins (id, customer, subject, portal, brand, connection, amr, acr, decided, at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`);

/** Writes a sign-in, in the transaction that records it. The grant that the engine then makes points to it. */
export async function writeSignIn(tx: Db, signIn: SignIn): Promise<void> {
  const { id, customer, subject, portal, brand, connection, amr, acr = null, decided, at } = signIn;
  const how = [[...amr], acr, JSON.stringify(decided)];
  await insertSignIn(tx, [id, customer, subject, portal, brand, connection, ...how, at]);
}

/** The decisions in a `decided` column. */
export function toDecided(stored: Json): Decided {
  const { id_token, access_token } = isJsonObject(stored) ? stored : {};
  return {
    id_token: isJsonObject(id_token) ? id_token : undefined,
    access_token: isJsonObject(access_token) ? access_token : undefined,
  };
}
