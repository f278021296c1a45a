import { z } from 'zod';
import { type SignUpProfile, signUpProfile } from '../../../contract/accounts.ts';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type EndSessions, findBySubject } from '../customers/customers.ts';
import { proveByCode } from './account-proof.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { deleteOpenCodes, readOpenCode, takeRedeemed } from './code-store.ts';
import { type MailedCode, redeemCode, sendCode, type TypedCode } from './codes.ts';
import { acceptEmail, acceptUsername } from './identifiers.ts';
import { countMail, countSignUp } from './limits.ts';
import { type FirstWay, openAccount } from './open-account.ts';
import { acceptPassword, checkNewPassword, type PasswordGround } from './password.ts';
import { findAccount } from './store.ts';
import { nobody } from './timeline-names.ts';

const purpose = 'sign_up';
// The flow that asked lives so long.
const completedWithinSeconds = 3600;

/** What waits for the code: nothing of it exists before. */
const pendingSignUp = z.object({
  connection: z.string(),
  hash: z.string().optional(),
  username: z.string().optional(),
  profile: signUpProfile.optional(),
  known: z.never().optional(),
});
/** The code went to an account that was there already. */
const knownAccount = z.object({ connection: z.string(), known: z.literal(true) });

/**
 * Mails a code to the address; to one that has an account in this connection already, a mail that says so, with a code
 * that signs in there (what was typed is dropped). Looks and works the same either way; nothing is created. Without a
 * password another way in is chosen once the code was typed.
 *
 * @throws Problem invalid_body (extra: field), password_weak, too_many_attempts, busy; identifier_taken for a username
 */
export async function beginSignUp(
  base: PasswordGround & Pick<Base, 'vault'>,
  signUp: {
    connection: string;
    email: string;
    password?: string | undefined;
    username?: string | undefined;
    profile?: SignUpProfile | undefined;
    flow: string;
    asked: Asked;
  },
): Promise<MailedCode> {
  const { connection, password, flow, asked } = signUp;
  const address = acceptEmail(signUp.email);
  const username = signUp.username === undefined ? undefined : acceptUsername(signUp.username);
  if (password !== undefined) checkNewPassword(password, address);
  await countSignUp(base, asked.ip);
  const { name, given_name, family_name, nickname } = signUp.profile ?? {};
  const personal = [username, name, given_name, family_name, nickname, asked.brand.name];
  const accepted =
    password === undefined ? undefined : await acceptPassword(base, { password, connection, address, personal });
  await countMail(base, address, asked.ip);
  if (username && (await findAccount(base.db, connection, { kind: 'username', value: username }))) {
    throw new Problem('identifier_taken', 'This username is taken. Choose another one.', { field: 'username' });
  }
  const data = { connection, hash: accepted?.hash, username, profile: signUp.profile };
  return send(base, { address, connection, data, flow, asked });
}

/** Another code for the same sign-up; the earlier one is dead. Throws code_expired, too_many_attempts. */
export async function sendSignUpAgain(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  again: { code: string; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { code, flow, asked } = again;
  const open = await readOpenCode(base.db, { id: code, purpose, flow }, now());
  if (!open?.address) throw new Problem('code_expired');
  await countMail(base, open.address, asked.ip);
  const { connection } = z.object({ connection: z.string() }).parse(open.data);
  return send(base, { address: open.address, connection, data: open.data, flow, asked });
}

function send(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  letter: { address: string; connection: string; data: Readonly<Record<string, unknown>>; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { address, connection, data, flow, asked } = letter;
  return transact(base.db, async (tx) => {
    const account = await findAccount(tx, connection, { kind: 'email', value: address });
    const customer = await findBySubject(tx, account?.subject ?? nobody);
    const known = account && customer && { customer: customer.id, subject: account.subject };
    return sendCode(base, tx, {
      purpose,
      mail: known ? 'known_address' : 'sign_up_code',
      address,
      flow,
      ...known,
      data: known ? { connection, known: true } : data,
      asked,
    });
  });
}

/**
 * `new`: the address is proven; call `completeSignUp`, with a way in if there is no password yet. `known`: the account
 * that had the address already.
 */
export type SignUpProof =
  | { kind: 'new'; signUp: string; address: string; hasPassword: boolean }
  | ({ kind: 'known' } & AtDoor);

/** Throws code_wrong (extra: remaining), code_expired, too_many_attempts, busy. */
export async function redeemSignUp(
  base: Pick<Base, 'db' | 'vault'>,
  typed: TypedCode & { endSessions: EndSessions },
): Promise<SignUpProof> {
  const row = await redeemCode(base, purpose, typed);
  if (!knownAccount.safeParse(row.data).success) {
    return { kind: 'new', signUp: row.id, address: row.address, hasPassword: 'hash' in row.data };
  }
  const { customer, subject, address } = row;
  if (!customer || !subject) throw new Problem('code_expired');
  const { endSessions } = typed;
  return { kind: 'known', ...(await proveByCode(base, { subject, address, origin: purpose, endSessions })) };
}

/**
 * Makes the account whose address was proven: as a customer of its own, or as a new identity of `joins`, of whom the
 * caller has a proof too. When somebody made it in between, that account is signed in to: the address is proven.
 *
 * @param act `way`: what was chosen after the code, instead of a password before; `used`: subjects of `joins` whose ways in were proven in this flow; all of them when not said
 * @returns `isNew` false: it was there already
 * @throws Problem code_expired when it was completed before; identifier_taken for a username
 */
export async function completeSignUp(
  db: Db,
  act: {
    signUp: string;
    flow: string;
    way?: FirstWay | undefined;
    joins?: string | undefined;
    used?: readonly string[] | undefined;
    endSessions: EndSessions;
  },
): Promise<AtDoor & { isNew: boolean }> {
  const { signUp, flow, way = {}, joins, used, endSessions } = act;
  return transact(db, async (tx) => {
    const row = await takeRedeemed(tx, { id: signUp, purpose, flow }, inSeconds(-completedWithinSeconds));
    const pending = pendingSignUp.safeParse(row?.data);
    if (!row?.address || !pending.success) throw new Problem('code_expired');
    const { connection, hash, username, profile } = pending.data;
    await deleteOpenCodes(tx, { flow, purpose });
    const account = { connection, address: row.address, hash, ...way, username, profile };
    return openAccount(tx, { ...account, origin: purpose, joins, used, endSessions });
  });
}
