import type { MadePasskey, UsedPasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import {
  beginRegistration,
  beginUse,
  finishRegistration,
  finishUse,
  makeUserHandle,
  type NewPasskey,
} from '../../base/credentials/passkey.ts';
import { takeChallenge } from '../../base/credentials/passkey-challenges.ts';
import { makerOf } from '../../base/credentials/passkey-makers.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { guessStaff } from './guess.ts';
import { tell } from './mails.ts';
import { findPasskey, insertPasskey, readPasskeys, type StaffPasskey } from './passkey-store.ts';
import { readStaff } from './people-store.ts';
import { holdStaff } from './ways-store.ts';

// A passkey of staff always verifies who holds it: it is two factors in one.
const userVerification = 'required';
const most = 20;

type Ground = Pick<Base, 'config' | 'db'>;

/** Whose challenges: the visit or session that asks. Never a customer's. */
function whoseOf(cookie: string, staff?: string): string {
  return JSON.stringify(['staff', cookie, staff ?? null]);
}

/** Begins to add a passkey: what the browser is told. `cookie`: of the visit or session that asks. */
export async function beginStaffPasskey(
  base: Ground,
  { staff, cookie }: { staff: { id: string; name: string; email: string }; cookie: string },
) {
  const has = await readPasskeys(base.db, staff.id);
  return beginRegistration(base, {
    whose: whoseOf(cookie, staff.id),
    title: 'Regulars (staff)',
    user: { handle: has[0]?.userHandle ?? makeUserHandle(), name: staff.email, displayName: staff.name },
    has,
    userVerification,
  });
}

/** Checks what the browser made. Throws passkey_refused, passkey_expired. */
export async function readStaffPasskey(
  base: Ground & Pick<Base, 'log'>,
  { staff, cookie, made }: { staff: string; cookie: string; made: MadePasskey },
): Promise<NewPasskey> {
  const result = await finishRegistration(base, { whose: whoseOf(cookie, staff), made, userVerification });
  if (result.kind === 'expired') throw new Problem('passkey_expired');
  if (result.kind === 'made') return result.passkey;
  base.log.info({ why: result.why }, 'a new passkey of staff was refused');
  throw new Problem('passkey_refused', 'This passkey could not be made. Try again.');
}

/**
 * Adds it in the caller's transaction; they are told by mail.
 *
 * @returns its id
 * @throws Problem already_exists, conflict (there are twenty), flow_expired
 */
export async function addStaffPasskey(
  base: Pick<Base, 'config'>,
  tx: Db,
  { staff, passkey, name }: { staff: string; passkey: NewPasskey; name: string | undefined },
): Promise<string> {
  if (!(await holdStaff(tx, staff))) throw new Problem('flow_expired');
  if ((await readPasskeys(tx, staff)).length >= most) {
    throw new Problem('conflict', 'There are twenty passkeys already. Remove one first.');
  }
  const called = name ?? makerOf(passkey.aaguid) ?? 'Passkey';
  const id = await insertPasskey(tx, staff, called, passkey, now());
  await tell(base, tx, staff, { kind: 'factor_added', what: called });
  return id;
}

/** Begins to use a passkey: `staff` when it is known who, as a second factor; else the authenticator says who it is. */
export async function beginStaffUse(base: Ground, { cookie, staff }: { cookie: string; staff?: string | undefined }) {
  return beginUse(base, {
    purpose: staff === undefined ? 'sign_in' : 'factor',
    whose: whoseOf(cookie, staff),
    userVerification,
    allow: staff === undefined ? undefined : await readPasskeys(base.db, staff),
  });
}

/** A passkey that was used; hand it to `letIn`, which notes its counter. */
export type RightPasskey = {
  readonly staff: string;
  readonly way: string;
  readonly counter: number;
  readonly amr: string[];
};

/**
 * Takes what the browser answered. A wrong answer counts with the wrong passwords.
 *
 * @throws Problem passkey_refused, passkey_expired, user_blocked, too_many_attempts, busy
 */
export async function checkStaffPasskey(
  base: Ground & Pick<Base, 'log' | 'vault'>,
  use: { cookie: string; staff?: string | undefined; used: UsedPasskey; ip: string },
): Promise<RightPasskey> {
  const { cookie, staff, used, ip } = use;
  const result = await finishUse(base.config, {
    purpose: staff === undefined ? 'sign_in' : 'factor',
    whose: whoseOf(cookie, staff),
    used,
    userVerification,
    async open(credentialId, challenge) {
      const taken = await takeChallenge(base.db, challenge);
      return { taken: taken !== undefined, passkey: await findPasskey(base.db, credentialId) };
    },
  });
  if (result.kind === 'expired') throw new Problem('passkey_expired');
  const isTheirs = staff === undefined || result.passkey?.staff === staff;
  if (result.kind !== 'right' || !isTheirs) return refuse(base, result.kind, result.passkey, used, ip);
  const owner = await readStaff(base.db, { id: result.passkey.staff });
  if (!owner || owner.blocked) throw new Problem('user_blocked', 'This account is blocked. Ask an administrator.');
  const { id: way, isSynced } = result.passkey;
  return { staff: owner.id, way, counter: result.counter, amr: [isSynced ? 'swk' : 'hwk', 'user', 'mfa'] };
}

async function refuse(
  base: Pick<Base, 'db' | 'vault' | 'log'>,
  kind: string,
  passkey: StaffPasskey | undefined,
  used: UsedPasskey,
  ip: string,
): Promise<never> {
  base.log.warn({ staff: passkey?.staff, passkey: passkey?.id, kind }, 'a passkey of staff was refused');
  const who = passkey ? { staff: passkey.staff } : { email: used.id.slice(0, 200) };
  await guessStaff(base, who, ip, async () => undefined);
  throw new Problem('passkey_refused');
}
