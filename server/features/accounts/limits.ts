import { type Counter, type CounterState, deleteCounters, readBlocks } from '../../base/attempts.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { counterOf, type Limit, placeCounter, takeAll } from '../../base/guess.ts';
import { ipPrefix } from '../../base/ip-prefix.ts';

const minute = 60;
const hour = 3600;
const day = 24 * hour;

// Every limit on guessing and on mails. Failures are forgotten a day after the last one; a block ends after 30 days, by
// the mailed link, by a new password, or by staff.
export const limits = {
  /** Wrong secrets of one customer (or unknown identifier) from one place. */
  sign_in: { most: 10, windowSeconds: day, blockSeconds: 30 * day, isGuess: true },
  /** Wrong second factors of one customer, from anywhere: that step is locked until it is unlocked by mail. */
  factors: { most: 20, windowSeconds: hour, blockSeconds: 365 * day, isGuess: true },
  ip_sign_ups: { most: 50, windowSeconds: minute },
  /** Answers of networks and other sites that are kept until the browser comes for them: a whole office may be on its way. */
  ip_returns: { most: 120, windowSeconds: minute },
  /** Codes of devices that one place types. */
  ip_user_codes: { most: 20, windowSeconds: 10 * minute },
  /** Codes and links that one place has mailed to anybody. */
  ip_mails: { most: 50, windowSeconds: minute },
  /** Text messages and calls that one place has sent: they cost money. */
  ip_texts: { most: 20, windowSeconds: hour },
  /** Codes and links to one address that anybody can ask for, so that no inbox is flooded ... */
  mails: { most: 10, windowSeconds: hour },
  /** ... and fewer of them from one place, so that one person alone cannot use them up for the owner. */
  mails_from_ip: { most: 7, windowSeconds: hour },
  /** Tests of mail templates that one of the staff, or a machine, sends ... */
  mail_tests: { most: 30, windowSeconds: hour },
  /** ... and that one address is sent. */
  mail_tests_to: { most: 10, windowSeconds: hour },
} as const satisfies Record<string, Limit>;

const flooded = 'We have mailed this address several times. Look into the inbox, or wait an hour.';
/** What to do about a limit, where the general sentence would mislead. */
export const advice: Readonly<Record<string, string>> = {
  factors: 'Too many wrong codes. We have mailed a link that unlocks this step.',
  ip_sign_ups: 'Too many accounts were begun from here. Wait a minute, then try again.',
  ip_returns: 'Too many people came back from other sites here at once. Wait a minute, then send it again.',
  ip_user_codes: 'Too many codes were typed from here. Wait ten minutes, then type the code again.',
  ip_mails: 'Too many mails were asked for from here. Wait a minute, then try again.',
  ip_texts: 'Too many codes were sent from here. Wait an hour, or choose another way.',
  mails: flooded,
  mails_from_ip: flooded,
  mail_tests: 'You have sent many tests. Wait an hour, or look at the preview.',
  mail_tests_to: 'This address was sent many tests. Wait an hour, or look at the preview.',
};

/** What the limits need of the base. */
export type LimitGround = Pick<Base, 'db' | 'vault'>;

/** Who is guessed at: all identifiers and factors of a customer count together, as do those of an unknown address. */
export type Guessed = { customer: string } | { identifier: string };

/** Counters of one guess: of who and place together, and of the place. */
export function guessCounters(base: Pick<LimitGround, 'vault'>, who: Guessed, ip: string): [Counter, Counter] {
  const place = ipPrefix(ip);
  const whom = 'customer' in who ? ['customer', who.customer] : ['identifier', who.identifier];
  return [counter(base, 'sign_in', [...whom, place], { hint: hintOf(base, who), ip }), placeCounter(base.vault, ip)];
}

/** Counter of a customer's second factors, from anywhere. */
export function factorCounter(base: Pick<LimitGround, 'vault'>, customer: string): Counter {
  return counter(base, 'factors', [customer], { hint: customer });
}

