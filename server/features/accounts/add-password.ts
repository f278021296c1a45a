import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  addIdentity,
  appendTimeline,
  type Customer,
  findById,
  identitiesOf,
  lockCustomers,
  type Proof,
  proofsOf,
  prove,
} from '../customers/customers.ts';
import { acceptFor } from './accept-for.ts';
import type { Asked } from './asked.ts';
import { dropPending } from './drop-pending.ts';
import { tell } from './notices.ts';
import {
  type AcceptedPassword,
  acceptPassword,
  checkNewPassword,
  type PasswordGround,
  personalTo,
} from './password.ts';
import { addressOf } from './reset.ts';
import { findAccount, insertIdentifier, lockIdentifier, readPasswords, writePassword } from './store.ts';
import { happened } from './timeline-names.ts';

/** Where a first password would go: an account without one, or a new one for the address that the customer has proven. */
type Place =
  | { readonly subject: string; readonly address: string; readonly proof: Proof | undefined }
  | { readonly subject?: undefined; readonly address: string; readonly proof: Proof };

/** May this customer, who has no password, set one? With it they sign in by the address that is given back. */
export async function passwordToAdd(db: Db, customerId: string): Promise<string | undefined> {
  const customer = await findById(db, customerId);
  return customer && (await placeOf(db, customer))?.address;
}

/**
 * A first password for somebody who came in by other ways until now, and has proven within the last ten minutes that it
 * is them. Who has no account of a password connection gets one, for the address that is proven to be theirs. All
 * proven addresses are told.
 *
 * @param act `connection`: of the account, if one is to be made
 * @throws Problem already_exists (there is a password), not_found (no proven address), identifier_taken (by an account
 *   of somebody else), value_changed (the address, meanwhile), flow_expired (the session has ended), password_weak
 *   (extra: reason), busy
 */
export async function addPassword(
  base: PasswordGround,
  act: {
    customer: string;
    connection: string | undefined;
    password: string;
    asked: Asked;
    /** Is the session that asks still there? Asked while the customer is held. */
    isSignedIn: (tx: Db) => Promise<boolean>;
  },
): Promise<void> {
  const { connection, password, asked, isSignedIn } = act;
  const owner = await findById(base.db, act.customer);
  const wanted = owner && (await placeOf(base.db, owner));
  if (!wanted) throw new Problem('not_found', 'This account has no proven address.');
  const { address } = wanted;
  checkNewPassword(password, address);
  const { hash, remember } = await acceptAt(base, owner, wanted, act);
  await transact(base.db, async (tx) => {
    const at = now();
    // Before the customer, as by everybody who takes both.
    if (connection !== undefined) await lockIdentifier(tx, connection, { kind: 'email', value: address });
    const [id = act.customer] = await lockCustomers(tx, [act.customer]);
    if (!(await isSignedIn(tx))) throw new Problem('flow_expired');
    const customer = await findById(tx, id);
    const place = customer && (await placeOf(tx, customer));
    if (place?.address !== address || !customer) throw new Problem('value_changed');
    const subject = place.subject ?? (await openPlace(tx, customer, place, connection));
    // Whoever proved the address has set it: without that proof it is worth no more than what the umbrella sets.
    await writePassword(tx, { subject, hash, provedAt: place.proof ? at : null, at, remember });
    await dropPending(tx, id);
    await appendTimeline(tx, [happened('password_added', subject, asked, { occurredAt: at })]);
    await tell(base, tx, { customer: id, content: { kind: 'password_added' }, asked });
  });
}

/** Does the connection of the place let this become its password? */
function acceptAt(
  base: PasswordGround,
  owner: Customer,
  { subject, address }: Place,
  { connection, password, asked }: { connection: string | undefined; password: string; asked: Asked },
): Promise<AcceptedPassword> {
  const brand = asked.brand.name;
  if (subject !== undefined) return acceptFor(base, { subject, password, brand });
  if (connection === undefined) throw noPasswords();
  return acceptPassword(base, { password, connection, address, personal: [...personalTo(owner), brand] });
}

function noPasswords(): Problem {
  return new Problem('not_found', 'No passwords are used here.');
}

/** Throws Problem already_exists when there is a password. */
async function placeOf(db: Db, customer: Customer): Promise<Place | undefined> {
  const identities = await identitiesOf(db, customer.id);
  const subjects = identities.map(({ subject }) => subject);
  if ((await readPasswords(db, subjects)).length > 0) {
    throw new Problem('already_exists', 'This account has a password.');
  }
  const proofs = (await proofsOf(db, customer.id)).filter(({ kind }) => kind === 'email');
  const proofOf = (address: string) => proofs.find((proof) => proof.address === address);
  for (const { subject, provider } of identities) {
    const address = provider === 'auth0' ? await addressOf(db, subject) : undefined;
    if (address !== undefined) return { subject, address, proof: proofOf(address) };
  }
  const proof = customer.email === null ? undefined : proofOf(customer.email);
  return proof && { address: proof.address, proof };
}

/** An account of their own for the address, proven as it was where it came from. */
async function openPlace(
  tx: Db,
  customer: Customer,
  { address, proof }: { address: string; proof: Proof },
  connection: string | undefined,
): Promise<string> {
  if (connection === undefined) throw noPasswords();
  const identifier = { kind: 'email', value: address } as const;
  if (await findAccount(tx, connection, identifier)) throw new Problem('identifier_taken');
  const at = now();
  const facts = [{ path: 'email', value: address, source: 'customer', origin: 'account', at } as const];
  const identity = { provider: 'auth0', connection, isSocial: false, facts, proofs: [], at };
  const { subject } = await addIdentity(tx, customer.id, identity);
  await insertIdentifier(tx, { connection, subject, ...identifier });
  await prove(tx, subject, { kind: 'email', address, how: proof.how, origin: proof.origin, at: proof.at });
  return subject;
}
