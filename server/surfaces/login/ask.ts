import type { Base } from '../../base/base.ts';
import { dueConsents, type EntryInForce, isBarredFrom, requiresOfStrangers } from '../../features/consents/consents.ts';
import { type Customer, visitsOf } from '../../features/customers/customers.ts';
import type { Done } from './flow-state.ts';
import type { Found, PageNeeded } from './found.ts';
import { noQuestionDue, questionIsDue } from './question-due.ts';
import type { Visit } from './visit.ts';

/** A page that asks something before the sign-in goes on. */
export type AskPage = 'consent' | 'question';

/** Step 8: the consent or the question that is due now; the sign-in is already safe. */
export async function ask(
  base: Base,
  visit: Visit,
  { customer, finished, done, number }: Signed & { readonly finished: boolean },
): Promise<AskPage | undefined> {
  if (finished || !canBeAsked(visit)) return undefined;
  const { due, barred } = await whatIsDue(base, visit, customer);
  if (barred || due.length > 0) return 'consent';
  if (done.asked) return undefined;
  const isDue = await orUnasked(base, () => questionIsDue(base, visit, { done, customer, number }), false);
  return isDue ? 'question' : undefined;
}

/** A question is never worth a sign-in: when it cannot be told whether one is due, none is. */
async function orUnasked(base: Base, look: () => Promise<boolean>, unasked: boolean): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    base.log.error({ error }, 'whether a question is due cannot be told');
    return unasked;
  }
}

/** Who has signed in, as what; `number`: their how manieth sign-in it is. */
export type Signed = { readonly customer: Customer; readonly done: Done; readonly number: number };

/** Will nothing be due of a customer whom this sign-in teaches us nothing about? Asked before it is counted. */
export async function asksNothing(
  base: Base,
  visit: Visit,
  { customer, connection }: { readonly customer: Customer; readonly connection: string },
): Promise<boolean> {
  const { due, barred } = await whatIsDue(base, visit, customer, { counted: false });
  if (barred || due.length > 0) return false;
  return orUnasked(base, () => noQuestionDue(base, visit, customer, connection), true);
}

/**
 * Who passes no page (`prompt=none`, a password grant) is asked at the next one; unless the portal lets nobody in
 * without what is required, or they are too young to be here.
 */
export async function askFirst(base: Base, visit: Visit, found: Found): Promise<PageNeeded | undefined> {
  if (canBeAsked(visit) || visit.portal.is_account) return undefined;
  const { portal, brand } = visit;
  if (found.kind === 'new') {
    const mustAsk = portal.settings.require_consent && (await requiresOfStrangers(base, brand.id));
    return mustAsk ? { page: 'consent', remember: {} } : undefined;
  }
  const { customer } = found;
  if (await isBarredFrom(base, customer, brand.id)) return { page: 'consent', remember: {} };
  if (!portal.settings.require_consent) return undefined;
  const { due } = await whatIsDue(base, visit, customer);
  return due.some(({ required }) => required) ? { page: 'consent', remember: {} } : undefined;
}

/**
 * What this customer is to be asked at this portal now. The account pages ask nothing on the way in: whoever does not
 * agree to something must be able to see, take along and delete what is known of them.
 *
 * @param options `fresh`: as the database has it now, where it is shown; else a change may be seen 2 s late; `counted`:
 *   false when this sign-in is not counted yet
 */
export async function whatIsDue(
  base: Base,
  visit: Visit,
  customer: Customer,
  { fresh, counted = true }: { fresh?: boolean; counted?: boolean } = {},
): Promise<{ due: EntryInForce[]; barred: boolean }> {
  if (visit.portal.is_account) return { due: [], barred: false };
  const isNewcomer = () => comesFirst(base, visit, customer, counted);
  return dueConsents(base, customer, { brand: visit.brand.id, isNewcomer, fresh });
}

/** Is this their first sign-in at this brand? */
export async function comesFirst({ db }: Base, { brand }: Visit, customer: Customer, counted = true): Promise<boolean> {
  const visits = (await visitsOf(db, customer.id)).find((visit) => visit.brand === brand.id);
  return (visits?.count ?? 0) <= (counted ? 1 : 0);
}

function canBeAsked({ silent, page, session }: Visit): boolean {
  return !silent && (page !== undefined || session !== undefined);
}
