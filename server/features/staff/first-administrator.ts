import { normaliseEmail } from '../../../contract/email-address.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { ConfigError } from '../../base/config.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { forgetFailures } from './guess.ts';
import type { NoteOf } from './links.ts';
import { tell } from './mails.ts';
import { type AtDoor, acceptPassword, type IsBreached } from './password.ts';
import { countStaff, insertStaff, lockStaff, openStaff, readStaff, setRoles } from './people-store.ts';
import { administrator, ensureReadyRoles } from './ready-roles.ts';
import { readRole } from './roles-store.ts';
import { deleteSessionsOf } from './session-store.ts';
import { endTickets, issueTicket, redeemTicket } from './ticket-store.ts';
import { deleteWays, readPassword, writePassword } from './ways-store.ts';

/**
 * Makes the ready roles, or brings them up to date, and the administrator whom the operator named in the environment,
 * as long as there is nobody.
 *
 * @param scopes all that operations ask for
 * @throws ConfigError when the named address is none that a mail can go to
 */
export async function ensureStaff(
  { config, db, hasher }: Pick<Base, 'config' | 'db' | 'hasher'>,
  scopes: readonly string[],
): Promise<void> {
  const { admin } = config;
  const isFirst = admin !== undefined && (await countStaff(db)) === 0;
  const hash = isFirst ? await hasher.hash(admin.password) : undefined;
  await transact(db, async (tx) => {
    const at = now();
    // Servers that start at once come here one after the other.
    await lockStaff(tx);
    await ensureReadyRoles(tx, scopes, at);
    if (!admin || hash === undefined || (await countStaff(tx)) > 0) return;
    const email = normaliseEmail(admin.email);
    if (!email) throw new ConfigError('REGULARS_ADMIN_EMAIL must be an address that mails can be sent to.');
    await makeStaff(tx, administrator, { email, name: email, hash, at });
  });
}

/**
 * Makes one of the staff without an invitation, by a ready role and this password: for what the operator runs, as the
 * demo does. Whoever has the address stays as they are.
 *
 * @returns their id, if they were made just now
 */
export async function addStaff(
  { db, hasher }: Pick<Base, 'db' | 'hasher'>,
  draft: { email: string; name: string; ready: string; brands?: readonly string[] | null; password: string },
): Promise<string | undefined> {
  const { ready, password, ...who } = draft;
  const hash = await hasher.hash(password);
  return transact(db, async (tx) => {
    await lockStaff(tx);
    if (await readStaff(tx, { email: who.email })) return undefined;
    return makeStaff(tx, ready, { ...who, hash, at: now() });
  });
}

/**
 * A link that makes whoever opens it an administrator: for the first one, and the way back in for who has lost
 * everything. Only the operator gets it, at the terminal. Those before it are worth nothing any more.
 */
export function administratorLink(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
): Promise<{ url: string; expiresAt: Date }> {
  return transact(base.db, async (tx) => {
    await lockStaff(tx);
    await endTickets(tx, { purpose: 'administrator' });
    return issueTicket(base, tx, 'administrator');
  });
}

/** The same as long as there is nobody at all. */
export async function firstAdministratorLink(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
): Promise<{ url: string; expiresAt: Date } | undefined> {
  return (await countStaff(base.db)) === 0 ? administratorLink(base) : undefined;
}

/**
 * Takes the link. Whoever has this address already becomes an administrator with this password alone: their other ways
 * in, sessions and blocks are gone.
 *
 * @throws Problem code_expired, password_weak, busy
 */
export async function becomeAdministrator(
  base: Pick<Base, 'config' | 'db' | 'hasher' | 'strength' | 'vault'>,
  act: { ticket: string; email: string; name: string; password: string; isBreached: IsBreached; note: NoteOf },
): Promise<AtDoor> {
  const { ticket, email, name, password, isBreached, note } = act;
  const hash = await acceptPassword(base, { password, isBreached, personal: [email, name] });
  return transact(base.db, async (tx) => {
    await lockStaff(tx);
    await redeemTicket(base, tx, 'administrator', ticket);
    await endTickets(tx, { purpose: 'administrator' });
    const at = now();
    const known = await readStaff(tx, { email });
    if (known) await reopen(base, tx, known.id, { hash, at });
    const id = known?.id ?? (await makeStaff(tx, administrator, { email, name, hash, at }));
    const staff = await readStaff(tx, { id });
    const kept = await readPassword(tx, id);
    if (!staff || !kept) throw new Problem('flow_expired');
    await note(tx, staff);
    return { staff, way: kept.id };
  });
}

async function makeStaff(
  tx: Db,
  ready: string,
  {
    brands = null,
    hash,
    ...who
  }: { email: string; name: string; brands?: readonly string[] | null; hash: string; at: Date },
): Promise<string> {
  const id = uuid();
  await insertStaff(tx, { ...who, id, brands });
  await setRoles(tx, id, await readyRole(tx, ready));
  await writePassword(tx, id, hash, who.at);
  return id;
}

async function reopen(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  id: string,
  { hash, at }: { hash: string; at: Date },
): Promise<void> {
  await openStaff(tx, id, at);
  await setRoles(tx, id, await readyRole(tx, administrator));
  await deleteWays(tx, id, ['password', 'passkey', 'totp', 'recovery_codes']);
  await deleteSessionsOf(tx, id);
  await endTickets(tx, { staff: id });
  await writePassword(tx, id, hash, at);
  await forgetFailures(base, tx, id, 'first');
  await forgetFailures(base, tx, id, 'factor');
  await tell(base, tx, id, { kind: 'password_changed' });
}

async function readyRole(tx: Db, ready: string): Promise<string[]> {
  const role = await readRole(tx, { ready });
  if (!role) throw new Error(`There is no ready role ${ready}: the server has never started.`);
  return [role.id];
}
