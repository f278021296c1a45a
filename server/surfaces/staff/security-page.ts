import { z } from 'zod';
import { browserName } from '../../../contract/browser-names.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { isBreached } from '../../features/accounts/accounts.ts';
import {
  changePassword,
  confirmPassword,
  deleteSessionById,
  deleteSessionsOf,
  type ListedSession,
  readSessions,
  readWays,
  removeWay,
  renewRecoveryCodes,
  type StaffWay,
} from '../../features/staff/staff.ts';
import { passwordField, textField } from '../login/login.ts';
import type { Member, MemberPage } from './member-page.ts';
import { hasText, say } from './pages.ts';
import { goTo, showPage } from './visit-page.ts';

/** Their own ways in and sessions. */
export const securityPage: MemberPage = {
  path: 'security',
  fresh: false,
  easy: ['security-end', 'security-end-others', 'security-password'],
  async show(at, again) {
    const { base, who, query } = at;
    const ways = await readWays(base.db, who.staff.id);
    const sessions = await readSessions(base.db, who.staff.id, now());
    const done = `security.done_${query.done}`;
    const model = {
      email: who.staff.email,
      name: who.staff.name,
      roles: who.roles.map(({ name }) => name).join(', '),
      factors: ways.filter(({ kind }) => kind === 'totp' || kind === 'passkey').map(toRow),
      codes_left: ways.find(({ kind }) => kind === 'recovery_codes')?.left,
      sessions: sessions.map((session) => toSession(session, who.session)),
      has_others: sessions.length > 1,
      notice: hasText(done) ? say(done) : undefined,
    };
    return showPage(at, 'security', model, again);
  },
  acts: {
    'security-password': {
      act: 'change',
      summary: 'Change the own password',
      async run(at, form, note) {
        const { base, who, from } = at;
        const [current, password] = [passwordField(form, 'current'), passwordField(form)];
        await confirmPassword(base, { staff: who.staff.id, password: current, ip: from.ip });
        const { staff, session } = who;
        await changePassword(base, { staff, session, password, isBreached: (one) => isBreached(base, one), note });
        return done(at, 'password');
      },
    },
    'security-remove': {
      act: 'delete',
      summary: 'Remove an own second factor or passkey',
      async run(at, form, note) {
        const way = idField(form.way);
        await transact(at.base.db, async (tx) => {
          await removeWay({ ...at.base, db: tx }, { staff: at.who.staff.id, way });
          await note(tx);
        });
        return done(at, 'removed');
      },
    },
    'security-codes': {
      act: 'create',
      summary: 'Make new recovery codes of the own',
      async run(at, _form, note) {
        const codes = await transact(at.base.db, async (tx) => {
          await note(tx);
          return renewRecoveryCodes({ ...at.base, db: tx }, at.who.staff.id);
        });
        return showPage(at, 'recovery-codes', { codes, return_to: '/staff/security' });
      },
    },
    'security-end': {
      act: 'delete',
      summary: 'End one of the own sessions',
      async run(at, form, note) {
        const session = idField(form.session);
        await transact(at.base.db, async (tx) => {
          await deleteSessionById(tx, at.who.staff.id, session);
          await note(tx);
        });
        return done(at, 'ended');
      },
    },
    'security-end-others': {
      act: 'delete',
      summary: 'End all other sessions of the own',
      async run(at, _form, note) {
        await transact(at.base.db, async (tx) => {
          await deleteSessionsOf(tx, at.who.staff.id, at.who.session);
          await note(tx);
        });
        return done(at, 'ended');
      },
    },
  },
};

function done({ reply }: Member, what: string) {
  return goTo(reply, `/staff/security?done=${what}`);
}

/** The id of a row, as its button sends it. */
function idField(value: string | undefined): string {
  const id = textField({ id: value ?? '' }, 'id', 36);
  if (!z.uuid().safeParse(id).success) throw new Problem('not_found', 'This was removed already.');
  return id;
}

function toRow({ id, kind, name, isSynced, createdAt, lastUsedAt }: StaffWay) {
  const since = say('security.since', { date: day(createdAt) });
  const used = lastUsedAt ? say('security.used', { date: day(lastUsedAt) }) : say('security.never_used');
  return { id, name, is_passkey: kind === 'passkey', is_synced: isSynced, detail: `${since} · ${used}` };
}

function toSession({ id, ip, userAgent, createdAt, seenAt }: ListedSession, own: string) {
  return {
    id,
    name: browserName(userAgent) ?? say('security.some_browser'),
    here: id === own,
    detail: say('security.session', { ip: ip ?? '', since: time(createdAt), seen: time(seenAt) }),
  };
}

function day(at: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}

function time(at: Date): string {
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(at)} UTC`;
}
