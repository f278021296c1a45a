import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { clothesOf, composeLetter, oneLine } from '../../base/letter.ts';
import { queueMail } from '../../base/mail.ts';
import { readStaff } from './people-store.ts';

/** What each kind of mail to staff must be told. */
export type StaffMail =
  | { kind: 'invitation'; link: string; by: string }
  | { kind: 'reset' | 'unlock_factor'; link: string }
  | { kind: 'unblock'; link: string; place: string }
  | { kind: 'factor_added' | 'factor_removed'; what: string }
  | { kind: 'recovery_codes_made' | 'recovery_code_used' | 'password_changed' }
  | { kind: 'email_changed'; address: string };

type Sentences = {
  readonly subject: string;
  readonly lead: string;
  readonly button?: string;
  readonly valid?: string;
  readonly not_you: string;
};

const wasNotMe = 'If it was not you, reset your password at once and tell an administrator.';
const texts: Readonly<Record<StaffMail['kind'], Sentences>> = {
  invitation: {
    subject: 'You are invited to Regulars',
    lead: '{by} invites you to {host}, where the people who look after its customers sign in.',
    button: 'Accept the invitation',
    valid: 'The link works once, for seven days.',
    not_you: 'If you do not expect this, leave it alone: nothing happens then.',
  },
  reset: {
    subject: 'Choose a new password',
    lead: 'Somebody asked for a new password for your account at {host}.',
    button: 'Choose a new password',
    valid: 'The link works once, for an hour.',
    not_you: 'If it was not you, leave it alone: your password stays as it is.',
  },
  unblock: {
    subject: 'Too many wrong passwords',
    lead: 'Somebody at {place} has tried too many passwords for your account at {host}. Signing in from there is shut.',
    button: 'Let me sign in from there',
    valid: 'The link works once, for five days.',
    not_you: 'If it was not you, leave it shut.',
  },
  unlock_factor: {
    subject: 'Too many wrong codes',
    lead: 'Somebody who knows your password has tried too many codes for your account at {host}. That step is locked.',
    button: 'Unlock it',
    valid: 'The link works once, for five days.',
    not_you: 'If it was not you, change your password first.',
  },
  factor_added: {
    subject: 'A way to sign in was added',
    lead: '{what} was added to your account at {host}.',
    not_you: wasNotMe,
  },
  factor_removed: {
    subject: 'A way to sign in was removed',
    lead: '{what} was removed from your account at {host}.',
    not_you: wasNotMe,
  },
  recovery_codes_made: {
    subject: 'New recovery codes',
    lead: 'New recovery codes were made for your account at {host}. The ones before are worth nothing now.',
    not_you: wasNotMe,
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    lead: 'One of your recovery codes was used to sign in at {host}.',
    not_you: wasNotMe,
  },
  password_changed: {
    subject: 'Your password was changed',
    lead: 'The password of your account at {host} was changed, and you were signed out everywhere else.',
    not_you: wasNotMe,
  },
  email_changed: {
    subject: 'Your address was changed',
    lead: 'From now on you sign in at {host} as {address}.',
    not_you: wasNotMe,
  },
};

// The console's colours: these mails are the umbrella's, of no brand.
const clothes = clothesOf({
  corner: '8px',
  page: '#f1f3f5',
  sheet: '#ffffff',
  brand: '#2b4c7e',
  ink: '#1a1d21',
  soft: '#545b64',
});

/** Writes a mail to an address of staff and queues it in the caller's transaction. */
export async function post(
  base: Pick<Base, 'config'>,
  tx: Db,
  { to, until, mail }: { to: string; until?: Date | undefined; mail: StaffMail },
): Promise<void> {
  const { kind, ...told } = mail;
  const values: Record<string, string> = { host: new URL(base.config.url).host };
  for (const [name, value] of Object.entries(told)) values[name] = oneLine(value);
  const say = (text: string | undefined) => text?.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const { subject, lead, button, valid, not_you } = texts[kind];
  const composed = composeLetter({
    clothes,
    language: 'en',
    brand: 'Regulars',
    subject,
    title: subject,
    lead: say(lead),
    button,
    link: values.link,
    link_hint: 'If the button does not work, open this address:',
    valid,
    not_you,
    sent_by: say('Sent by Regulars at {host}, to its staff.'),
  });
  const ticket = values.link === undefined ? null : new URL(values.link).searchParams.get('ticket');
  await queueMail(base, tx, {
    ...composed,
    brand: { id: null, name: 'Regulars', mail_from: null, mail_reply_to: null },
    kind: `staff_${kind}`,
    to,
    language: 'en',
    secrets: ticket === null ? [] : [ticket],
    until,
  });
}

/** Tells one of the staff what happened to their account. */
export async function tell(base: Pick<Base, 'config'>, tx: Db, staff: string, mail: StaffMail): Promise<void> {
  const found = await readStaff(tx, { id: staff });
  if (found) await post(base, tx, { to: found.email, mail });
}
