import type { FastifyReply } from 'fastify';
import type { Problem } from '../../base/errors.ts';
import type { lookAtTicket, TicketPurpose } from '../../features/accounts/accounts.ts';
import type { Form } from './form.ts';
import { type Room, sendPage } from './room.ts';

/** What a ticket is for, while it is good. */
export type Looked = NonNullable<Awaited<ReturnType<typeof lookAtTicket>>>;

/** A page that a mailed link opens. */
export type TicketPage = {
  readonly purpose: TicketPurpose;
  /** Beginning of the keys of its sentences. */
  readonly texts: string;
  /** Page of the account where one goes on when the link is no longer good. */
  readonly instead?: string;
  readonly show: (
    room: Room,
    ticket: string,
    looked: Looked,
    again?: { problem: Problem },
  ) => FastifyReply | Promise<FastifyReply>;
  readonly act: (room: Room, ticket: string, looked: Looked, form: Form) => Promise<FastifyReply>;
};

/** Asks before anything is done, for mail programs open links, too. */
export function askToConfirm(
  room: Room,
  texts: string,
  action: string,
  ticket: string,
  values: Readonly<Record<string, string>>,
): FastifyReply {
  const [title, lead, confirm] = ['ask_title', 'ask', 'confirm'].map((part) => room.say(`${texts}.${part}`, values));
  return sendPage(room, 'ticket', { title, lead, confirm, action, ticket });
}
