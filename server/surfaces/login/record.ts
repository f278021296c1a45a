import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { writeTogether } from '../../base/statement.ts';
import {
  addFactor,
  keepAccount,
  rememberDevice,
  renewRecoveryCodes,
  type TimelineName,
  takeMfaTokenPart,
  usePart,
} from '../../features/accounts/accounts.ts';
import { answerAhead, give } from '../../features/consents/consents.ts';
import {
  findIdentity,
  holdEra,
  lockCustomers,
  placePart,
  recordSignIn,
  type TimelineDraft,
  timelineParts,
} from '../../features/customers/customers.ts';
import type { Decided } from '../oidc/oidc.ts';
import { flowResult, isSessionAlive, signInPart } from '../oidc/oidc.ts';
import { answeringEarly, earlyConsents } from './answering.ts';
import { asksNothing, type Signed } from './ask.ts';
import { keepDemanded } from './demanded-answer.ts';
import { type Entered, enter } from './enter.ts';
import type { Passed } from './factor.ts';
import type { Done } from './flow-state.ts';
import type { Found } from './found.ts';
import type { Learned } from './learn.ts';
import type { Proven } from './proven.ts';
import { signInContext } from './question-guest.ts';
import { statePart } from './records.ts';
import { executionsAsJson } from './rules/note.ts';
import { challengeable } from './second-ways.ts';
import { isUnusual, type Signals, signalsAsJson } from './signals.ts';
import { tellUnusual } from './tell-unusual.ts';
import { askedBy, type Visit } from './visit.ts';

/** What the steps before have found out. */
export type SignInDraft = {
  readonly proven: Proven;
  readonly found: Found;
  readonly told: Learned;
  readonly signals: Signals;
  readonly decided: Decided;
  readonly passed: Passed;
};

/** A sign-in that is written. `finished`: nothing is asked any more, and the engine was told with it. */
export type Recorded = Signed & { readonly finished: boolean };

/**
 * Step 7: one act, all of it or nothing: the customer (made, joined or learned of), consent, counts, device, timeline and the
 * sign-in that the tokens will point to. A flow records once: whoever sends its form again gets the same result.
 */
export async function record(base: Base, visit: Visit, draft: SignInDraft): Promise<Recorded> {
  const { found, told, signals, passed } = draft;
  const learnsNothing = found.kind === 'known' && told.facts.length === 0 && !told.proof && !told.consent;
  const onlyCounts =
    learnsNothing && !passed.enrolled && !passed.remember && !hasMore(draft.proven) && !isUnusual(signals);
  // What only counts is one statement, and needs no transaction around it.
  if (onlyCounts) {
    // Only where there are pages is there an engine that waits to be told.
    const finishes =
      visit.page !== undefined &&
      (await asksNothing(base, visit, { customer: found.customer, connection: draft.proven.connection }));
    return write(base, base.db, visit, draft, finishes);
  }
  try {
    return await transact(base.db, (tx) => write(base, tx, visit, draft));
  } catch (error) {
    // The same person came in by another window in between: the identity is not new any more.
    const known = isProblem(error, 'already_exists') ? await findNewcomer(base, draft.found) : undefined;
    if (!known) throw error;
    return transact(base.db, (tx) => write(base, tx, visit, { ...draft, found: known }));
  }
}

/** Is there something that is written with the sign-in and is not part of it? */
function hasMore({ keeps, demanded }: Proven): boolean {
  return keeps === true || demanded !== undefined;
}

