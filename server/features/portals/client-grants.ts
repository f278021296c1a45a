import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { alphanumeric } from '../../base/ids.ts';
import * as store from './api-store.ts';
import { rememberFound } from './remember-found.ts';
import type { Start } from './store.ts';

/** What a machine may do at an API: the scopes it gets with client credentials. */
export type ClientGrant = {
  id: string;
  client_id: string;
  audience: string;
  scope: string[];
  /** Paths of attributes of customers, at the Management API; see contract/path-rule.ts. */
  reads: string[];
  writes: string[];
  /** Ids of the brands that it is limited to, there; null: none. */
  brands: string[] | null;
  created_at: Date;
};

/** Which attributes (lists of paths) of the customers of which brands (ids; null: all). */
export type GrantLimits = {
  reads?: readonly string[] | undefined;
  writes?: readonly string[] | undefined;
  brands?: readonly string[] | null | undefined;
};

type Ground = Pick<Base, 'db' | 'settings'>;

/**
 * Allows a client an API.
 *
 * @throws Problem `already_exists` for a second one of the same pair; `not_found` without such client or API
 */
export async function createGrant(
  base: Ground,
  draft: GrantLimits & { client_id: string; audience: string; scope: readonly string[] },
): Promise<ClientGrant> {
  const { client_id, audience, scope, reads = ['*'], writes = ['*'], brands = null } = draft;
  const id = `cgr_${alphanumeric(16)}`;
  const limits = { reads: [...reads], writes: [...writes], brands: brands && [...brands] };
  const row = { id, client_id, audience, scope: [...new Set(scope)], ...limits };
  return transact(base.db, async (tx) => {
    const grant = await store.insertGrant(tx, row, now()).catch((error: unknown) => {
      if (isForeignKeyViolation(error)) throw new Problem('not_found', 'There is no such client or resource server.');
      if (isUniqueViolation(error)) {
        throw new Problem('already_exists', 'A client grant for this client and audience already exists.');
      }
      throw error;
    });
    await base.settings.changed(tx);
    return grant;
  });
}

/** What limits a machine at an API, and what it is called. */
export type Machine = {
  readonly name: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly brands: readonly string[] | null;
};

/**
 * Which attributes of the customers of which brands this machine may read and write, from the database each time: none
 * once its grant is gone. Undefined when the client itself is gone or closed.
 */
export async function machineLimits(db: Db, clientId: string, audience: string): Promise<Machine | undefined> {
  const found = await store.readStanding(db, clientId, audience);
  if (!found?.enabled) return undefined;
  const { name, reads, writes, brands } = found;
  return { name, reads: reads ?? [], writes: writes ?? [], brands };
}

/** What this client may do at the API of this audience; from this process's memory, at most 2 s old. */
export function grantFor(base: Ground, clientId: string, audience: string): Promise<ClientGrant | undefined> {
  const key = `grant:${JSON.stringify([clientId, audience])}`;
  return rememberFound(base.settings, key, () => store.readGrant(base.db, { client_id: clientId, audience }));
}

/** The grant with this id, from the database. */
export function getGrant(db: Db, id: string): Promise<ClientGrant | undefined> {
  return store.readGrant(db, { id });
}

/** Grants, the oldest first; `limit` at most, from `start`. */
export function listGrants(
  db: Db,
  page: { limit: number; start: Start },
  only: store.GrantFilter = {},
): Promise<ClientGrant[]> {
  return store.readGrants(db, page.limit, page.start, only);
}

/** How many grants there are. */
export function countGrants(db: Db, only: store.GrantFilter = {}): Promise<number> {
  return store.countGrants(db, only);
}

/**
 * Replaces the scopes of a grant, and the limits that are given.
 *
 * @throws Problem `not_found`
 */
export async function updateGrant(
  base: Ground,
  id: string,
  scope: readonly string[],
  { reads, writes, brands }: GrantLimits = {},
): Promise<ClientGrant> {
  return transact(base.db, async (tx) => {
    const grant = await store.writeGrant(tx, id, {
      scope: [...new Set(scope)],
      ...(reads && { reads: [...reads] }),
      ...(writes && { writes: [...writes] }),
      ...(brands !== undefined && { brands: brands && [...brands] }),
    });
    if (!grant) throw new Problem('not_found', 'The grant does not exist.');
    await base.settings.changed(tx);
    return grant;
  });
}

/** Takes a grant away: no new tokens from now on; says whether there was one. */
export async function removeGrant(base: Ground, id: string): Promise<boolean> {
  return transact(base.db, async (tx) => {
    const removed = await store.deleteGrant(tx, id);
    if (removed) await base.settings.changed(tx);
    return removed;
  });
}
