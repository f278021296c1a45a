import { type AppType, appType, type PortalSettings, portalSettings } from '../../../contract/portals.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, isForeignKeyViolation, isUniqueViolation, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { defaultBrand } from '../brands/brands.ts';
import { applyWishes, defaultSettings, type PortalWishes } from './portal-defaults.ts';
import { rememberFound } from './remember-found.ts';
import { newClientId, newClientSecret, sealSecret } from './secrets.ts';
import * as store from './store.ts';

// The face of this feature: what other folders may use of its files.
export {
  type ClientGrant,
  countGrants,
  createGrant,
  getGrant,
  grantFor,
  listGrants,
  machineLimits,
  removeGrant,
  updateGrant,
} from './client-grants.ts';
export { defaultSettings, type PortalWishes } from './portal-defaults.ts';
export {
  type Api,
  type ApiDraft,
  type ApiPatch,
  apiByIdentifier,
  createApi,
  ensureApi,
  getApi,
  listApis,
  moveSystemApi,
  removeApi,
  updateApi,
} from './resource-servers.ts';
export { secretMatches } from './secrets.ts';

/** A site, app or till where customers sign in, or a machine: an OIDC client. What rarely changes, so it is cached. */
export type Portal = {
  client_id: string;
  /** Id of its brand; only a machine may have none. */
  brand: string | null;
  name: string;
  app_type: AppType;
  /** Encrypted hash; see `secretMatches`. Null: it never had a secret. */
  secret_hash: string | null;
  /** `non_interactive`: no customer signs in there. */
  is_machine: boolean;
  /** The account pages of its brand sign in as this one. */
  is_account: boolean;
  settings: PortalSettings;
  created_at: Date;
  updated_at: Date;
};

/** With what is never cached. */
export type PortalRecord = Portal & { enabled: boolean };

/** What makes a portal; what is left out has its default. */
export type PortalDraft = {
  client_id?: string | undefined;
  client_secret?: string | undefined;
  name: string;
  app_type?: AppType | undefined;
  /** Brand id; without it the default brand (a machine: none). */
  brand?: string | undefined;
  enabled?: boolean | undefined;
  settings?: PortalWishes | undefined;
  /** The account pages of the brand sign in as this one: there is but one. */
  is_account?: boolean | undefined;
};

export type PortalPatch = {
  [Name in Exclude<keyof PortalDraft, 'client_id' | 'is_account'>]?: PortalDraft[Name] | undefined;
};

/** Refuses (Problem `invalid_body`) what the protocol engine would not take as a client. Handed in by the surface. */
export type PortalCheck = (portal: Portal) => void | Promise<void>;

type Ground = Pick<Base, 'db' | 'settings' | 'vault'>;

/**
 * Makes a portal and its secret, which is told here and never again.
 *
 * @throws Problem `already_exists` (client id), `invalid_body`
 */
export async function createPortal(
  base: Ground,
  draft: PortalDraft,
  check: PortalCheck,
): Promise<{ portal: PortalRecord; client_secret: string }> {
  const type = draft.app_type ?? 'regular_web';
  const at = now();
  const secret = draft.client_secret ?? newClientSecret();
  const columns: store.PortalColumns = {
    brand: draft.brand ?? (type === 'non_interactive' ? null : (await defaultBrand(base)).id),
    name: draft.name,
    app_type: type,
    settings: applyWishes(type, defaultSettings(type), draft.settings ?? {}),
    secret_hash: sealSecret(base.vault, secret),
    enabled: draft.enabled ?? true,
  };
  const clientId = draft.client_id ?? newClientId();
  const { is_account = false } = draft;
  await checkPortal({ ...columns, is_account, client_id: clientId, created_at: at, updated_at: at }, check);
  return transact(base.db, async (tx) => {
    const row = await store.insertPortal(tx, clientId, { ...columns, is_account }, at).catch(refuse);
    await base.settings.changed(tx);
    return { portal: toRecord(row), client_secret: secret };
  });
}

/** The portal with this client id, from this process's memory (at most 2 s old). Ask `portalIsEnabled` beside it. */
export async function portal(base: Pick<Base, 'db' | 'settings'>, clientId: string): Promise<Portal | undefined> {
  if (!/^[\x21-\x7e]{1,128}$/.test(clientId)) return undefined;
  return rememberFound<Portal>(base.settings, `portal:${clientId}`, async () => {
    const row = await store.readPortal(base.db, clientId);
    return row && toPortal(row);
  });
}

