import { normalisePhone } from '../../../contract/phone-number.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  createCustomer,
  disprove,
  type FactDraft,
  findBySubject,
  identitiesOf,
  lockCustomers,
} from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { AtDoor } from './at-door.ts';
import { dropPending } from './drop-pending.ts';
import { refuseErased } from './erasure-store.ts';
import { followAddress } from './factors/follow-address.ts';
import { acceptEmail, acceptUsername, type Identifier } from './identifiers.ts';
import { acceptPassword, type PasswordGround } from './password.ts';
import { deleteIdentifiers, insertIdentifier, lockIdentifier, writePassword } from './store.ts';

const names: ReadonlySet<string> = new Set(['name', 'given_name', 'family_name', 'nickname']);

/**
 * A new account of a password connection, made by the management API, a portal's own sign-up or an import. Unless `emailVerified` its address
 * is not proven, and neither is its password: see `recordProof` for what becomes of it.
 *
 * @param account `facts` are what else is known; e-mail and username are added
 * @throws Problem identifier_taken, already_exists (the user id), address_erased, password_weak, invalid_body (extra:
 *   field), busy
 */
export async function createAccount(
  base: PasswordGround,
  db: Db,
  account: {
    connection: string;
    email?: string | undefined;
    username?: string | undefined;
    password?: string | undefined;
    /** Of an accepted password, when `db` is a transaction: none should be held open while one is judged and hashed. */
    passwordHash?: string | undefined;
    emailVerified: boolean;
    /** The whole `user_id`, if it is an imported one. */
    userId?: string | undefined;
    userIdAtProvider?: string | undefined;
    facts: readonly FactDraft[];
    /** Client or import that makes it. */
    origin: string;
    /** Who says so; the umbrella, if left out. */
    by?: 'umbrella' | 'customer' | undefined;
    /** When it was made elsewhere; now, if left out. */
    at?: Date | undefined;
  },
): Promise<AtDoor> {
  const { connection, password, emailVerified, userId, userIdAtProvider, origin, at = now() } = account;
  const email = account.email === undefined ? undefined : acceptEmail(account.email);
  const username = account.username === undefined ? undefined : acceptUsername(account.username);
  const said = { source: account.by ?? 'umbrella', origin, at } as const;
  const named = account.facts.filter(({ path }) => names.has(path));
  const personal = [username, ...named.map((fact) => ('value' in fact ? String(fact.value) : undefined))];
  const wanted = { connection, address: email, personal };
  const hash =
    account.passwordHash ??
    (password === undefined ? undefined : (await acceptPassword(base, { ...wanted, password })).hash);
  return transact(db, async (tx) => {
    if (email) await lockIdentifier(tx, connection, { kind: 'email', value: email });
    // Who signs up themselves is told nothing of it; the hold stays until they prove the address.
    if (said.source === 'umbrella') await refuseErasedIn(tx, email, account.facts);
    const { customer, subject } = await createCustomer(tx, {
      provider: 'auth0',
      connection,
      userIdAtProvider,
      userId,
      isSocial: false,
      facts: [
        ...account.facts.filter((fact) => fact.path !== 'email' && fact.path !== 'username'),
        ...(email ? [{ ...said, path: 'email', value: email }] : []),
        ...(username ? [{ ...said, path: 'username', value: username }] : []),
      ],
      proofs: email && emailVerified ? [{ kind: 'email', address: email, how: 'umbrella', origin, at }] : [],
      at,
    });
    if (email) await claim(tx, connection, subject, { kind: 'email', value: email });
    if (username) await claim(tx, connection, subject, { kind: 'username', value: username });
    if (hash) await writePassword(tx, { subject, hash, provedAt: email && emailVerified ? at : null, at });
    return { customer, subject };
  });
}

/**
 * The umbrella changes what an account signs in with (null: takes it away). An address that goes is no longer proven,
 * no second factor is there, and what was mailed to it is dead; the new one is not proven by this.
 *
 * @throws Problem identifier_taken, address_erased, not_found, invalid_body (extra: field)
 */
export async function setIdentifiers(
  base: Pick<Base, 'config'>,
  db: Db,
  change: {
    subject: string;
    email?: string | null | undefined;
    username?: string | null | undefined;
    asked: Asked;
  },
): Promise<void> {
  const { subject, asked } = change;
  await transact(db, async (tx) => {
    const customer = await findBySubject(tx, subject);
    const identities = customer ? await identitiesOf(tx, customer.id) : [];
    const connection = identities.find((one) => one.subject === subject && one.provider === 'auth0')?.connection;
    if (!customer || connection === undefined) throw new Problem('not_found', 'There is no such account.');
    const value = typeof change.email === 'string' ? acceptEmail(change.email) : undefined;
    if (value) await lockIdentifier(tx, connection, { kind: 'email', value });
    if (value) await refuseErased(tx, 'email', value);
    // Of two changes at once the later must see, and replace, what the earlier wrote.
    await lockCustomers(tx, [customer.id]);
    if (change.email !== undefined) {
      const gone = await replace(tx, connection, subject, 'email', value);
      for (const address of gone) await disprove(tx, customer.id, 'email', address);
      await followAddress(base, tx, { customer: customer.id, kind: 'email', gone, asked });
      if (gone.length > 0) await dropPending(tx, customer.id);
    }
    if (change.username !== undefined) {
      const value = change.username === null ? undefined : acceptUsername(change.username);
      await replace(tx, connection, subject, 'username', value);
    }
  });
}

/** Neither the address nor the number of a new account is one that stands on hold. */
async function refuseErasedIn(tx: Db, email: string | undefined, facts: readonly FactDraft[]): Promise<void> {
  if (email) await refuseErased(tx, 'email', email);
  for (const fact of facts) {
    if (fact.path === 'phone_number' && 'value' in fact) await checkNumberFree(tx, String(fact.value));
  }
}

/**
 * Before the umbrella gives somebody a phone number: it may be that of a person who was erased.
 *
 * @throws Problem address_erased
 */
export async function checkNumberFree(db: Db, phone: string): Promise<void> {
  const normal = normalisePhone(phone);
  if (normal) await refuseErased(db, 'phone', normal);
}

async function replace(
  tx: Db,
  connection: string,
  subject: string,
  kind: Identifier['kind'],
  value: string | undefined,
): Promise<string[]> {
  const gone = await deleteIdentifiers(tx, subject, kind);
  if (value) await claim(tx, connection, subject, { kind, value });
  return gone.filter((one) => one !== value);
}

async function claim(tx: Db, connection: string, subject: string, identifier: Identifier): Promise<void> {
  try {
    await insertIdentifier(tx, { connection, subject, ...identifier });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Problem('identifier_taken', undefined, { field: identifier.kind });
  }
}