async function write(
  base: Base,
  db: Db,
  visit: Visit,
  { proven, found, told, signals, decided, passed }: SignInDraft,
  finishes = false,
): Promise<Recorded> {
  const { at, ip, brand, portal } = visit;
  const known = proven.anew && found.kind !== 'new' ? found.customer : undefined;
  // All of theirs may have been ended since they were proven. What only counts sees that in its statement.
  if (known && db.isTransaction) await holdEra(db, known);
  const entered = await enter(base, db, visit, found, told);
  const { customer, subject } = entered;
  if (proven.keeps) await keepAccount({ ...base, db }, { customer: customer.id, subject, asked: askedBy(visit) });
  if (told.consent) await give(db, { ...told.consent, subject });
  const early = earlyConsents(visit, found);
  if (early) await answerAhead({ ...base, db }, answeringEarly(base, visit, entered, early), early.answers);
  const { profileData, sealedTokens } = told;
  const { connection, methodId, counter, tries } = proven;
  const { amr, acr, remembered, factor } = passed;
  const id = uuid();
  const signIn = {
    id,
    customer: customer.id,
    subject,
    portal: portal.client_id,
    brand: brand.id,
    connection,
    amr,
    acr,
    decided,
    remembered,
    factor,
    at,
  };
  const done: Done = {
    customer: customer.user_id,
    subject,
    signIn: id,
    amr: [...amr],
    ...(acr && { acr }),
    proved: proven.anew || passed.anew,
    connection,
    era: customer.era,
    ...(proven.demanded && { asked: true }),
  };
  const { connection: _, era: __, ...outcome } = done;
  const result = visit.page && finishes ? flowResult(visit.page.flow, outcome) : undefined;
  const parts = (device: string | null) => [
    ...(methodId ? [usePart({ subject, methodId, counter, at })] : []),
    ...timelineParts(timelineOf(visit, { ...proven, amr }, entered, signals, device)),
    ...(signals.place && !visit.silent ? [placePart(subject, signals.place, at)] : []),
    signInPart(signIn),
    ...(visit.waiting ? [takeMfaTokenPart(visit.waiting.token)] : []),
    // A transaction goes on after this, and others from the same place would wait for its end.
    ...(tries && !db.isTransaction ? tries.parts() : []),
    ...(visit.page ? [statePart(visit.page.flow.id, { ...visit.page.state, done }, result)] : []),
  ];
  if (visit.silent) await writeTogether(db, parts(null));
  else {
    const counted = {
      subject,
      at,
      era: db.isTransaction ? undefined : known?.era,
      ip,
      brand: brand.id,
      device: passed.vouches ? visit.device : undefined,
      profileData,
      sealedTokens,
      context: signInContext(base, visit, connection, customer),
    };
    await recordSignIn(db, counted, parts);
  }
  // After the flow is done: a form that was sent twice gets the same result.
  await checkFactors(base, db, visit, entered, proven, passed);
  await writeFactor(base, db, visit, entered, passed);
  if (proven.demanded) await keepDemanded({ ...base, db }, visit, proven.demanded, { customer, subject, signIn: id });
  if (isUnusual(signals)) await tellUnusual(base, db, visit, { customer, subject, signIn: id, place: signals.place });
  return { done, customer, number: customer.logins_count + (visit.silent ? 0 : 1), finished: result !== undefined };
}

/**
 * Between the second step and now somebody else may have come in as this customer: who is protected since is asked for
 * that factor, so this sign-in begins anew. Nor does a session that has ended add one.
 *
 * @throws Problem `flow_expired`
 */
async function checkFactors(
  base: Base,
  tx: Db,
  { page }: Visit,
  { customer: { id } }: Entered,
  { amr, anew }: Proven,
  { enrolled, whose }: Passed,
): Promise<void> {
  if (!enrolled && whose === id) return;
  await lockCustomers(tx, [id]);
  const session = anew ? undefined : page?.flow.session;
  const hasEnded = enrolled && session && !(await isSessionAlive(tx, session.uid));
  if (hasEnded || (await challengeable({ ...base, db: tx }, id, amr)).length > 0) throw new Problem('flow_expired');
}

/** The factor that was added on the way, its recovery codes, and the device that is to be remembered. */
async function writeFactor(
  base: Base,
  tx: Db,
  visit: Visit,
  { customer: { id: customer }, subject }: Entered,
  { enrolled, remember }: Passed,
): Promise<void> {
  const asked = askedBy(visit);
  if (enrolled) {
    const { proven, codes } = enrolled;
    await addFactor(base, tx, { customer, subject, proven, asked, at: visit.at });
    await renewRecoveryCodes(base, tx, { customer, subject, codes, quiet: true, asked });
  }
  if (remember && visit.device) await rememberDevice(tx, customer, visit.device.cookieHash);
}

function timelineOf(
  visit: Visit,
  { connection, amr, anew, executions = [] }: Proven,
  { subject, event }: Entered,
  signals: Signals,
  device: string | null,
): TimelineDraft[] {
  const { brand, portal, at, session, ip, userAgent } = visit;
  const row = {
    subject,
    brand: brand.id,
    portal: portal.client_id,
    source: 'login',
    occurredAt: at,
    session,
    device,
    ip,
    userAgent,
    data: { connection, amr: [...amr], ...signalsAsJson(signals), ...executionsAsJson(executions) },
  };
  return [
    ...(event ? [{ ...row, class: 'profile' as const, name: event }] : []),
    { ...row, class: 'sign_in' as const, name: nameOf(visit, anew, amr) },
  ];
}

function nameOf({ silent, page }: Visit, anew: boolean, amr: readonly string[]): TimelineName {
  if (silent) return 'signed_in_silently';
  if (!anew || page) return 'signed_in';
  return amr.includes('pwd') ? 'signed_in_by_password_grant' : 'signed_in_by_code_grant';
}

async function findNewcomer(base: Base, found: Found): Promise<Found | undefined> {
  if (found.kind === 'known' || found.newcomer.kind !== 'network') return undefined;
  const { connection, answer } = found.newcomer.told;
  const known = await findIdentity(base.db, connection, answer.userId);
  return known && { kind: 'known', customer: known.customer, subject: known.identity.subject };
}
