import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Base } from '../../base/base.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import {
  completeEmailChangeByLink,
  completeReset,
  completeUnblock,
  completeVerification,
  lookAtTicket,
} from '../../features/accounts/accounts.ts';
import { endSessions } from '../oidc/oidc.ts';
import { passwordField, readForm } from './form.ts';
import { notMePage } from './not-me-page.ts';
import { explain } from './problem-text.ts';
import { brandOfPortal, type Room, roomOf, sendMessage, sendPage, toAccount } from './room.ts';
import { askToConfirm, type Looked, type TicketPage } from './ticket-page.ts';

// Pages that a mailed link opens. They need no flow: the ticket in the link is the proof. Looking changes nothing, for
// mail programs look, too; only the form does.

/** `/u/reset-password`, `/u/email-verification`, `/u/email-change`, `/u/unblock`, `/u/not-me`, each with `?ticket=`. */
export function serveTicketPages(app: FastifyInstance, base: Base): void {
  serve(app, base, 'reset-password', resetPage(base));
  serve(app, base, 'email-verification', verificationPage(base));
  serve(app, base, 'email-change', emailChangePage(base));
  serve(app, base, 'unblock', unblockPage(base));
  serve(app, base, 'not-me', notMePage(base));
}

function serve(app: FastifyInstance, base: Base, path: string, page: TicketPage): void {
  async function enter(request: FastifyRequest, reply: FastifyReply, ticket: string) {
    const looked = await lookAtTicket(base, page.purpose, ticket);
    const room = await roomOf(request, reply, await brandOfPortal(base, request, looked?.portal, looked?.brand));
    const formTargets = looked?.resultUrl ? [new URL(looked.resultUrl).origin] : [];
    return { looked, room: { ...room, formTargets } };
  }
  const expired = (room: Room) => {
    const also = page.instead === undefined ? undefined : toAccount(room, page.instead);
    return sendMessage(room, { key: `${page.texts}.expired`, status: 410, isProblem: true, link: 'home', also });
  };

  app.get(`/u/${path}`, async (request, reply) => {
    const ticket = readForm(request.query).ticket ?? '';
    const { looked, room } = await enter(request, reply, ticket);
    return looked ? page.show(room, ticket, looked) : expired(room);
  });
  app.post(`/u/${path}`, async (request, reply) => {
    if (request.headers.origin !== base.config.url) throw new Problem('origin_refused');
    const form = readForm(request.body);
    const ticket = form.ticket ?? '';
    const { looked, room } = await enter(request, reply, ticket);
    if (!looked) return expired(room);
    try {
      return await page.act(room, ticket, looked, form);
    } catch (error) {
      if (isProblem(error, 'code_expired')) return expired(room);
      if (!isProblem(error)) throw error;
      return page.show(room, ticket, looked, { problem: error });
    }
  });
}

function resetPage(base: Base): TicketPage {
  return {
    purpose: 'reset_password',
    texts: 'reset',
    show(room, ticket, { address }, again) {
      const { field, text, status = 200, headers = {} } = again ? explain(again.problem, room.say) : {};
      room.reply.headers(headers);
      const shown = field ? { errors: { [field]: text } } : { problem: text };
      return sendPage(room, 'reset-password', { ticket, address, ...shown }, status);
    },
    async act(room, ticket, looked, form) {
      await completeReset(base, { ticket, password: passwordField(form), asked: room.asked, endSessions });
      return looked.resultUrl
        ? sendResult(room, looked.resultUrl, looked)
        : sendMessage(room, { key: 'reset.done', link: 'home' });
    },
  };
}

function verificationPage(base: Base): TicketPage {
  return {
    purpose: 'verify_email',
    texts: 'email_verified',
    show: (room, ticket, { address }) =>
      askToConfirm(room, 'email_verified', 'email-verification', ticket, { address }),
    async act(room, ticket, looked) {
      const { choosePassword, resultUrl } = await completeVerification(base, {
        ticket,
        asked: room.asked,
        endSessions,
      });
      if (choosePassword !== undefined) return goChoosePassword(room, choosePassword);
      return resultUrl
        ? sendResult(room, resultUrl, looked)
        : sendMessage(room, { key: 'email_verified.done', link: 'home' });
    },
  };
}

/** The new address of an account that customer service changes. */
function emailChangePage(base: Base): TicketPage {
  return {
    purpose: 'change_email',
    texts: 'email_changed',
    show(room, ticket, { address }, again) {
      if (!again) return askToConfirm(room, 'email_changed', 'email-change', ticket, { address });
      const { text, status = 200, headers = {} } = explain(again.problem, room.say);
      room.reply.headers(headers);
      return sendPage(
        room,
        'message',
        { title: room.say('email_changed.not_done_title'), lead: text, is_problem: true },
        status,
      );
    },
    async act(room, ticket, { address }) {
      const { choosePassword } = await completeEmailChangeByLink(base, { ticket, asked: room.asked, endSessions });
      if (choosePassword !== undefined) return goChoosePassword(room, choosePassword);
      return sendMessage(room, { key: 'email_changed.done', values: { address }, link: 'home' });
    },
  };
}

function unblockPage(base: Base): TicketPage {
  return {
    purpose: 'unblock',
    texts: 'unblock',
    show: (room, ticket, { step }) => askToConfirm(room, unlocked(step), 'unblock', ticket, {}),
    async act(room, ticket, { step }) {
      await completeUnblock(base, { ticket });
      const also = toAccount(room, '/password', 'not_me.choose');
      return sendMessage(room, { key: `${unlocked(step)}.done`, link: 'home', also });
    },
  };
}

/** Beginning of the keys of what is unlocked: signing in from one place, or the second step. */
function unlocked(step: Looked['step']): string {
  return step === 'factor' ? 'unblock_factor' : 'unblock';
}

/** The account has no password any more. */
function goChoosePassword(room: Room, ticket: string): FastifyReply {
  return room.reply.redirect(`/u/reset-password?ticket=${encodeURIComponent(ticket)}`, 303);
}

/** The umbrella's own page of the result; told as Auth0 tells it. */
function sendResult(room: Room, resultUrl: string, { address, emailInResult }: Looked): FastifyReply {
  const url = new URL(resultUrl);
  if (emailInResult) url.searchParams.set('email', address);
  url.searchParams.set('success', 'true');
  return room.reply.header('cache-control', 'no-store').redirect(url.href, 303);
}