/** The step of the second factor is open again. */
export async function forgetFactorFailures(base: Pick<LimitGround, 'vault'>, db: Db, customer: string): Promise<void> {
  await deleteCounters(db, 'factors', { key: factorCounter(base, customer).key });
}

/** Counts a sign-up from this place. Throws too_many_attempts. */
export async function countSignUp(base: LimitGround, ip: string): Promise<void> {
  await take(base, [counter(base, 'ip_sign_ups', [ipPrefix(ip)])]);
}

/** Counts an answer of another site that is kept for a browser at this place. Throws too_many_attempts. */
export async function countReturn(base: LimitGround, ip: string): Promise<void> {
  await take(base, [counter(base, 'ip_returns', [ipPrefix(ip)])]);
}

/** Counts a device's code that somebody typed at this place. Throws too_many_attempts. */
export async function countUserCode(base: LimitGround, ip: string): Promise<void> {
  await take(base, [counter(base, 'ip_user_codes', [ipPrefix(ip)])]);
}

/**
 * Counts a mail that a stranger asked for, whether or not the address is known. Throws too_many_attempts.
 *
 * @param address normalised
 */
export async function countMail(base: LimitGround, address: string, ip: string): Promise<void> {
  const place = ipPrefix(ip);
  const counters = [
    counter(base, 'ip_mails', [place]),
    counter(base, 'mails', [address]),
    counter(base, 'mails_from_ip', [address, place]),
  ];
  await take(base, counters);
}

/** Counts a text message or call to a number. Throws too_many_attempts. */
export async function countText(base: LimitGround, phone: string, ip: string): Promise<void> {
  await take(base, [counter(base, 'ip_texts', [ipPrefix(ip)])]);
  await countMail(base, phone, ip);
}

/** Counts a test of a mail template. Throws too_many_attempts. */
export async function countTestMail(base: LimitGround, { to, by }: { to: string; by: string }): Promise<void> {
  await take(base, [counter(base, 'mail_tests', [by]), counter(base, 'mail_tests_to', [to.toLowerCase()])]);
}

/** Takes one try of each counter, or of none. Throws too_many_attempts, busy. */
function take(base: LimitGround, counters: readonly Counter[]): Promise<CounterState[]> {
  return takeAll(base.db, counters, advice);
}

/** Where somebody is shut out now: a customer, or an identifier (normalised) that no account has. */
export async function readBlocksOf(
  base: LimitGround,
  who: { customer: string } | { identifier: string },
): Promise<{ ip: string; until: Date }[]> {
  return readBlocks(base.db, 'sign_in', hintOf(base, who), now());
}

/** Forgets all failures of a customer or identifier, everywhere. @returns how many blocks that lifted */
export function forgetFailures(
  base: Pick<LimitGround, 'vault'>,
  db: Db,
  who: { customer: string } | { identifier: string },
): Promise<number> {
  return deleteCounters(db, 'sign_in', { hint: hintOf(base, who) });
}

/** Forgets the failures of this customer from the place of this address. */
export async function forgetFailuresAt(
  base: Pick<LimitGround, 'vault'>,
  db: Db,
  customer: string,
  ip: string,
): Promise<void> {
  const [pair] = guessCounters(base, { customer }, ip);
  await deleteCounters(db, 'sign_in', { key: pair.key });
}

/** Nothing that is counted is readable in the table: a customer's id, and keyed hashes of all else. */
function hintOf({ vault }: Pick<LimitGround, 'vault'>, who: { customer: string } | { identifier: string }): string {
  if ('customer' in who) return who.customer;
  return vault.keyedHash('attempts', JSON.stringify(['hint', who.identifier])).toString('base64url');
}

function counter(
  { vault }: Pick<LimitGround, 'vault'>,
  scope: keyof typeof limits,
  what: readonly string[],
  more: { hint?: string; ip?: string } = {},
): Counter {
  return counterOf(vault, scope, what, limits[scope], more);
}