/** Is there such a portal, and is it open? From the database each time. */
export async function portalIsEnabled(db: Db, clientId: string): Promise<boolean> {
  return (await store.readPortal(db, clientId))?.enabled === true;
}

/** The portal with this client id, from the database. */
export async function getPortal(db: Db, clientId: string): Promise<PortalRecord | undefined> {
  const row = await store.readPortal(db, clientId);
  return row && toRecord(row);
}

/** Portals, the oldest first; `limit` at most, from `start`. */
export async function listPortals(
  db: Db,
  page: { limit: number; start: store.Start },
  only: store.PortalFilter = {},
): Promise<PortalRecord[]> {
  return (await store.readPortals(db, page.limit, page.start, only)).map(toRecord);
}

/** How many portals there are. */
export function countPortals(db: Db, only: store.PortalFilter = {}): Promise<number> {
  return store.countPortals(db, only);
}

/**
 * Changes what the patch names; nested settings are laid over the old ones. `checkOld` sees the portal as it is before,
 * and may throw.
 *
 * @throws Problem `not_found`, `invalid_body`
 */
export async function updatePortal(
  base: Ground,
  clientId: string,
  patch: PortalPatch,
  check: PortalCheck,
  checkOld: (portal: PortalRecord) => void = () => undefined,
): Promise<PortalRecord> {
  return transact(base.db, async (tx) => {
    const row = await store.lockPortal(tx, clientId);
    if (!row) throw new Problem('not_found', 'The client does not exist');
    const old = toRecord(row);
    checkOld(old);
    const type = patch.app_type ?? old.app_type;
    const columns: store.PortalColumns = {
      brand: patch.brand ?? old.brand ?? (type === 'non_interactive' ? null : (await defaultBrand(base)).id),
      name: patch.name ?? old.name,
      app_type: type,
      settings: applyWishes(type, old.settings, patch.settings ?? {}),
      secret_hash: patch.client_secret === undefined ? old.secret_hash : sealSecret(base.vault, patch.client_secret),
      enabled: patch.enabled ?? old.enabled,
    };
    await checkPortal({ ...old, ...columns }, check);
    const written = await store.writePortal(tx, clientId, columns, now()).catch(refuse);
    await base.settings.changed(tx);
    return toRecord(written);
  });
}

/**
 * Gives a portal a new secret; the old one is good for nothing from now on.
 *
 * @throws Problem `not_found`
 */
export async function rotateSecret(
  base: Ground,
  clientId: string,
): Promise<{ portal: PortalRecord; client_secret: string }> {
  const secret = newClientSecret();
  const changed = await updatePortal(base, clientId, { client_secret: secret }, () => undefined);
  return { portal: changed, client_secret: secret };
}

/** Removes a portal with its grants; nothing happens if there is none. */
export async function removePortal(base: Pick<Base, 'db' | 'settings'>, clientId: string): Promise<boolean> {
  return transact(base.db, async (tx) => {
    const removed = await store.deletePortal(tx, clientId);
    if (removed) await base.settings.changed(tx);
    return removed;
  });
}

/** What no portal may be, whatever the engine thinks; then what the engine thinks. */
async function checkPortal(draft: Omit<Portal, 'is_machine'>, check: PortalCheck): Promise<void> {
  const { settings, app_type } = draft;
  if (settings.token_endpoint_auth_method === 'none' && settings.grant_types.includes('client_credentials')) {
    throw new Problem(
      'invalid_body',
      "The grant type 'client_credentials' in grant_types needs another token_endpoint_auth_method than 'none'.",
    );
  }
  await check({ ...draft, is_machine: app_type === 'non_interactive' });
}

function refuse(error: unknown): never {
  if (isUniqueViolation(error)) throw new Problem('already_exists', 'A client with this client_id exists already.');
  if (isForeignKeyViolation(error)) throw new Problem('invalid_body', 'There is no such brand (property brand).');
  throw error;
}

function toRecord(row: store.PortalRow): PortalRecord {
  return { ...toPortal(row), enabled: row.enabled };
}

function toPortal({ enabled: _, ...row }: store.PortalRow): Portal {
  return { ...row, app_type: appType.parse(row.app_type), settings: portalSettings.parse(row.settings) };
}
