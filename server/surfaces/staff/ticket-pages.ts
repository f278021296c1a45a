import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { isBreached } from '../../features/accounts/accounts.ts';
import {
  acceptInvitation,
  becomeAdministrator,
  completeReset,
  completeUnblock,
  lookAtInvitation,
  type NoteOf,
  type PowersOfMachine,
  passPassword,
  readTicket,
  startReset,
} from '../../features/staff/staff.ts';
import { placeStaff } from '../../features/stores/stores.ts';
import { emailField, type Form, passwordField, textField } from '../login/login.ts';
import { clearSessionCookie } from './cookies.ts';
import { type Done, noteAct } from './note-act.ts';
import { say, sendPage } from './pages.ts';
import { powersOfMachine } from './powers-of-machine.ts';
import { returnTo } from './return-to.ts';
import { type Again, enter, goTo, showPage, type Visit, type VisitPage } from './visit-page.ts';

/** A link that works once was opened: it stays good until the form behind it is sent. */
function ticketOf({ query }: Visit, again?: Again): string {
  return again?.form.ticket ?? query.ticket ?? '';
}

/** An invitation: a name and a password, and they are staff. */
export const invitationPage: VisitPage = {
  path: 'invitation',
  async show(at, again) {
    const ticket = ticketOf(at, again);
    const open = await lookAtInvitation(at.base, ticket, machines(at.base));
    if (!open) return gone(at);
    const name = again?.form.name ?? open.name ?? '';
    return showPage(at, 'invitation', { ticket, email: open.email, name }, again);
  },
  acts: {
    async invitation(at, form) {
      const act = { ticket: form.ticket ?? '', name: nameField(form), password: passwordField(form) };
      const { staff, way } = await acceptInvitation(at.base, {
        ...{ ...act, ...judge(at.base) },
        powersOfMachine: machines(at.base),
        place: placeStaff,
        note: noteOf(at, { act: 'create', path: 'invitation', summary: 'Accept an invitation' }),
      });
      const passed = { staff: staff.id, way, from: at.from, returnTo: returnTo(undefined) };
      return enter(at, await passPassword(at.base, passed));
    },
  },
};

/** The link of the terminal: whoever holds it becomes an administrator. */
export const administratorPage: VisitPage = {
  path: 'administrator',
  async show(at, again) {
    const ticket = ticketOf(at, again);
    if (!(await readTicket(at.base, 'administrator', ticket))) return gone(at);
    const { name = '', username = '' } = again?.form ?? {};
    return showPage(at, 'administrator', { ticket, name, username }, again);
  },
  acts: {
    async administrator(at, form) {
      const [email, name, password] = [emailField(form), nameField(form), passwordField(form)];
      const summary = 'Become an administrator by the link of the terminal';
      const note = noteOf(at, { act: 'create', path: 'administrator', summary });
      const act = { ticket: form.ticket ?? '', email, name, password, ...judge(at.base), note };
      const { staff, way } = await becomeAdministrator(at.base, act);
      const passed = { staff: staff.id, way, from: at.from, returnTo: returnTo(undefined) };
      return enter(at, await passPassword(at.base, passed));
    },
  },
};

/** Asking for a new password: one answer, whoever the address is. */
export const forgotPage: VisitPage = {
  path: 'forgot',
  async show(at, again) {
    if (at.query.sent) return tellAt(at, 'forgot.sent');
    return showPage(at, 'forgot', { username: again?.form.username ?? '' }, again);
  },
  acts: {
    async forgot(at, form) {
      await startReset(at.base, { typed: textField(form, 'username', 320).trim(), ip: at.from.ip });
      return goTo(at.reply, '/staff/forgot?sent=yes');
    },
  },
};

/** Choosing it. Nobody is signed in by this alone: the second factor is asked for at the door. */
export const resetPage: VisitPage = {
  path: 'reset',
  async show(at, again) {
    const ticket = ticketOf(at, again);
    if (!(await readTicket(at.base, 'reset', ticket))) return gone(at);
    return showPage(at, 'reset', { ticket }, again);
  },
  acts: {
    async reset(at, form) {
      const note = noteOf(at, { act: 'change', path: 'reset', summary: 'Choose a new password by a mailed link' });
      const act = { ticket: form.ticket ?? '', password: passwordField(form), ...judge(at.base), note };
      await completeReset(at.base, act);
      clearSessionCookie(at.base, at.reply);
      return goTo(at.reply, '/staff/sign-in?done=password');
    },
  },
};

/** Opening a door again that was shut after too many failures. */
export const unblockPage: VisitPage = {
  path: 'unblock',
  async show(at, again) {
    const ticket = ticketOf(at, again);
    const open = await readTicket(at.base, 'unblock', ticket);
    if (!open) return gone(at);
    return showPage(at, 'unblock', { ticket, step: open.step, place: open.ip }, again);
  },
  acts: {
    async unblock(at, form) {
      const note = noteOf(at, { act: 'delete', path: 'unblock', summary: 'Lift a block by a mailed link' });
      await completeUnblock(at.base, { ticket: form.ticket ?? '', note });
      return tellAt(at, 'unblock.done');
    },
  },
};

function nameField(form: Form): string {
  return textField(form, 'name', 200).trim();
}

function machines(base: Base): PowersOfMachine {
  return (db, clientId) => powersOfMachine(base, db, clientId);
}

/** Writes the row in the audit log, in the transaction of the act. */
function noteOf({ from }: Visit, what: Pick<Done, 'act' | 'path' | 'summary'>): NoteOf {
  return (db, staff) => noteAct({ db }, { ...what, staff, from });
}

function judge(base: Base) {
  return { isBreached: (password: string) => isBreached(base, password) };
}

/** A page that only says something, and leads to the door. */
function tellAt({ reply }: Visit, key: string) {
  const back = { href: '/staff/sign-in', label: say('sign_in.title') };
  return sendPage(reply, 'message', { title: say(`${key}_title`), lead: say(key), back });
}

function gone({ reply }: Visit) {
  const { message, status } = new Problem('code_expired', say('problem.link_gone'));
  const back = { href: '/staff/sign-in', label: say('sign_in.title') };
  return sendPage(reply, 'message', { title: say('error.title'), lead: message, is_problem: true, back }, status);
}
