import { z } from 'zod';
import { normalisePhone } from '../../../contract/phone-number.ts';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { type Customer, createCustomer, proofsOf, provenOwners } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { readOpenCodeOf, takeRedeemed } from './code-store.ts';
import { type MailedCode, redeemCode, sendCode } from './codes.ts';
import { deleteErasedAddress } from './erasure-store.ts';
import { countText } from './limits.ts';
import { placeOf } from './portal-code.ts';
import { lockIdentifier } from './store.ts';

// Signing in by a code in a text message, on a page of ours or one that a portal takes itself. A number opens what it is
// proven for, and nothing that somebody only said: an account that claims it unproven is not looked at.

const purpose = 'sign_in_phone';
const completedWithinSeconds = 3600;

/** Where a code is good and nowhere else: in a flow of our pages, or at a portal that takes it itself. */
export type PhonePlace = { readonly flow: string } | { readonly portal: string };

/**
 * Sends a code to any number; whose it is counts only once the code was typed, so it looks the same for all. It is good
 * in this place only, and the newest one alone.
 *
 * @throws Problem invalid_body (extra: field), too_many_attempts
 */
export async function beginPhoneCode(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  ask: { phone: string; place: PhonePlace; asked: Asked },
): Promise<MailedCode> {
  const { place, asked } = ask;
  const phone = acceptPhone(ask.phone);
  await countText(base, phone, asked.ip);
  return transact(base.db, async (tx) => {
    // Wrong codes count against the one customer whose number it is, together with their wrong passwords.
    const [owner, another] = await provenOwners(tx, 'phone', phone);
    return sendCode(base, tx, {
      purpose,
      mail: 'sign_in_code',
      address: phone,
      channel: 'sms',
      flow: flowOf(base, place, phone),
      customer: another ? undefined : owner?.id,
      data: { phone },
      asked,
    });
  });
}

/**
 * Proves the number by the code that was typed. A number that several customers have proven opens none: who has it now
 * need not be any of them.
 *
 * @returns without `owner` when nobody has proven the number: `completePhoneSignUp` may make a customer, in this `flow`
 * @throws Problem code_wrong (extra: remaining), code_expired, too_many_attempts, busy, invalid_body (extra: field);
 *   access_denied (extra: reason) when several have proven it
 */
export async function redeemPhoneCode(
  base: Pick<Base, 'db' | 'vault'>,
  typed: { phone: string; typed: string; place: PhonePlace; asked: Asked },
): Promise<{ phone: string; code: string; flow: string; owner: AtDoor | undefined }> {
  const { place, asked } = typed;
  const phone = acceptPhone(typed.phone);
  const flow = flowOf(base, place, phone);
  const open = await readOpenCodeOf(base.db, { flow, purpose }, now());
  if (!open) throw new Problem('code_expired');
  await redeemCode(base, purpose, { code: open.id, typed: typed.typed, flow, asked });
  return { phone, code: open.id, flow, owner: await ownerOf(base.db, phone) };
}

/**
 * Makes a customer for a number that `redeemPhoneCode` has proven in this flow, or finds the one who has it by now.
 *
 * @param act `connection` is the name of the connection of text messages
 * @throws Problem code_expired; access_denied when several have proven the number by now
 */
export async function completePhoneSignUp(
  db: Db,
  act: { code: string; flow: string; connection: string },
): Promise<AtDoor & { isNew: boolean }> {
  const { code, flow, connection } = act;
  return transact(db, async (tx) => {
    const row = await takeRedeemed(tx, { id: code, purpose, flow }, inSeconds(-completedWithinSeconds));
    if (!row) throw new Problem('code_expired');
    const { phone } = z.object({ phone: z.string() }).parse(row.data);
    // Of two codes at once, the later finds whom the earlier made.
    await lockIdentifier(tx, connection, { kind: 'phone', value: phone });
    const owner = await ownerOf(tx, phone);
    if (owner) return { ...owner, isNew: false };
    const at = now();
    // Who was erased has come back: from now on the umbrella may give the number to somebody again.
    await deleteErasedAddress(tx, 'phone', phone);
    const made = await createCustomer(tx, {
      provider: 'sms',
      connection,
      isSocial: false,
      facts: [{ path: 'phone_number', value: phone, source: 'customer', origin: 'sign_in', at }],
      proofs: [{ kind: 'phone', address: phone, how: 'code', origin: 'sign_in', at }],
      at,
    });
    return { ...made, isNew: true };
  });
}

/** The one customer who has proven this number. Throws Problem access_denied when several have. */
async function ownerOf(db: Db, phone: string): Promise<AtDoor | undefined> {
  const [customer, another] = await provenOwners(db, 'phone', phone);
  if (another) throw sharedNumber();
  return customer && { customer, subject: await subjectWith(db, customer, phone) };
}

/** As which of their subjects: the one that proved the number first. */
async function subjectWith(db: Db, { id }: Customer, phone: string): Promise<string> {
  const proof = (await proofsOf(db, id)).find(({ kind, address }) => kind === 'phone' && address === phone);
  if (!proof) throw new Error('a proven owner has a proof');
  return proof.subject;
}

function sharedNumber(): Problem {
  const message = 'Several profiles share this phone number. Sign in another way.';
  return new Problem('access_denied', message, { reason: 'phone_shared' });
}

function flowOf(base: Pick<Base, 'vault'>, place: PhonePlace, phone: string): string {
  return 'flow' in place ? place.flow : placeOf(base, place.portal, phone);
}

function acceptPhone(typed: string): string {
  const phone = normalisePhone(typed);
  if (!phone) throw new Problem('invalid_body', 'This is not a phone number.', { field: 'phone', reason: 'phone' });
  return phone;
}
