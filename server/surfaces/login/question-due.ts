import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { unshared } from '../../base/settings.ts';
import { type Customer, findById, lockCustomers } from '../../features/customers/customers.ts';
import {
  askAt,
  chooseQuestion,
  type Decision,
  type LiveQuestion,
  liveQuestions,
  pauseDays,
  startAsking,
  writeFault,
} from '../../features/questions/questions.ts';
import type { Done } from './flow-state.ts';
import { guestOf } from './question-guest.ts';
import type { Coming, Visit } from './visit.ts';

/** Who comes, and how; `number`: of the sign-in, itself included. */
type Who = { readonly customer: Customer; readonly connection: string; readonly number: number };

/**
 * Is a question due of this customer? At most one at a sign-in, and what is decided stands: a reload shows the same.
 *
 * @param number of the sign-in, itself included
 */
export async function questionIsDue(
  base: Base,
  visit: Visit,
  { done, customer, number }: { readonly done: Done; readonly customer: Customer; readonly number: number },
): Promise<boolean> {
  if (!canBeQuestioned(visit)) return false;
  const asking = await live(base);
  if (asking.questions.length === 0) return false;
  const asked = await askAt(base.db, done.subject, done.signIn);
  if (asked) return asked.isOpen;
  const who = { customer, connection: done.connection, number };
  const { chosen } = await choose(base, visit, asking, who);
  if (!chosen) return false;
  const { subject, signIn } = done;
  return (await askNow(base, visit, asking, who, { place: 'page', subject, signIn })) === 'asked';
}

/**
 * Writes down that the customer is asked, if they still are to be: they may come to several portals at once, and only
 * the first of those asks. So it is decided once more while the customer is held, by their row as it is then.
 *
 * @returns undefined: nobody asks them anything now
 */
function askNow(
  base: Base,
  visit: Coming,
  asking: Live,
  who: Who,
  where: { readonly place: 'page' | 'embedded'; readonly subject: string; readonly signIn: string },
): Promise<'asked' | 'held_out' | undefined> {
  return transact(base.db, async (tx) => {
    const [id = who.customer.id] = await lockCustomers(tx, [who.customer.id]);
    const customer = await findById(tx, id);
    if (!customer) return undefined;
    const held = { ...base, db: tx, settings: unshared(base.settings) };
    const { chosen } = await choose(held, visit, asking, { ...who, customer }, where.place, base.db);
    if (!chosen) return undefined;
    const { signIn: context, at } = guestOf(base, visit, customer, who.connection, who.number);
    await startAsking(tx, chosen, {
      ...where,
      brand: visit.brand.id,
      portal: visit.portal.client_id,
      signInNumber: who.number,
      device: context.device,
      country: context.country,
      language: visit.language,
      hour: context.hour,
      at,
    });
    return chosen.arm;
  });
}

/** Will no question be due, as far as can be told before the sign-in is counted? */
export async function noQuestionDue(
  base: Base,
  visit: Visit,
  customer: Customer,
  connection: string,
): Promise<boolean> {
  if (!canBeQuestioned(visit)) return true;
  const asking = await live(base);
  if (asking.questions.length === 0) return true;
  const number = customer.logins_count + 1;
  return (await choose(base, visit, asking, { customer, connection, number })).chosen === undefined;
}

/** Writes down that the portal asks in a page of its own, if something is due there. */
export async function askEmbedded(
  base: Base,
  coming: Coming,
  who: Who,
  signIn: { readonly subject: string; readonly id: string },
): Promise<void> {
  const asking = await live(base);
  if (asking.questions.length === 0 || isAccountPages(coming)) return;
  const { chosen } = await choose(base, coming, asking, who, 'embedded');
  const where = { place: 'embedded', subject: signIn.subject, signIn: signIn.id } as const;
  if (chosen) await askNow(base, coming, asking, who, where);
}

/** What a decision needs and every sign-in shares: read before a customer is held, for it may take a connection. */
type Live = { readonly questions: readonly LiveQuestion[]; readonly pause: number };

async function live(base: Base): Promise<Live> {
  const [questions, pause] = await Promise.all([liveQuestions(base), pauseDays(base)]);
  return { questions, pause };
}

function choose(
  base: Base,
  visit: Coming,
  { questions, pause }: Live,
  { customer, connection, number }: Who,
  place: 'page' | 'embedded' = 'page',
  faultsTo = base.db,
): Promise<Decision> {
  const guest = guestOf(base, visit, customer, connection, number, place);
  return chooseQuestion(base, questions, guest, pause, (question, error) => {
    base.log.warn({ question: question.id, error }, 'the condition of a question cannot be evaluated');
    writeFault(faultsTo, question.id, String(error), visit.at).catch((failure: unknown) => base.log.error(failure));
  });
}

/** A browser signs in by itself, by a page or by its session, and nobody only wants to see what is known of them. */
function canBeQuestioned(visit: Visit): boolean {
  const { page, session, wire } = visit;
  if (page === undefined && session === undefined) return false;
  const isDevice = wire.protocol === 'oauth2-device-code' || page?.flow.returnTo.startsWith('/activate');
  return !isDevice && !isAccountPages(visit);
}

/** Does this portal lead to the account pages? There nobody is asked anything. */
export function isAccountPages({ portal }: Pick<Coming, 'portal'>): boolean {
  return portal.is_account;
}
