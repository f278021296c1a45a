import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import { type Part, writeTogether } from '../../base/statement.ts';
import type { FactorKind } from '../../features/accounts/accounts.ts';
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
  /** The second factor was left out because the device was remembered. */
  readonly remembered?: boolean | undefined;
  /** The second factor that was passed, in this sign-in or before it in its session. */
  readonly factor?: FactorKind | undefined;
  readonly at: Date;
};

const insertSignIn = `
  insert into sign_ins (id, customer, subject, portal, brand, connection, amr, acr, decided, remembered, factor, at)
  values ($1::uuid, $2::uuid, $3::uuid, $4, $5::uuid, $6, $7::text[], $8, $9::jsonb, $10, $11, $12::timestamptz)
  returning 1`;

/** A sign-in, as a part of what records it. The grant that the engine then makes points to it. */
export function signInPart(signIn: SignIn): Part {
  const { id, customer, subject, portal, brand, connection, amr, decided, at } = signIn;
  const { acr = null, remembered = false, factor = null } = signIn;
  const how = [[...amr], acr, JSON.stringify(decided), remembered, factor];
  return { text: insertSignIn, values: [id, customer, subject, portal, brand, connection, ...how, at] };
}

/** Writes a sign-in by itself. */
export function writeSignIn(tx: Db, signIn: SignIn): Promise<void> {
  return writeTogether(tx, [signInPart(signIn)]);
}

/** The decisions in a `decided` column. */
export function toDecided(stored: Json): Decided {
  const { profile, id_token, access_token, scopes } = isJsonObject(stored) ? stored : {};
  return {
    scopes: isJsonObject(scopes) ? { added: textsOf(scopes.added), removed: textsOf(scopes.removed) } : undefined,
    profile: isJsonObject(profile) ? profile : undefined,
    id_token: isJsonObject(id_token) ? id_token : undefined,
    access_token: isJsonObject(access_token) ? access_token : undefined,
  };
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
