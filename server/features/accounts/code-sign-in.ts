import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { inSeconds } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { EndSessions } from '../customers/customers.ts';
import { proveOwners } from './address-owners.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { takeRedeemed } from './code-store.ts';
import { type MailedCode, redeemCode, sendCode, type TypedCode } from './codes.ts';
import { acceptEmail } from './identifiers.ts';
import { countMail } from './limits.ts';
import { openAccount } from './open-account.ts';
import { soleHolder, soleOwner } from './sole-owner.ts';

const purpose = 'sign_in';
const completedWithinSeconds = 3600;

/**
 * Mails a code to any address; whose it is counts only once the code was typed, so it looks the same for all.
 *
 * @throws Problem invalid_body (extra: field), too_many_attempts
 */
export async function beginCodeSignIn(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  signIn: { email: string; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { flow, asked } = signIn;
  const address = acceptEmail(signIn.email);
  await countMail(base, address, asked.ip);
  return transact(base.db, async (tx) => {
    // Wrong codes count against the one customer whose address it is, together with their wrong passwords.
    const customer = ((await soleOwner(tx, address)) ?? (await soleHolder(tx, address)))?.id;
    return sendCode(base, tx, {
      purpose,
      mail: 'sign_in_code',
      address,
      flow,
      customer,
      data: { address },
      asked,
    });
  });
}

/**
 * Proves the address and tells whose it is: nobody's (then `completeCodeSignUp` may make an account), one customer's,
 * or several customers' to choose from. Where nobody has proven it, an account of `connection` that holds it becomes
 * the prover's, stripped of what was not proven.
 *
 * @throws Problem code_wrong (extra: remaining), code_expired, too_many_attempts, busy
 */
export async function redeemCodeSignIn(
  base: Pick<Base, 'db' | 'vault'>,
  typed: TypedCode & { connection?: string | undefined; endSessions: EndSessions },
): Promise<{ address: string; owners: AtDoor[] }> {
  const { address } = await redeemCode(base, purpose, typed);
  const { connection, endSessions } = typed;
  return transact(base.db, async (tx) => {
    return { address, owners: await proveOwners(tx, { address, how: 'code', connection, endSessions }) };
  });
}

/**
 * Makes an account without password for an address that `redeemCodeSignIn` has proven in this flow; see
 * `completeSignUp` for `joins`, `used` and what happens when there is one by now.
 *
 * @throws Problem code_expired
 */
export async function completeCodeSignUp(
  db: Db,
  act: {
    code: string;
    flow: string;
    connection: string;
    joins?: string | undefined;
    used?: readonly string[] | undefined;
    endSessions: EndSessions;
  },
): Promise<AtDoor & { isNew: boolean }> {
  const { code, flow, ...rest } = act;
  return transact(db, async (tx) => {
    const row = await takeRedeemed(tx, { id: code, purpose, flow }, inSeconds(-completedWithinSeconds));
    if (!row) throw new Problem('code_expired');
    const { address } = z.object({ address: z.string() }).parse(row.data);
    return openAccount(tx, { ...rest, address, origin: purpose });
  });
}
