import type { FastifyReply } from 'fastify';
import { isProblem, Problem } from '../../base/errors.ts';
import { type Asked, asksOf, buttonOf, type NetworkConnection } from '../../features/connections/connections.ts';
import { goTo } from './advance.ts';
import { lastConnection } from './browser-cookies.ts';
import type { FlowPage } from './flow-page.ts';
import type { Attempt } from './flow-state.ts';
import { type Form, textField } from './form.ts';
import { beginAttempt } from './network-attempt.ts';
import { returnAddress } from './network-return.ts';
import { type PageVisit, showPage } from './page-visit.ts';
import { networkOf } from './portal-connections.ts';
import { saveState } from './records.ts';
import { pages } from './texts.ts';

// What a network is asked for, and why, in the order in which it is said. Likes are asked about on their own.
const reasons: Readonly<Partial<Record<Asked, string>>> = {
  name: 'connect.asks_name',
  picture: 'connect.asks_picture',
  email: 'connect.asks_email',
  birthday: 'connect.asks_birthday',
  gender: 'connect.asks_gender',
  place: 'connect.asks_place',
};

/** Before leaving to a network that is asked for more than who one is: what is read, why, and whether it may be. */
export const connectPage: FlowPage = {
  step: 'connect',
  async show(at, again) {
    const wanted = new URL(at.request.url, 'http://here').searchParams.get('connection') ?? '';
    const connection = await chosenNetwork(at, { connection: again?.form.connection ?? wanted });
    const model = {
      connection: connection.name,
      network: buttonOf(connection).label,
      asks: asksOf(connection).flatMap((ask) => reasons[ask] ?? []),
    };
    return showPage(at, 'connect', model, again);
  },
  acts: {
    async connect(at, form) {
      return travel(at, await chosenNetwork(at, form), { purpose: 'sign_in', likes: form.likes === 'yes' });
    },
  },
};

/**
 * To the network, past the page that asks first where there is something to ask. Who came by this network last time in
 * this browser has been asked, and goes straight on: then nothing more is read than the first answer allowed.
 */
export async function goToNetwork(at: PageVisit, connection: NetworkConnection): Promise<FastifyReply> {
  const wasAsked = lastConnection(at.base.config, at.request) === connection.name;
  const asks = asksOf(connection).includes('likes') && !wasAsked;
  if (asks) return goTo(at, `connect?connection=${encodeURIComponent(connection.name)}`);
  return travel(at, connection, { purpose: 'sign_in' });
}

/**
 * Sends the browser to the network. After a form by a page that goes on at once, not by a redirect: pages that allow
 * forms to end at our own origin and the portal's alone could not name all the hosts a network passes through.
 */
export async function travel(
  at: PageVisit,
  connection: NetworkConnection,
  why: Pick<Attempt, 'purpose' | 'likes'>,
): Promise<FastifyReply> {
  const { base } = at;
  const begun = await beginAttempt(base, at.flow, at.state, connection, why).catch((error: unknown) => {
    if (isProblem(error, 'network_failed')) return error;
    throw error;
  });
  if (begun instanceof Problem) return goTo(at, returnAddress(why.purpose, begun.code, connection.name));
  const { url, state } = begun;
  await saveState(base.db, at.flow.id, state);
  if (at.request.method === 'GET') return at.reply.header('cache-control', 'no-store').redirect(url, 302);
  const { language } = at.visit;
  return pages.send(at.reply, 'travel', { url, network: buttonOf(connection).label }, { dress: at.dress, language });
}

/** The network that a form or an address names. Throws Problem `access_denied` when it is not offered here. */
export function chosenNetwork({ base, visit }: PageVisit, form: Form): Promise<NetworkConnection> {
  return networkOf(base, visit.portal, textField(form, 'connection', 128));
}
