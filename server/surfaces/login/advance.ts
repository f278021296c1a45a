import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { isProblem, Problem } from '../../base/errors.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import { finishFlow } from '../oidc/oidc.ts';
import { ask } from './ask.ts';
import { rememberConnection, rememberDevice, rememberLook } from './browser-cookies.ts';
import type { Away, Done, FlowState } from './flow-state.ts';
import { signIn } from './journey.ts';
import { openPage, type PageVisit } from './page-visit.ts';
import type { Door } from './prove.ts';
import { AlreadyDone, saveState } from './records.ts';
import { addressOfAway, keepOpen } from './rules/away.ts';
import { demandedPage } from './rules/demand-question.ts';
import type { Refusal } from './rules/outcome.ts';
import { pages } from './texts.ts';

/** Runs the journey from this door and sends the browser where it leads: back to the portal, or to a page. */
export async function advance(at: PageVisit, door: Door): Promise<FastifyReply> {
  try {
    const turn = await signIn(at.base, at.visit, door);
    if ('done' in turn) {
      // The sign-in is this device's, whatever is asked before the browser goes on.
      if (turn.due) rememberDevice(at.base.config, at.reply, at.device);
      return turn.due ? await goTo(at, turn.due) : await leave(at, turn.done, turn.finished);
    }
    if ('refused' in turn) return await refuse(at, turn.refused);
    const { away } = turn.remember;
    if (away && at.request.method === 'POST') {
      await saveState(at.base.db, at.flow.id, { ...at.state, ...turn.remember });
      return await travelTo(at, away);
    }
    return await goTo(at, turn.page, turn.remember);
  } catch (error) {
    if (mayBeTwin(error) && (await joinTwin(at))) return at.reply;
    throw error;
  }
}

/** The umbrella's own code has refused the sign-in: the portal is told, at the address that it came with. */
function refuse({ base, reply, flow }: PageVisit, { error, description }: Refusal): Promise<FastifyReply> {
  return finishFlow(base, reply, flow, { error, error_description: description });
}

/**
 * Sends the browser where a rule wants it first. After a form by a page that goes on at once, as to a network: pages
 * allow forms to end at our own origin and the portal's alone.
 */
export async function travelTo(at: PageVisit, away: Away): Promise<FastifyReply> {
  const { base, reply, flow, dress, visit } = at;
  await keepOpen(base.db, flow.id);
  const url = addressOfAway(flow.id, away);
  reply.header('cache-control', 'no-store');
  if (at.request.method !== 'POST') return reply.redirect(url, 302);
  return pages.send(reply, 'travel', { url, network: new URL(url).host }, { dress, language: visit.language });
}

/** Keeps something in the flow and shows one of its pages (303). */
export async function goTo(at: PageVisit, page: string, remember: Partial<FlowState> = {}): Promise<FastifyReply> {
  if (Object.keys(remember).length > 0) {
    await saveState(at.base.db, at.flow.id, { ...at.state, ...remember });
  }
  return at.reply.header('cache-control', 'no-store').redirect(`/u/${at.flow.id}/${page}`, 303);
}

/** The sign-in is recorded: on to what is to be asked before, or to the portal. */
export async function goOn(at: PageVisit, done: Done): Promise<FastifyReply> {
  const customer = await findByUserId(at.base.db, done.customer);
  if (!customer) throw new Problem('flow_expired');
  const due = await ask(at.base, at.visit, { customer, done, number: customer.logins_count, finished: false });
  return due ? goTo(at, due) : leave(at, done);
}

/**
 * The sign-in is recorded: on to the portal, with what this browser shall remember.
 *
 * @param finished the engine knows of it already
 */
export async function leave(
  { base, reply, flow, device, visit }: PageVisit,
  done: Done,
  finished = false,
): Promise<FastifyReply> {
  const { connection, era: _, ...outcome } = done;
  rememberDevice(base.config, reply, device);
  rememberConnection(base.config, reply, connection);
  rememberLook(base.config, reply, visit.brand.slug, visit.language);
  return finishFlow(base, reply, flow, finished ? 'written' : outcome);
}

/** The errors that a form meets with when it is sent twice at once and the other one was first. */
function mayBeTwin(error: unknown): boolean {
  return error instanceof AlreadyDone || isProblem(error, 'code_expired', 'passkey_expired', 'already_exists');
}

/** Waits a moment for the request that was first, and answers as it did; false if there was none. */
export async function joinTwin({ base, request, reply, flow, state }: PageVisit): Promise<boolean> {
  for (let tries = 0; tries < 15 && !reply.sent; tries += 1) {
    if (tries > 0) await wait(100);
    const now = await openPage(base, request, reply, flow.id);
    if (now.state.done) await goOn(now, now.state.done);
    else if (now.state.held && now.state.held.nonce !== state.held?.nonce) await goTo(now, 'factor');
    else if (now.state.wayDue && !state.wayDue) await goTo(now, 'first-way');
    else if (now.state.choice && !state.choice) await goTo(now, 'choose');
    else if (now.state.away && now.state.away.nonce !== state.away?.nonce) await travelTo(now, now.state.away);
    else if (now.state.demanded && now.state.demanded.nonce !== state.demanded?.nonce) await goTo(now, demandedPage);
    else if (now.state.conflict && now.state.conflict.nonce !== state.conflict?.nonce) await goTo(now, 'conflict');
  }
  return reply.sent;
}
