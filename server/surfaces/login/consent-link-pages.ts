import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import {
  confirmConsent,
  lookAtConfirmation,
  readUnsubscribe,
  type Unsubscription,
  unsubscribe,
} from '../../features/consents/consents.ts';
import { readForm } from './form.ts';
import { brandOfPortal, type Room, roomOf, sendMessage, sendPage, toAccount } from './room.ts';

// Links in mails that confirm a consent or take it back, without signing in. Looking changes nothing, for mail programs
// look, too; only the form does.

/** Where all that was allowed is seen and changed. */
const choices = (room: Room) => toAccount(room, '/preferences');

/** `/u/confirm-consent?ticket=` and `/u/unsubscribe?token=`. */
export function serveConsentLinks(app: FastifyInstance, base: Base): void {
  serveConfirmation(app, base);
  app.register(async (scope) => {
    // As which mail programs send their form; what it says is in the link.
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'string' }, async () => ({}));
    serveUnsubscribe(scope, base);
  });
}

function serveConfirmation(app: FastifyInstance, base: Base): void {
  async function enter(request: FastifyRequest, reply: FastifyReply, ticket: string) {
    const looked = await lookAtConfirmation(base, ticket);
    const belongs = await brandOfPortal(base, request, looked?.portal ?? undefined, looked?.brand ?? undefined);
    return { looked, room: await roomOf(request, reply, belongs) };
  }
  const expired = (room: Room) =>
    sendMessage(room, {
      key: 'confirm_consent.expired',
      status: 410,
      isProblem: true,
      link: 'home',
      also: choices(room),
    });

  app.get('/u/confirm-consent', async (request, reply) => {
    const ticket = readForm(request.query).ticket ?? '';
    const { looked, room } = await enter(request, reply, ticket);
    if (!looked) return expired(room);
    return sendPage(room, 'ticket', {
      title: room.say('confirm_consent.ask_title'),
      lead: room.say('confirm_consent.ask'),
      words: looked.wording,
      confirm: room.say('confirm_consent.confirm'),
      action: 'confirm-consent',
      ticket,
    });
  });
  app.post('/u/confirm-consent', async (request, reply) => {
    if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
    const ticket = readForm(request.body).ticket ?? '';
    const { room } = await enter(request, reply, ticket);
    try {
      await confirmConsent(base, { ticket, ip: request.ip });
    } catch (error) {
      if (isProblem(error, 'code_expired')) return expired(room);
      throw error;
    }
    return sendMessage(room, { key: 'confirm_consent.done', link: 'home', also: choices(room) });
  });
}

function serveUnsubscribe(app: FastifyInstance, base: Base): void {
  async function enter(request: FastifyRequest, reply: FastifyReply) {
    const token = readForm(request.query).token ?? '';
    const wanted = readUnsubscribe(base, token);
    const room = await roomOf(
      request,
      reply,
      await brandOfPortal(base, request, undefined, wanted?.brand ?? undefined),
    );
    return { token, wanted, room };
  }
  const unknown = (room: Room) =>
    sendMessage(room, { key: 'unsubscribe.expired', status: 410, isProblem: true, link: 'home', also: choices(room) });
  const question = (room: Room, { topic }: Unsubscription) =>
    topic === null ? room.say('unsubscribe.ask') : room.say('unsubscribe.ask_topic', { topic });

  app.get('/u/unsubscribe', async (request, reply) => {
    const { token, wanted, room } = await enter(request, reply);
    if (!wanted) return unknown(room);
    return sendPage(room, 'ticket', {
      title: room.say('unsubscribe.ask_title'),
      lead: question(room, wanted),
      confirm: room.say('unsubscribe.confirm'),
      action: `unsubscribe?token=${token}`,
    });
  });
  // Mail programs send this form themselves (RFC 8058): without cookies, from anywhere. What may be done is in the link.
  app.post('/u/unsubscribe', async (request, reply) => {
    const { wanted, room } = await enter(request, reply);
    if (!wanted) return unknown(room);
    const shown = { version: 'unsubscribe', wording: question(room, wanted), language: room.language };
    await unsubscribe(base, wanted, { ip: request.ip, shown });
    return sendMessage(room, { key: 'unsubscribe.done', link: 'home', also: choices(room) });
  });
}
