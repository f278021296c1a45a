import { z } from 'zod';
import { type ApiScope, type ApiSettings, apiScope, apiSettings } from '../../../contract/resource-servers.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { hex24 } from '../../base/ids.ts';
import * as store from './api-store.ts';
import { rememberFound } from './remember-found.ts';

/** An API that tokens are asked for (Auth0's resource server). */
export type Api = {
  /** 24 hexadecimal digits. */
  id: string;
  /** The `audience` of its tokens. */
  identifier: string;
  name: string | null;
  scopes: ApiScope[];
  settings: ApiSettings;
  /** The Management API: made by the server, not to be changed. */
  is_system: boolean;
  created_at: Date;
  updated_at: Date;
};

export type ApiDraft = {
  identifier: string;
  name?: string | undefined;
  scopes?: ApiScope[] | undefined;
  settings?: { [Name in keyof ApiSettings]?: ApiSettings[Name] | undefined } | undefined;
  is_system?: boolean | undefined;
};
export type ApiPatch = Omit<ApiDraft, 'identifier' | 'is_system'>;

type Ground = Pick<Base, 'db' | 'settings'>;

const defaults: ApiSettings = {
  signing_alg: 'RS256',
  allow_offline_access: false,
  token_lifetime: 86_400,
  token_lifetime_for_web: 7200,
  skip_consent_for_verifiable_first_party_clients: true,
};

/**
 * Makes an API.
 *
 * @throws Problem `already_exists` when the identifier is taken
 */
export async function createApi(base: Ground, draft: ApiDraft): Promise<Api> {
  const key = { id: hex24(), identifier: draft.identifier, is_system: draft.is_system ?? false };
  const columns = apply({ name: null, scopes: [], settings: defaults }, draft);
  return transact(base.db, async (tx) => {
    const row = await store.insertApi(tx, key, columns, now()).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new Problem('already_exists', 'A resource server with the same identifier already exists.');
    });
    await base.settings.changed(tx);
    return toApi(row);
  });
}

/** The API of this audience, from this process's memory; at most 2 s old. */
export async function apiByIdentifier(base: Ground, identifier: string): Promise<Api | undefined> {
  if (identifier.length > 600 || identifier.includes('\0')) return undefined;
  return rememberFound(base.settings, `api:${identifier}`, async () => {
    const row = await store.readApi(base.db, { identifier });
    return row && toApi(row);
  });
}

/** By its id or, as Auth0 allows, its identifier; from the database. */
export async function getApi(db: Db, idOrIdentifier: string): Promise<Api | undefined> {
  const row =
    (await store.readApi(db, { id: idOrIdentifier })) ?? (await store.readApi(db, { identifier: idOrIdentifier }));
  return row && toApi(row);
}

/** APIs, the oldest first, with how many there are in all. */
export async function listApis(
  db: Db,
  page: { limit: number; offset: number },
  identifiers?: readonly string[],
): Promise<{ apis: Api[]; total: number }> {
  const rows = await store.readApis(db, page.limit, page.offset, identifiers);
  return { apis: rows.map(toApi), total: await store.countApis(db, identifiers) };
}

/**
 * Changes what the patch names; `scopes` is replaced as a whole.
 *
 * @throws Problem `not_found`; `invalid_body` for the Management API
 */
export async function updateApi(base: Ground, idOrIdentifier: string, patch: ApiPatch): Promise<Api> {
  return transact(base.db, async (tx) => {
    const { id } = await findChangeable(tx, idOrIdentifier);
    const row = await store.lockApi(tx, id);
    if (!row) throw notFound();
    const written = await store.writeApi(tx, id, apply(toApi(row), patch), now());
    await base.settings.changed(tx);
    return toApi(written);
  });
}

/**
 * Removes an API with the grants for it.
 *
 * @throws Problem `not_found`; `invalid_body` for the Management API
 */
export async function removeApi(base: Ground, idOrIdentifier: string): Promise<void> {
  await transact(base.db, async (tx) => {
    const { id } = await findChangeable(tx, idOrIdentifier);
    await store.deleteApi(tx, id);
    await base.settings.changed(tx);
  });
}

/** Calls the system's own API by the address that the server has now; what machines were granted goes along. */
export async function moveSystemApi(base: Ground, identifier: string): Promise<void> {
  await transact(base.db, async (tx) => {
    if (await store.moveSystemApi(tx, identifier, now())) await base.settings.changed(tx);
  });
}

/** Writes the scopes of the system's own API, which nobody else may change; makes it when it is not there. */
export async function ensureApi(base: Ground, draft: ApiDraft): Promise<Api> {
  const known = await store.readApi(base.db, { identifier: draft.identifier });
  if (!known) {
    try {
      return await createApi(base, { ...draft, is_system: true });
    } catch (error) {
      // Another server made it at the same moment.
      const made = await getApi(base.db, draft.identifier);
      if (made) return made;
      throw error;
    }
  }
  const api = toApi(known);
  const wished = apply(api, draft);
  if (JSON.stringify(wished) === JSON.stringify(apply(api, {}))) return api;
  return transact(base.db, async (tx) => {
    const written = await store.writeApi(tx, api.id, wished, now());
    await base.settings.changed(tx);
    return toApi(written);
  });
}

async function findChangeable(tx: Db, idOrIdentifier: string): Promise<Api> {
  const api = await getApi(tx, idOrIdentifier);
  if (!api) throw notFound();
  if (api.is_system) throw new Problem('invalid_body', 'System resource servers cannot be changed.');
  return api;
}

function apply(current: store.ApiColumns, wish: ApiPatch): store.ApiColumns {
  const scopes = wish.scopes ?? current.scopes;
  const twice = scopes.find((scope, index) => scopes.findIndex((other) => other.value === scope.value) !== index);
  if (twice) throw new Problem('invalid_body', `Duplicate scope ${twice.value} on property scopes.`);
  const settings = Object.entries(wish.settings ?? {}).filter(([, value]) => value !== undefined);
  return {
    name: wish.name ?? current.name,
    scopes,
    settings: apiSettings.parse({ ...current.settings, ...Object.fromEntries(settings) }),
  };
}

function notFound(): Problem {
  return new Problem('not_found', 'The resource server does not exist');
}

function toApi(row: store.ApiRow): Api {
  return { ...row, scopes: z.array(apiScope).parse(row.scopes), settings: apiSettings.parse(row.settings) };
}
