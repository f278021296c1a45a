import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type EndSessions, findBySubject, identitiesOf, proofsOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { type MailedCode, redeemCode, sendCode, type TypedCode } from './codes.ts';
import { recordProof } from './first-proof.ts';
import { countMail } from './limits.ts';
import { readIdentifiers } from './store.ts';

const purpose = 'prove_account';

/**
 * Mails a code to an address of a customer, so that whoever is in the flow can prove that the account is theirs.
 *
 * @param ask `about` names what the proof is for, e.g. the identity to be linked: it is good for nothing else
 * @throws Problem not_found (the customer neither proved this address nor signs in with it), too_many_attempts
 */
export async function sendAccountProof(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { customer: string; address: string; about: string; flow: string; asked: Asked },
): Promise<MailedCode> {
  const { customer, address, about, flow, asked } = ask;
  const proofs = await proofsOf(base.db, customer);
  const identities = await identitiesOf(base.db, customer);
  const identifiers = await readIdentifiers(
    base.db,
    identities.map((identity) => identity.subject),
  );
  const subject =
    identifiers.find((one) => one.kind === 'email' && one.value === address)?.subject ??
    proofs.find((one) => one.kind === 'email' && one.address === address)?.subject;
  if (!subject) throw new Problem('not_found', 'This account has no such address.');
  await countMail(base, address, asked.ip);
  return transact(base.db, (tx) =>
    sendCode(base, tx, { purpose, mail: 'account_proof', address, flow, about, customer, subject, asked }),
  );
}

/**
 * The account is theirs. If its address had never been proven, it is stripped of what was not (see `recordProof`).
 *
 * @throws Problem code_wrong (extra: remaining; also when `about` is another), code_expired, too_many_attempts, busy
 */
export async function redeemAccountProof(
  base: Pick<Base, 'db' | 'vault'>,
  typed: TypedCode & { about: string; endSessions: EndSessions },
): Promise<AtDoor> {
  const { about, endSessions } = typed;
  const { subject, address } = await redeemCode(base, purpose, typed, about);
  if (!subject) throw new Problem('code_expired');
  return proveByCode(base, { subject, address, origin: purpose, endSessions });
}

/** The code that was mailed to an address of this subject was typed. Throws code_expired when there is no such subject any more. */
export function proveByCode(
  base: Pick<Base, 'db'>,
  typed: { subject: string; address: string; origin: string; endSessions: EndSessions },
): Promise<AtDoor> {
  const { subject } = typed;
  return transact(base.db, async (tx) => {
    // It may have been deleted while the mail was on its way.
    const holder = await findBySubject(tx, subject);
    if (!holder) throw new Problem('code_expired');
    const proof = { ...typed, customer: holder.id, how: 'code', used: [] } as const;
    return { subject, customer: (await recordProof(tx, proof)).customer };
  });
}
