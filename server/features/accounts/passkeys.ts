import type { MadePasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import {
  beginRegistration,
  finishRegistration,
  makeUserHandle,
  type NewPasskey,
} from '../../base/credentials/passkey.ts';
import { makerOf } from '../../base/credentials/passkey-makers.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  appendTimeline,
  type Customer,
  type Identity,
  identitiesOf,
  lockCustomers,
  type Proof,
  proofsOf,
  subjectsOf,
} from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import { tell } from './notices.ts';
import { passkeyPolicy } from './passkey-policy.ts';
import {
  deletePasskey,
  insertPasskey,
  packPasskey,
  readPasskeys,
  renamePasskey as writeName,
} from './passkey-store.ts';
import { happened } from './timeline-names.ts';
import { checkNotLastWayIn, type WayIn, waysIn } from './ways-in.ts';

const mostPasskeys = 20;

type Ground = Pick<Base, 'config' | 'db' | 'settings'>;

/** Who is about to have a passkey, as their authenticator will show it. */
export type PasskeyUser = { readonly name: string; readonly displayName: string };

/**
 * Begins to add a passkey for a customer who is signed in: what the browser is told. The answer is good once, in this
 * session and for this customer.
 *
 * @param ask `session`: the session or flow that asks
 */
export async function beginPasskey(base: Ground, ask: { customer: Customer; session: string; asked: Asked }) {
  const { customer, session, asked } = ask;
  const has = await readPasskeys(base.db, await subjectsOf(base.db, customer.id));
  const name = customer.email ?? customer.name ?? asked.brand.name;
  return beginRegistration(base, {
    whose: whoseOf(session, customer.id),
    title: asked.brand.name,
    user: { handle: has[0]?.userHandle ?? makeUserHandle(), name, displayName: customer.name ?? name },
    has,
    userVerification: await passkeyPolicy(base),
  });
}

/**
 * Adds what the browser made. It becomes a way in of the identity that the customer is signed in with, or of their own
 * e-mail address here if that is proven; who never proved anything has it until the first proof (see `recordProof`).
 * All proven addresses are told.
 *
 * @param act `name` as typed; without it the make of the authenticator, else `unnamed`. `isSignedIn` is asked while the
 *   customer is held: whoever's sessions are ended by a first proof at this moment adds nothing any more
 * @throws Problem passkey_refused, passkey_expired, already_exists (it was added before), conflict (there are twenty),
 *   flow_expired; each with its reason in extra
 */
export async function addPasskey(
  base: Ground & Pick<Base, 'log'>,
  act: {
    customer: string;
    subject: string;
    session: string;
    made: MadePasskey;
    name: string | undefined;
    unnamed: string;
    isSignedIn: (tx: Db) => Promise<boolean>;
    asked: Asked;
  },
): Promise<{ name: string }> {
  const { customer, session, made } = act;
  const passkey = await readMade(base, { whose: whoseOf(session, customer), made });
  const name = act.name ?? makerOf(passkey.aaguid) ?? act.unnamed;
  await transact(base.db, (tx) => add(base, tx, { ...act, passkey, name }));
  return { name };
}

async function add(
  base: Pick<Base, 'config'>,
  tx: Db,
  act: Omit<Parameters<typeof addPasskey>[1], 'made' | 'name'> & { passkey: NewPasskey; name: string },
): Promise<void> {
  const { customer, passkey, name, asked } = act;
  const at = now();
  const [living] = await lockCustomers(tx, [customer]);
  const isThere = living === customer && (await act.isSignedIn(tx));
  const identities = isThere ? await identitiesOf(tx, customer) : [];
  const proofs = await proofsOf(tx, customer);
  const identity = homeOf(identities, proofs, act.subject);
  if (!identity) throw new Problem('flow_expired');
  const subjects = identities.map(({ subject }) => subject);
  if ((await readPasskeys(tx, subjects)).length >= mostPasskeys)
    throw new Problem('conflict', 'Remove a passkey first.', { reason: 'passkeys_full' });
  const { subject, connection } = identity;
  await insertPasskey(tx, {
    subject,
    connection,
    name,
    passkey: packPasskey(passkey),
    provedAt: proofs.length > 0 ? at : null,
    at,
  });
  await appendTimeline(tx, [happened('passkey_added', subject, asked, { occurredAt: at, data: { name } })]);
  await tell(base, tx, { customer, content: { kind: 'passkey_added', name }, asked });
}

/** To which identity a new passkey belongs: it goes where that goes. */
function homeOf(identities: readonly Identity[], proofs: readonly Proof[], subject: string): Identity | undefined {
  const signedIn = identities.find((one) => one.subject === subject);
  const isProven = (one: Identity) => proofs.some((proof) => proof.subject === one.subject);
  return signedIn && (identities.find((one) => one.provider === 'auth0' && isProven(one)) ?? signedIn);
}

/** Checks what the browser made. Throws passkey_refused, passkey_expired. */
export async function readMade(
  base: Ground & Pick<Base, 'log'>,
  { whose, made }: { whose: string; made: MadePasskey },
): Promise<NewPasskey> {
  const userVerification = await passkeyPolicy(base);
  const registration = await finishRegistration(base, { whose, made, userVerification });
  if (registration.kind === 'expired') throw new Problem('passkey_expired');
  if (registration.kind === 'made') return registration.passkey;
  base.log.info({ why: registration.why }, 'a new passkey was refused');
  throw new Problem('passkey_refused', undefined, { reason: 'passkey_not_made' });
}

/** Another name for a passkey. Throws not_found. */
export async function renamePasskey(
  base: Pick<Base, 'db'>,
  act: { customer: string; method: string; name: string; asked: Asked },
): Promise<void> {
  const { customer, method, name, asked } = act;
  await transact(base.db, async (tx) => {
    await lockCustomers(tx, [customer]);
    const way = await findWay(tx, customer, method);
    await writeName(tx, way.subject, way.id, name);
    const data = { name, before: way.name };
    await appendTimeline(tx, [happened('passkey_renamed', way.subject, asked, { occurredAt: now(), data })]);
  });
}

/** Removes a passkey; all proven addresses are told. Throws last_way_in, not_found. */
export async function removePasskey(
  base: Pick<Base, 'config' | 'db'>,
  act: { customer: string; method: string; asked: Asked },
): Promise<{ name: string }> {
  const { customer, method, asked } = act;
  return transact(base.db, async (tx) => {
    // Two ways that are removed at once must not each count on the other.
    await lockCustomers(tx, [customer]);
    const { subject, id, name } = await findWay(tx, customer, method);
    await checkNotLastWayIn(tx, customer, { method });
    await deletePasskey(tx, subject, id);
    await appendTimeline(tx, [happened('passkey_removed', subject, asked, { occurredAt: now(), data: { name } })]);
    await tell(base, tx, { customer, content: { kind: 'passkey_removed', name }, asked });
    return { name };
  });
}

async function findWay(tx: Db, customer: string, method: string): Promise<Extract<WayIn, { kind: 'passkey' }>> {
  const ways = await waysIn(tx, customer);
  const way = ways.find((one) => one.kind === 'passkey' && one.id === method);
  if (way?.kind !== 'passkey') throw new Problem('not_found', undefined, { reason: 'passkey_gone' });
  return way;
}

function whoseOf(session: string, customer: string): string {
  return JSON.stringify([session, customer]);
}
