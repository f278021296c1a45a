import { z } from 'zod';
import type { Db } from '../../base/db.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import type { Decided } from './journey-port.ts';

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

/** Writes a sign-in, in the transaction that records it. The grant that the engine then makes points to it. */
export async function writeSignIn(tx: Db, signIn: SignIn): Promise<void> {
  const { amr, acr, decided, ...rest } = signIn;
  await tx
    .insertInto('sign_ins')
    .values({ ...rest, amr: [...amr], acr: acr ?? null, decided: JSON.stringify(decided) })
    .execute();
}

const storedSignIn = z.object({
  id: z.string(),
  customer: z.string(),
  subject: z.string(),
  portal: z.string(),
  brand: z.string(),
  connection: z.string(),
  amr: z.array(z.string()),
  acr: z.string().nullable(),
  at: z.coerce.date(),
});

/** The sign-in in a row of `sign_ins` that was read as JSON. */
export function toSignIn(row: Json): SignIn {
  const { acr, ...rest } = storedSignIn.parse(row);
  const decided = isJsonObject(row) && isJsonObject(row.decided) ? row.decided : {};
  const { id_token, access_token } = decided;
  return {
    ...rest,
    acr: acr ?? undefined,
    decided: {
      id_token: isJsonObject(id_token) ? id_token : undefined,
      access_token: isJsonObject(access_token) ? access_token : undefined,
    },
  };
}
