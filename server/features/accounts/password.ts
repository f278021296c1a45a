import { passwordLength } from '../../../contract/accounts.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import type { Customer } from '../customers/customers.ts';
import { isBreached } from './breached-passwords.ts';
import { rulesOf } from './password-rules.ts';
import { readLatestHashes } from './store.ts';

/** What accepting a password takes. */
export type PasswordGround = Pick<Base, 'config' | 'db' | 'hasher' | 'log' | 'outgoing' | 'settings' | 'strength'>;

/** A password that somebody wants to have. */
export type WantedPassword = {
  readonly password: string;
  /** Name of the password connection, whose rules count. */
  readonly connection: string;
  /** The address it belongs to, normalised. */
  readonly address?: string | undefined;
  /** What else a guesser may know: names, the brand. What is not there is left out. */
  readonly personal?: readonly (string | null | undefined)[] | undefined;
  /** Whose it is to be, when they may have had others. */
  readonly subject?: string | undefined;
};

/** May be kept. `remember`: how many earlier ones the connection remembers; hand it to `writePassword`. */
export type AcceptedPassword = { readonly hash: string; readonly remember: number };

/**
 * May this become somebody's password, whatever the connection asks? Its length counts, and it must not be the address
 * it belongs to. Quick, so that it can be asked before anything else.
 *
 * @throws Problem password_weak (extra: reason 'short', 'long' or 'address')
 */
export function checkNewPassword(password: string, address?: string, least: number = passwordLength.least): void {
  const length = [...password.slice(0, 4 * passwordLength.most)].length;
  if (length < least) throw tooWeak('short', `Choose a longer password: at least ${least} characters.`, { least });
  if (length > passwordLength.most) {
    throw tooWeak('long', `This password is too long. Use at most ${passwordLength.most} characters.`);
  }
  if (address && password.trim().toLowerCase() === address) {
    throw tooWeak('address', 'Choose a password that is not your address.');
  }
}

/**
 * Does the connection's policy let this become somebody's password? Then it is hashed. Ask only once it is proven whose
 * account it is: the answer tells about earlier passwords.
 *
 * @throws Problem password_weak (extra: reason, and `least` with 'short'), busy
 */
export async function acceptPassword(base: PasswordGround, wanted: WantedPassword): Promise<AcceptedPassword> {
  const { password, connection, address, subject } = wanted;
  const rules = await rulesOf(base, connection);
  checkNewPassword(password, address, rules.least);
  const plain = password.trim().toLowerCase();
  const personal = personalOf(wanted);
  if (rules.refusesPersonal && personal.some((word) => plain.includes(word))) {
    throw tooWeak('personal', 'Choose a password that holds nothing of your name or address.');
  }
  if (rules.words.includes(plain)) throw tooWeak('common', 'This is one of the passwords that are guessed first.');
  if (rules.score > 0 || rules.refusesCommon) {
    const { score, weakness, isCommon } = await base.strength.judge(password, personal);
    if (rules.refusesCommon && isCommon)
      throw tooWeak('common', 'This is one of the passwords that are guessed first.');
    if (score < rules.score)
      throw tooWeak(weakness, 'This password is too easy to guess. Add words that do not belong together.');
  }
  if (await isBreached(base, password)) {
    throw tooWeak(
      'breached',
      'This password has appeared in a breach of another site. Choose one that you use nowhere.',
    );
  }
  if (subject !== undefined && rules.remembered > 0) await refuseEarlier(base, subject, password, rules.remembered);
  return { hash: await base.hasher.hash(password), remember: rules.remembered };
}

/** One hash after the other, each in the hasher's queue. */
async function refuseEarlier(base: PasswordGround, subject: string, password: string, count: number): Promise<void> {
  for (const hash of await readLatestHashes(base.db, subject, count)) {
    if ((await base.hasher.verify(hash, password)).ok) {
      throw tooWeak('used_before', 'You have used this password before. Choose a new one.');
    }
  }
}

/** What a guesser may know of a customer. */
export function personalTo(customer: Customer | undefined): (string | null)[] {
  if (!customer) return [];
  const { name, given_name, family_name, username, email, attributes } = customer;
  const nickname = typeof attributes.nickname === 'string' ? attributes.nickname : null;
  return [name, given_name, family_name, username, email, nickname];
}

/** The words of it, in lower case; a word of two letters is in every other password. */
function personalOf({ address, personal = [] }: WantedPassword): string[] {
  const texts = [address, ...personal].flatMap((text) => (text ? [text.toLowerCase()] : []));
  const words = texts.flatMap((text) => [text, ...(text.split('@')[0] ?? '').split(/[^\p{L}\p{N}]+/u)]);
  return [...new Set(words)].filter((word) => word.length > 2);
}

function tooWeak(reason: string, detail: string, extra: Record<string, unknown> = {}): Problem {
  return new Problem('password_weak', detail, { reason, ...extra });
}
