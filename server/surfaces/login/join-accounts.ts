import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  type AtDoor,
  checkFactor,
  factorsOf,
  hasFactor,
  type SentCode,
  sendFactorCode,
  type TypedFactor,
  tellOfLink,
} from '../../features/accounts/accounts.ts';
import { settleMerge } from '../../features/consents/consents.ts';
import { type Customer, type EndSessions, findById, lockCustomers, merge } from '../../features/customers/customers.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { keepNote, lookAtNote, takeNote } from './network-notes.ts';
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
  readonly sendings: readonly Sending[];
};

/** What could be joined, and what must be proven for it. Throws Problem `flow_expired`. */
export async function lookAtJoining(
  base: Base,
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
 * Joins the account that the network opened: both have been proven, and the customer has said yes.
 *
 * @param yes `second`: what was typed as its second factor, and in which flow
 * @throws Problem `flow_expired`; `access_denied` (extra: text) when it has a second factor and none was typed; what
 *   `checkFactor` throws
 */
export async function joinOther(
  base: Base,
  visit: Visit,
  owner: Owner,
  yes: { handle: string; second?: { typed: TypedFactor; flow: string } | undefined; endSessions: EndSessions },
): Promise<{ name: string }> {
  const { handle, second, endSessions } = yes;
  const { other: loser, name } = readJoining(await lookAtNote(base, handle), owner);
  const other = await findById(base.db, loser);
  if (other?.id !== loser) throw new Problem('flow_expired');
  const asked = askedBy(visit);
  const passed = second && (await checkFactor(base, { customer: loser, ...second, asked }));
  await transact(base.db, async (tx) => {
    readJoining(await takeNote({ ...base, db: tx }, handle), owner);
    await holdOwner(tx, owner, loser);
    if (!passed && (await hasFactor(tx, loser))) {
      throw new Problem('access_denied', undefined, { text: 'problem.join_factor' });
    }
    const act = { by: 'customer', origin: 'account', at: visit.at } as const;
    await merge(tx, { winner: owner.customer.id, loser, ...act, endSessions, settleConsents: settleMerge });
    const accounts = [wordFor(owner.customer), `${name} (${wordFor(other)})`] as const;
    await tellOfLink(base, tx, { customer: owner.customer.id, what: 'merged', accounts, asked });
  });
  return { name };
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
