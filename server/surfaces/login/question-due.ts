import type { Base } from '../../base/base.ts';
import type { Customer } from '../../features/customers/customers.ts';
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
  const questions = await liveQuestions(base);
  if (questions.length === 0) return false;
  const asked = await askAt(base.db, done.subject, done.signIn);
  if (asked) return asked.isOpen;
  const { chosen } = await choose(base, visit, questions, { customer, connection: done.connection, number });
  if (!chosen) return false;
  const { signIn, at } = guestOf(base, visit, customer, done.connection, number);
  await startAsking(base.db, chosen, {
    subject: done.subject,
    place: 'page',
    brand: visit.brand.id,
    portal: visit.portal.client_id,
    signIn: done.signIn,
    signInNumber: number,
    device: signIn.device,
    country: signIn.country,
    language: visit.language,
    hour: signIn.hour,
    at,
  });
  return chosen.arm === 'asked';
}

/** Will no question be due, as far as can be told before the sign-in is counted? */
export async function noQuestionDue(
  base: Base,
  visit: Visit,
  customer: Customer,
  connection: string,
): Promise<boolean> {
  if (!canBeQuestioned(visit)) return true;
  const questions = await liveQuestions(base);
  if (questions.length === 0) return true;
  const number = customer.logins_count + 1;
  return (await choose(base, visit, questions, { customer, connection, number })).chosen === undefined;
}

/** The same where a portal asks in a page of its own. */
export async function chooseFor(
  base: Base,
  coming: Coming,
  who: { readonly customer: Customer; readonly connection: string; readonly number: number },
): Promise<Decision> {
  const questions = await liveQuestions(base);
  const canBe = questions.length > 0 && !isAccountPages(coming);
  return canBe ? choose(base, coming, questions, who) : { chosen: undefined, verdicts: new Map() };
}

async function choose(
  base: Base,
  visit: Coming,
  questions: readonly LiveQuestion[],
  { customer, connection, number }: { customer: Customer; connection: string; number: number },
): Promise<Decision> {
  const guest = guestOf(base, visit, customer, connection, number);
  return chooseQuestion(base, questions, guest, await pauseDays(base), (question, error) => {
    base.log.warn({ question: question.id, error }, 'the condition of a question cannot be evaluated');
    writeFault(base.db, question.id, String(error), visit.at).catch((failure: unknown) => base.log.error(failure));
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
export function isAccountPages({ portal, brand }: Pick<Coming, 'portal' | 'brand'>): boolean {
  return portal.settings.client_metadata.account_pages === brand.slug;
}
