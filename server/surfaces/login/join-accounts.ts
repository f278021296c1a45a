import { z } from 'zod';
import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  type AtDoor,
  beginPasskeyUse,
  checkFactor,
  factorsOf,
  hasFactor,
  type PasskeyUse,
  recordUse,
  type SentCode,
  sendFactorCode,
  signInWithPasskey,
  type TypedFactor,
  tellOfLink,
} from '../../features/accounts/accounts.ts';
import { settleMerge } from '../../features/consents/consents.ts';
import { type Customer, type EndSessions, findById, lockCustomers, merge } from '../../features/customers/customers.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { keepNote, lookAtNote, takeNote } from './network-notes.ts';
import { hasPasskey } from './passkey-acts.ts';
import { offerOf, offersPasskeys } from './portal-connections.ts';
import { challengeable, type Sending, sendingsTo } from './second-ways.ts';
import { askedBy, type Visit } from './visit.ts';

// A network that a customer adds opens another account already: the two become one, if both are proven and they say yes.
// Where the other has a second factor, the network has proven it by halves: that factor is asked for, too.

/** Who is signed in, as which identity, and in which session. */
export type Owner = AtDoor & { readonly session: string };

const joining = z.object({ other: z.string(), name: z.string(), customer: z.string(), session: z.string() });
type Joining = z.infer<typeof joining>;
const noteSeconds = 600;

/** Keeps which account could be joined, for this owner in this session. */
export function keepJoining(base: Base, owner: Owner, other: Customer, name: string): Promise<string> {
  const note: Joining = { other: other.id, name, customer: owner.customer.id, session: owner.session };
  return keepNote(base, note, noteSeconds);
}

/** Which second proofs the other account can be asked for; undefined when it has no second factor. */
export type OtherFactors = {
  readonly app: boolean;
  readonly recovery: boolean;
  readonly passkey: boolean;
  readonly sendings: readonly Sending[];
};

/** What was sent as a second proof of the other account, and in which forms. */
export type JoiningProof = ({ readonly typed: TypedFactor } | { readonly used: UsedPasskey }) & {
  readonly flow: string;
};

/** What could be joined, and what must be proven for it. Throws Problem `flow_expired`. */
export async function lookAtJoining(
  base: Base,
  visit: Visit,
  owner: Owner,
  handle: string,
): Promise<{ name: string; factors: OtherFactors | undefined }> {
  const { other, name } = readJoining(await lookAtNote(base, handle), owner);
  const usable = await challengeable(base, other, []);
  if (usable.length === 0) return { name, factors: undefined };
  const all = await factorsOf(base.db, other);
  const factors = {
    app: usable.some(({ kind }) => kind === 'totp'),
    recovery: all.some((one) => one.kind === 'recovery_codes' && one.left > 0),
    passkey: await hasPasskey({ base, visit }, other),
    sendings: await sendingsTo(base, usable),
  };
  return { name, factors };
}

/**
 * Sends a code to a second factor of the account that could be joined.
 *
 * @param ask `flow`: where it is typed
 * @throws Problem `flow_expired`, `not_found`, `too_many_attempts`
 */
export async function sendJoiningCode(
  base: Base,
  visit: Visit,
  owner: Owner,
  ask: { handle: string; by: Sending['by']; factor: string; flow: string },
): Promise<SentCode> {
  const { handle, by, factor, flow } = ask;
  const { other: customer } = readJoining(await lookAtNote(base, handle), owner);
  const channel = by === 'email' ? undefined : by;
  return sendFactorCode(base, { customer, factor, channel, flow, asked: askedBy(visit) });
}

/**
 * What the browser is told that uses a passkey of the account that could be joined. Any of them is its second step,
 * as after any other way in.
 *
 * @param flow where it is used
 * @throws Problem `flow_expired`
 */
export async function beginJoiningPasskey(
  base: Base,
  owner: Owner,
  { handle, flow }: { handle: string; flow: string },
) {
  const { other } = readJoining(await lookAtNote(base, handle), owner);
  return beginPasskeyUse(base, useOf(handle, flow, other));
}

/**
 * Joins the account that the network opened: both have been proven, and the customer has said yes.
 *
 * @param yes `second`: what was sent as its second factor
 * @throws Problem `flow_expired`; `access_denied` (extra: text) when it has a second factor and nothing was sent, or no
 *   passkeys are used here; what `checkFactor` and `signInWithPasskey` throw
 */
export async function joinOther(
  base: Base,
  visit: Visit,
  owner: Owner,
  yes: { handle: string; second?: JoiningProof | undefined; endSessions: EndSessions },
): Promise<{ name: string }> {
  const { handle, second, endSessions } = yes;
  const { other: loser, name } = readJoining(await lookAtNote(base, handle), owner);
  const other = await findById(base.db, loser);
  if (other?.id !== loser) throw new Problem('flow_expired');
  const asked = askedBy(visit);
  const passed = second && (await proveOther(base, visit, { handle, other: loser, second }));
  await transact(base.db, async (tx) => {
    readJoining(await takeNote({ ...base, db: tx }, handle), owner);
    await holdOwner(tx, owner, loser);
    if (!passed && (await hasFactor(tx, loser))) {
      throw new Problem('access_denied', undefined, { text: 'problem.join_factor' });
    }
    if (passed?.passkey) await recordUse(tx, { ...passed.passkey, at: visit.at });
    const act = { by: 'customer', origin: 'account', at: visit.at } as const;
    await merge(tx, { winner: owner.customer.id, loser, ...act, endSessions, settleConsents: settleMerge });
    const accounts = [wordFor(owner.customer), `${name} (${wordFor(other)})`] as const;
    await tellOfLink(base, tx, { customer: owner.customer.id, what: 'merged', accounts, asked });
  });
  return { name };
}

/** The passkey that it was, if it was one: its use is to be recorded. */
async function proveOther(
  base: Base,
  visit: Visit,
  { handle, other, second }: { handle: string; other: string; second: JoiningProof },
) {
  const asked = askedBy(visit);
  if ('typed' in second) {
    await checkFactor(base, { customer: other, flow: second.flow, typed: second.typed, asked });
    return { passkey: undefined };
  }
  if (!offersPasskeys(base, await offerOf(base, visit.portal))) throw new Problem('access_denied');
  const { used, flow } = second;
  const { subject, methodId, counter } = await signInWithPasskey(base, { ...useOf(handle, flow, other), used, asked });
  return { passkey: { subject, methodId, counter } };
}

/** A passkey's answer is good for this account, this question and these forms alone. */
function useOf(handle: string, flow: string, customer: string): PasskeyUse {
  return { purpose: 'proof', whose: JSON.stringify(['join', flow, handle]), customer };
}

/** Who was signed out while the network answered links nothing any more. Throws Problem `flow_expired`. */
export async function holdOwner(
  tx: Db,
  { customer: { id }, session }: Owner,
  ...others: readonly string[]
): Promise<void> {
  const living = await lockCustomers(tx, [id, ...others]);
  if (!living.includes(id) || !(await isSessionAlive(tx, session))) throw new Problem('flow_expired');
}

/** Was it asked for by this customer, in this session? */
export function isOwners(note: { customer: string; session: string }, { customer, session }: Owner): boolean {
  return note.customer === customer.id && note.session === session;
}

function readJoining(kept: unknown, owner: Owner): Joining {
  const note = joining.safeParse(kept);
  if (!note.success || !isOwners(note.data, owner)) throw new Problem('flow_expired');
  return note.data;
}

function wordFor({ email, name, user_id }: Customer): string {
  return email ?? name ?? user_id;
}
