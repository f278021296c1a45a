import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import {
  apiByIdentifier,
  createGrant,
  createPortal,
  ensureApi,
  getPortal,
  listGrants,
  moveSystemApi,
  type PortalCheck,
  secretMatches,
  updateGrant,
  updatePortal,
} from '../../features/portals/portals.ts';
import { ensureStaff } from '../../features/staff/staff.ts';
import { managementAudience } from './management-audience.ts';
import { lockFirstStart } from './records.ts';
import { routes } from './routes.ts';
import { scopesOf, scopesOfCustomers } from './scopes.ts';

type Ground = Pick<Base, 'db' | 'settings' | 'vault' | 'config'>;
const setting = 'first_machine';

/**
 * Makes the Management API as an API that tokens are asked for, or brings its address and scopes up to date: machines keep
 * what they were granted, and those that had every scope before have every scope after.
 */
export async function ensureSystemApi(base: Ground): Promise<void> {
  const identifier = managementAudience(base);
  const scopes = scopesOf(routes);
  await moveSystemApi(base, identifier);
  const isOfCustomers = (value: string) => scopesOfCustomers.some((one) => one.value === value);
  const before = ((await apiByIdentifier(base, identifier))?.scopes ?? []).filter(({ value }) => !isOfCustomers(value));
  const all = [...scopes, ...scopesOfCustomers];
  await ensureApi(base, { identifier, name: 'Regulars Management API', scopes: all });
  if (before.length === 0 || scopes.every(({ value }) => before.some((old) => old.value === value))) return;
  const page = { limit: 1000, start: { offset: 0 } };
  for (const grant of await listGrants(base.db, page, { audience: identifier })) {
    const hadAll = before.every(({ value }) => grant.scope.includes(value));
    if (hadAll)
      await updateGrant(
        base,
        grant.id,
        scopes.map(({ value }) => value),
      );
  }
}

/**
 * The first machine client, which may do everything at the server's own API: the one that the operator named in the
 * environment (made, or given that secret), else a random one, once for ever.
 *
 * @returns what to print, when a random one was made just now; null otherwise
 */
export async function ensureFirstMachine(
  base: Ground,
  check: PortalCheck,
): Promise<{ client_id: string; client_secret: string } | null> {
  const named = base.config.managementClient;
  return transact(base.db, async (tx) => {
    // Servers that start at once come here one after the other.
    await lockFirstStart(tx);
    const ground = { ...base, db: tx };
    const known = named && (await getPortal(tx, named.id));
    if (named && known) {
      if (!secretMatches(known, named.secret, base.vault)) {
        await updatePortal(ground, named.id, { client_secret: named.secret }, () => undefined);
      }
      return null;
    }
    if (!named && (await readSetting(tx, setting)) !== undefined) return null;
    const draft = {
      client_id: named?.id,
      client_secret: named?.secret,
      name: 'First machine client',
      app_type: 'non_interactive' as const,
    };
    // A server with another address may have begun meanwhile. Before anything else is written: whoever moves the API holds
    // it, and then says that settings have changed.
    await moveSystemApi(ground, managementAudience(base));
    const { portal, client_secret } = await createPortal(ground, draft, check);
    const scope = scopesOf(routes).map(({ value }) => value);
    await createGrant(ground, { client_id: portal.client_id, audience: managementAudience(base), scope });
    await writeSetting(tx, setting, portal.client_id);
    return named ? null : { client_id: portal.client_id, client_secret };
  });
}

/** The roles of staff with the scopes of this version, and the first administrator if the environment names one. */
export function ensureFirstStaff(base: Pick<Base, 'config' | 'db' | 'hasher'>): Promise<void> {
  return ensureStaff(
    base,
    scopesOf(routes).map(({ value }) => value),
  );
}
