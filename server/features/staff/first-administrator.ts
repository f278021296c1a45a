import { normaliseEmail } from '../../../contract/email-address.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { ConfigError } from '../../base/config.ts';
import { transact } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { countStaff, insertStaff, lockStaff, setRoles } from './people-store.ts';
import { administrator, ensureReadyRoles } from './ready-roles.ts';
import { readRole } from './roles-store.ts';
import { writePassword } from './ways-store.ts';

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
    const role = await readRole(tx, { ready: administrator });
    const id = uuid();
    await insertStaff(tx, { id, email, name: email, brands: null, at });
    await setRoles(tx, id, role ? [role.id] : []);
    await writePassword(tx, id, hash, at);
  });
}
