import { z } from 'zod';
import { normalisePhone } from '../../../../contract/phone-number.ts';
import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { type Db, transact } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { textChannels } from '../../../base/text-provider.ts';
import type { Asked } from '../asked.ts';
import { type CodePurpose, type MailedCode, redeemCode, sendCode } from '../codes.ts';
import { acceptEmail } from '../identifiers.ts';
import { countMail, countText } from '../limits.ts';
import { addressOf, maskedAddress, type PassedFactor, type PhoneChannel, type ProvenFactor } from './factor.ts';
import { useFactor } from './factor-store.ts';
import { factorsOf } from './factors.ts';

/** A code that was sent: its id is for whoever checks it, the masked address for the page. */
export type SentCode = { readonly code: string; readonly to: string };

type Ground = Pick<Base, 'config' | 'db' | 'settings' | 'vault'>;

const challenge = 'second_factor' satisfies CodePurpose;
const enrolment = 'enrol_factor' satisfies CodePurpose;

/**
 * Sends a code to one of the customer's phones or addresses: good for ten minutes, five tries, only in this flow.
 *
 * @throws Problem not_found (no such factor, or none that codes are sent to), too_many_attempts
 */
export async function sendFactorCode(
  base: Ground,
  ask: { customer: string; factor: string; channel?: PhoneChannel | undefined; flow: string; asked: Asked },
): Promise<SentCode> {
  const { customer, flow, asked, channel = 'sms' } = ask;
  const factor = (await factorsOf(base.db, customer)).find((one) => one.id === ask.factor);
  const address = factor && addressOf(factor);
  if (!factor || address === undefined) throw new Problem('not_found', 'This account has no such second factor.');
  return send(base, {
    purpose: challenge,
    address,
    channel: factor.kind === 'phone' ? channel : undefined,
    flow,
    about: customer,
    customer,
    subject: factor.subject,
    data: { factor: factor.id, channel },
    asked,
  });
}

/** Checks a code that `sendFactorCode` sent; see `checkFactor`. */
export async function redeemFactorCode(
  base: Ground,
  check: { customer: string; flow: string; code: string; typed: string; asked: Asked },
): Promise<PassedFactor> {
  const { customer, ...typed } = check;
  const { subject, data } = await redeemCode(base, challenge, typed, customer, 'factor');
  const sent = z.object({ factor: z.string(), channel: z.string() }).parse(data);
  // It may have been removed since.
  const factor = (await factorsOf(base.db, customer)).find((one) => one.id === sent.factor);
  if (!subject || !factor || !(await useFactor(base.db, factor, now()))) throw new Problem('code_expired');
  const how = factor.kind === 'email' ? 'otp' : sent.channel === 'voice' ? 'tel' : 'sms';
  return { factor: factor.id, kind: factor.kind, subject: factor.subject, amr: [how, 'mfa'] };
}

/**
 * Begins to add a phone or an address: a code goes there, and nothing is written before it was typed.
 *
 * @param ask `customer` and `subject` whose it will be, if they are customers already
 * @throws Problem invalid_body (extra: field), too_many_attempts
 */
export async function beginAddress(
  base: Ground,
  ask: {
    to: { kind: 'phone'; phone: string; channel: PhoneChannel } | { kind: 'email'; email: string };
    flow: string;
    customer?: string | undefined;
    subject?: string | undefined;
    asked: Asked;
  },
): Promise<SentCode> {
  const { to, ...rest } = ask;
  const isPhone = to.kind === 'phone';
  return send(base, {
    ...rest,
    purpose: enrolment,
    address: isPhone ? acceptPhone(to.phone) : acceptEmail(to.email),
    channel: isPhone ? to.channel : undefined,
    data: { kind: to.kind },
  });
}

/** The code that `beginAddress` sent was typed. Throws Problem code_wrong (extra: remaining), code_expired, too_many_attempts. */
export async function confirmAddress(
  base: Ground,
  typed: { code: string; typed: string; flow: string; asked: Asked },
): Promise<ProvenFactor> {
  const { address, data } = await redeemCode(base, enrolment, typed);
  const { kind } = z.object({ kind: z.literal(['phone', 'email']) }).parse(data);
  return kind === 'phone' ? { kind, phone: address } : { kind, address };
}

async function send(
  base: Ground,
  letter: {
    purpose: CodePurpose;
    address: string;
    channel: PhoneChannel | undefined;
    flow: string;
    about?: string | undefined;
    customer?: string | undefined;
    subject?: string | undefined;
    data: Readonly<Record<string, unknown>>;
    asked: Asked;
  },
): Promise<SentCode> {
  const { address, channel, asked } = letter;
  if (channel && !(await textChannels(base)).includes(channel)) {
    throw new Problem('not_found', 'Nobody carries such messages here.');
  }
  await (channel ? countText : countMail)(base, address, asked.ip);
  const { code }: MailedCode = await transact(base.db, (tx: Db) =>
    sendCode(base, tx, { ...letter, mail: 'second_factor_code' }),
  );
  return { code, to: maskedAddress(address) };
}

function acceptPhone(typed: string): string {
  const phone = normalisePhone(typed);
  if (!phone) throw new Problem('invalid_body', 'Not a phone number.', { field: 'phone', reason: 'phone' });
  return phone;
}
