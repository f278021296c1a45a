import type { Base } from '../../base/base.ts';
import { toFactorKind } from '../../features/accounts/accounts.ts';
import { type Customer, identitiesOf } from '../../features/customers/customers.ts';
import type { Second } from './factor.ts';
import type { Proven } from './proven.ts';
import { lookAtSession, lookAtSessionForCode } from './records.ts';
import { isCodeOn } from './rules/kept.ts';
import type { Visit } from './visit.ts';

/** A session that is there already: nothing is proven anew. */
export type SessionDoor = {
  readonly by: 'session';
  readonly customer: Customer;
  readonly uid: string;
  /** Left out: as at its last sign-in. */
  readonly amr?: readonly string[] | undefined;
  readonly acr?: string | undefined;
  /** The customer has just said that they want to go on to this brand. */
  readonly welcome: boolean;
  /** To step the session up. */
  readonly second?: Second | undefined;
};

/** Which identity the session came from is what its last sign-in says. */
export async function proveBySession(
  base: Base,
  { page, brand, device }: Visit,
  { customer, uid, amr, acr, welcome }: SessionDoor,
): Promise<Proven> {
  const at = { brand: brand.id, cookieHash: device?.cookieHash ?? null };
  const ruled = page?.state.ruled;
  const decided = ruled?.customer === customer.id ? ruled.decided : undefined;
  const look = !decided && (await isCodeOn(base)) ? lookAtSessionForCode : lookAtSession;
  const { last, knowsBrand, hasFactor, usual, ahead } = await look(base.db, { uid, customer: customer.id }, at);
  const { subject, connection } = last ?? (await firstIdentity(base, customer));
  const who = { kind: 'known', customer, subject } as const;
  const how = amr ?? last?.amr ?? [];
  return {
    who,
    amr: how,
    acr: acr ?? last?.acr ?? undefined,
    connection,
    factor: how.includes('mfa') ? toFactorKind(last?.factor ?? null) : undefined,
    hasFactor,
    usual,
    anew: false,
    welcome: welcome || knowsBrand,
    decided,
    ahead,
  };
}

async function firstIdentity({ db }: Base, customer: Customer): Promise<{ subject: string; connection: string }> {
  const [identity] = await identitiesOf(db, customer.id);
  if (!identity) throw new Error(`Customer ${customer.id} is signed in without an identity.`);
  return identity;
}
