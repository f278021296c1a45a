import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { KeptTries } from '../../base/guess.ts';
import { type Part, writeTogether } from '../../base/statement.ts';
import { appendTimeline, type Usual } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { guess } from './guess.ts';
import { readIdentifier } from './identifiers.ts';
import { usePasskeyPart } from './passkey-store.ts';
import { readPasswordDoor } from './password-door.ts';
import { type PasswordMethod, rehashPassword, useMethodPart } from './store.ts';
import { happened, nobody } from './timeline-names.ts';

/** Somebody who typed the right password. */
export type PasswordAtDoor = AtDoor & {
  /** The way in: hand it to `recordUse` in the transaction that records the sign-in. */
  readonly methodId: string;
  readonly hasFactor: boolean;
  /** What was usual when they came. */
  readonly usual: Usual;
  /** With `keepsTries`. */
  readonly tries: KeptTries | undefined;
};

/**
 * Signs in with e-mail address or username and password. One hash of work, the same statements and one answer, whether
 * or not the account exists or has a password.
 *
 * @param door `identifier`: as typed; `device`: the hash of its cookie; `keepsTries`: the try that it took is to be
 *   given back by the caller, with the recorded sign-in or when that ends otherwise; `lookedUp`: told before the password
 *   is verified whose account it would be (uuid, undefined: nobody's), to do the same work meanwhile either way
 * @throws Problem wrong_credentials and too_many_attempts (extra: limit, remaining, reset), user_blocked, busy
 */
export async function signInWithPassword(
  base: Pick<Base, 'db' | 'vault' | 'hasher'>,
  door: {
    connection: string;
    identifier: string;
    password: string;
    asked: Asked;
    device?: Buffer | undefined;
    keepsTries?: boolean | undefined;
    lookedUp?: ((customer: string | undefined) => void) | undefined;
  },
): Promise<PasswordAtDoor> {
  const { connection, password, asked, device = null, keepsTries: keeps } = door;
  const identifier = readIdentifier(door.identifier);
  const { account, owner } = await readPasswordDoor(base.db, connection, identifier, device);
  door.lookedUp?.(account?.customer.id);
  // Wrong passwords count where wrong codes to this address do; else the two would tell who has an account.
  const customerId = account ? account.customer.id : owner;
  const who = customerId ? { customer: customerId } : { identifier: identifier.value };
  const found = account?.password && { ...account, method: account.password };
  // With a second factor the password is half of the sign-in: who knows it must not wash away wrong codes with it.
  const options = { forgives: () => !account?.hasFactor, keeps };
  const result = await guess(base, who, asked, () => verify(base, found, password), options);
  if (result.right) {
    const { customer, subject, method, hasFactor, usual } = result.value;
    if (customer.blocked) {
      await result.tries?.giveBack();
      throw new Problem('user_blocked');
    }
    return { customer, subject, methodId: method.id, hasFactor, usual, tries: result.tries };
  }
  // Written for unknown accounts too: it is the same work, and shows attacks.
  const name = account ? 'wrong_password' : 'unknown_account';
  await appendTimeline(base.db, [happened(name, account?.subject ?? nobody, asked, { occurredAt: now() })]);
  const { limit, remaining, reset } = result;
  throw new Problem('wrong_credentials', undefined, { limit, remaining, reset });
}

/** Is it this password? Exactly one verification, of a hash that nobody has if there is none. */
async function verify<Found extends { readonly method: PasswordMethod }>(
  base: Pick<Base, 'db' | 'hasher'>,
  found: Found | undefined,
  password: string,
): Promise<Found | undefined> {
  if (!found) {
    await base.hasher.dummy(password);
    return undefined;
  }
  const { ok, outdated } = await base.hasher.verify(found.method.hash, password);
  if (!ok) return undefined;
  if (outdated) await rehash(base, found.method, password);
  return found;
}

async function rehash(base: Pick<Base, 'db' | 'hasher'>, method: PasswordMethod, password: string): Promise<void> {
  try {
    await rehashPassword(base.db, method, await base.hasher.hash(password));
  } catch (error) {
    // There is a next time.
    if (!isProblem(error, 'busy')) throw error;
  }
}

/** A way in that was used: a password, or a passkey with the counter of its answer. */
export type Used = { readonly subject: string; readonly methodId: string; readonly counter?: number | undefined };

/**
 * Notes that a way in was used. Write it in the transaction that records the sign-in: whoever was still on the way with
 * a password that was changed or dropped meanwhile gets no further, by Problem wrong_credentials; nor does who has a
 * copy of a passkey's answer, by passkey_refused.
 */
export function usePart({ subject, methodId, counter, at }: Used & { at: Date }): Part {
  if (counter === undefined)
    return { ...useMethodPart(subject, methodId, at), orElse: () => new Problem('wrong_credentials') };
  return { ...usePasskeyPart(subject, methodId, counter, at), orElse: () => new Problem('passkey_refused') };
}

/** The same by itself. Throws Problem wrong_credentials, passkey_refused. */
export function recordUse(tx: Db, use: Used & { at: Date }): Promise<void> {
  return writeTogether(tx, [usePart(use)]);
}
