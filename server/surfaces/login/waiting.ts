import { type Customer, findById } from '../../features/customers/customers.ts';
import type { AskedFactor } from '../oidc/oidc.ts';
import type { Second } from './factor.ts';
import { isStillAt } from './held.ts';
import type { PageVisit } from './page-visit.ts';
import { type Door, heldOf } from './prove.ts';
import { lastSignInOf } from './records.ts';
import { nonceOf } from './second-ways.ts';

/** Whose second factor a page of this flow is about, and through which door it goes on. */
export type Waiting = {
  /** Of what is begun and sent for it. */
  readonly nonce: string;
  /** Nobody yet where somebody is signing up. */
  readonly customer: Customer | undefined;
  /** How the first factor was proven. */
  readonly amr: readonly string[];
  /** What code asks for, if it does. */
  readonly wanted: AskedFactor | undefined;
  door(second: Second): Door;
};

/**
 * The sign-in that was held in this flow, or else the session that a portal wants stepped up; undefined when nothing
 * waits here, or what waited was ended meanwhile with everything of its customer. What the browser says never counts.
 */
export async function waitingOf(at: PageVisit): Promise<Waiting | undefined> {
  const { base, state, flow, visit } = at;
  const nonce = nonceOf(state, flow.session?.uid);
  if (state.held) {
    const { found, proven, decided } = heldOf(base, visit);
    const customer = found.kind === 'new' ? undefined : await findById(base.db, found.customer);
    if (found.kind !== 'new' && !isStillAt(customer, found.customer, found.era)) return undefined;
    const wanted = decided?.multifactor;
    return { nonce, customer, amr: proven.amr, wanted, door: (second) => ({ by: 'held', second }) };
  }
  const { session, prompt } = flow;
  if (!session || prompt.name !== 'journey' || (prompt.page !== 'factor' && prompt.page !== 'enrol')) return undefined;
  const customer = await findById(base.db, session.customerId);
  if (customer?.user_id !== session.userId) return undefined;
  const door = { by: 'session', customer, uid: session.uid, welcome: false } as const;
  const { amr = [] } = (await lastSignInOf(base.db, customer.id, session.uid)) ?? {};
  const wanted = state.ruled?.customer === customer.id ? state.ruled.decided.multifactor : undefined;
  return { nonce, customer, amr, wanted, door: (second) => ({ ...door, second }) };
}
