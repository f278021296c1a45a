import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { lookAtSignInLink } from '../../features/accounts/accounts.ts';
import type { Flow } from '../oidc/oidc.ts';
import { advance } from './advance.ts';
import { readForm } from './form.ts';
import { formTargetsOf, pageVisitOf } from './page-visit.ts';
import { brandOfPortal, type Room, roomOf, sendMessage, sendPage } from './room.ts';

/** Begins a flow in this browser as if its portal had sent it here; the protocol's. */
export type BeginFlow = (request: FastifyRequest, reply: FastifyReply, params: Record<string, string>) => Promise<Flow>;

/**
 * `/u/sign-in-link?ticket=`: behind a mailed link that a portal asked for. Which browser asked is not known here, and a
 * link can be sent to anybody: so the page says as whom and where one will be signed in, and only its button does it.
 * Mail programs that look at links use nothing up. The portal gets its code with the `state` and challenge it gave, so
 * that its own page takes it in the browser where it began and nowhere else.
 */
export function serveSignInLink(app: FastifyInstance, base: Base, beginFlow: BeginFlow): void {
  async function enter(request: FastifyRequest, reply: FastifyReply, ticket: string) {
    const looked = await lookAtSignInLink(base, ticket);
    const room = await roomOf(request, reply, await brandOfPortal(base, request, looked?.portal));
    const formTargets = looked ? formTargetsOf([textOf(looked.about, 'redirect_uri')]) : [];
    return { looked, room: { ...room, formTargets } };
  }

  app.get('/u/sign-in-link', async (request, reply) => {
    const ticket = readForm(request.query).ticket ?? '';
    const { looked, room } = await enter(request, reply, ticket);
    return looked ? ask(room, ticket, looked.address) : expired(room);
  });
  app.post('/u/sign-in-link', async (request, reply) => {
    if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
    const ticket = readForm(request.body).ticket ?? '';
    const { looked, room } = await enter(request, reply, ticket);
    if (!looked) return expired(room);
    try {
      const flow = await beginFlow(request, reply, { ...textsOf(looked.about), client_id: looked.portal });
      return await advance(await pageVisitOf(base, request, reply, flow), { by: 'mailed_link', ticket });
    } catch (error) {
      if (isProblem(error, 'code_expired', 'flow_expired')) return expired(room);
      throw error;
    }
  });
}

function ask(room: Room, ticket: string, address: string): FastifyReply {
  const model = {
    title: room.say('sign_in_link.ask_title'),
    lead: room.say('sign_in_link.ask', { address }),
    confirm: room.say('sign_in_link.confirm'),
    note: room.say('sign_in_link.note'),
  };
  return sendPage(room, 'ticket', { ...model, action: 'sign-in-link', ticket });
}

function expired(room: Room): FastifyReply {
  return sendMessage(room, { key: 'sign_in_link.expired', status: 410, isProblem: true, link: 'home' });
}

function textsOf(about: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(about).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function textOf(about: JsonObject, name: string): string | undefined {
  return textsOf(about)[name];
}
