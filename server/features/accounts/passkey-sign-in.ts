import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { beginUse, finishUse } from '../../base/credentials/passkey.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, type Customer, subjectsOf, type Usual } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { guess } from './guess.ts';
import { openPasskeyDoor } from './passkey-door.ts';
import { passkeyPolicy } from './passkey-policy.ts';
import { type PasskeyMethod, readPasskeys } from './passkey-store.ts';
import { happened, nobody, type TimelineName } from './timeline-names.ts';

/** What a passkey is used for. Its challenge is good for that alone, once, and for whoever asked. */
export type PasskeyUse = {
  readonly purpose: 'sign_in' | 'factor' | 'proof';
  /** The flow or session. */
  readonly whose: string;
  /** Who it must be, where that is known already: a second factor, a proof. */
  readonly customer?: string | undefined;
};

/** What a browser is told that wants to use a passkey. Where nobody is known yet it is the same for everybody. */
export async function beginPasskeyUse(base: Pick<Base, 'config' | 'db' | 'settings'>, use: PasskeyUse) {
  const { purpose, customer } = use;
  const allow = customer && (await readPasskeys(base.db, await subjectsOf(base.db, customer)));
  const userVerification = await passkeyPolicy(base);
  return beginUse(base, { purpose, whose: whoseOf(use), userVerification, ...(allow && { allow }) });
}

/** Who came by a passkey, and how: hand `methodId` and `counter` to what records the sign-in. */
export type PasskeyAtDoor = AtDoor & {
  readonly connection: string;
  readonly methodId: string;
  readonly counter: number;
  /** In the words of RFC 8176. */
  readonly amr: readonly string[];
  /** The authenticator verified who holds it: two factors in one. */
  readonly isMultiFactor: boolean;
  /** What was usual when they came. */
  readonly usual: Usual;
};

/**
 * Signs in with a passkey, or proves somebody who is known with one of theirs. A passkey that nobody has, one of
 * another customer and one that does not sign as it should get the same answer after the same work.
 *
 * Wrong answers count as wrong passwords do, but right ones are let in whatever was counted: nobody can guess one.
 *
 * @param use `device`: the hash of its cookie
 * @throws Problem passkey_refused, passkey_expired, too_many_attempts, user_blocked
 */
export async function signInWithPasskey(
  base: Pick<Base, 'config' | 'db' | 'vault' | 'settings' | 'log'>,
  use: PasskeyUse & { used: UsedPasskey; asked: Asked; device?: Buffer | undefined },
): Promise<PasskeyAtDoor> {
  const { purpose, used, asked, device = null } = use;
  const userVerification = await passkeyPolicy(base);
  const result = await finishUse(base.config, {
    purpose,
    whose: whoseOf(use),
    used,
    userVerification,
    open: (credentialId, challenge) => openPasskeyDoor(base.db, challenge, credentialId, device),
  });
  if (result.kind === 'expired') throw new Problem('passkey_expired');
  const { customer: owner, usual } = result.passkey?.owner ?? {};
  const isTheirs = use.customer === undefined || use.customer === owner?.id;
  if (result.kind !== 'right' || !owner || !usual || !isTheirs) {
    const why =
      result.kind === 'wrong' ? result.why : result.kind === 'cloned' ? 'the counter went back' : 'not theirs';
    return refuse(base, { passkey: result.passkey, owner, why, isClone: result.kind === 'cloned', used, asked });
  }
  if (owner.blocked) throw new Problem('user_blocked');
  const { passkey, counter, userVerified } = result;
  const { subject, connection, id: methodId } = passkey;
  const amr = amrOf(passkey, userVerified);
  return { customer: owner, subject, connection, methodId, counter, amr, isMultiFactor: userVerified, usual };
}

/** A passkey in the words of RFC 8176. One that is synced is a key in software, wherever it was made. */
export function amrOf({ isSynced }: { isSynced: boolean }, userVerified: boolean): string[] {
  return [isSynced ? 'swk' : 'hwk', 'user', ...(userVerified ? ['mfa'] : [])];
}

async function refuse(
  base: Pick<Base, 'db' | 'vault' | 'log'>,
  refused: {
    passkey: PasskeyMethod | undefined;
    owner: Customer | undefined;
    why: string;
    isClone: boolean;
    used: UsedPasskey;
    asked: Asked;
  },
): Promise<never> {
  const { passkey, owner, why, isClone, used, asked } = refused;
  const subject = passkey?.subject ?? nobody;
  if (isClone) base.log.warn({ subject, passkey: passkey?.id }, 'a passkey was cloned: its counter went back');
  else base.log.info({ subject, why }, 'a passkey was refused');
  const who = owner ? { customer: owner.id } : { identifier: used.id.slice(0, 200) };
  const note = (name: TimelineName) => {
    const data = passkey ? { name: passkey.name } : {};
    return appendTimeline(base.db, [happened(name, subject, asked, { occurredAt: now(), data })]);
  };
  // Noted even when so much was refused that the rest is not.
  if (isClone) await note('passkey_cloned');
  await guess(base, who, asked, async () => undefined);
  if (!isClone) await note('wrong_passkey');
  throw new Problem('passkey_refused');
}

function whoseOf({ whose, customer }: PasskeyUse): string {
  return JSON.stringify([whose, customer ?? null]);
}
