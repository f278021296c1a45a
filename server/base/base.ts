import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createPasswordHasher, type PasswordHasher } from './credentials/password-hash.ts';
import { createPasswordStrength, type PasswordStrength } from './credentials/password-strength.ts';
import { openVault, type Vault } from './crypto.ts';
import { type Db, openDatabase } from './db.ts';
import { openErasureKey } from './erased.ts';
import { type Geo, openGeo } from './geo.ts';
import { createOutgoing, type Outgoing } from './net.ts';
import { type Notifications, openNotifications } from './notifications.ts';
import { readOutgoingHosts } from './outgoing-hosts.ts';
import { openPictures, type Pictures } from './pictures/pictures.ts';
import { openSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { openSettings, type Settings } from './settings.ts';

/** What the base gives to everything above it: one per server process. */
export type Base = {
  readonly config: Config;
  readonly log: Logger;
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly vault: Vault;
  readonly notifications: Notifications;
  readonly settings: Settings;
  readonly hasher: PasswordHasher;
  readonly strength: PasswordStrength;
  readonly outgoing: Outgoing;
  readonly geo: Geo;
  /** Pictures of other sites, as they may be shown from here. */
  readonly pictures: Pictures;
  /** Where the umbrella's own code runs. */
  readonly sandbox: Sandbox;
  close(): Promise<void>;
};

/** What `openBase` needs that only the start knows: where the database is and the secret's keys. */
export type Ground = {
  readonly config: Config;
  readonly log: Logger;
  readonly databaseUrl: string;
  /** Unpooled address, for LISTEN; the same as `databaseUrl` unless a pooler stands between. */
  readonly directUrl: string;
  readonly secrets: readonly [Buffer, ...Buffer[]];
};

/** Opens pool, vault, settings and the rest on a migrated database. */
export async function openBase({ config, log, databaseUrl, directUrl, secrets }: Ground): Promise<Base> {
  const database = openDatabase(databaseUrl, undefined, databaseUrl === directUrl);
  const notifications = await openNotifications(directUrl);
  const settings = await openSettings(database.db, notifications, (fault) =>
    log.warn({ err: fault }, 'settings not read'),
  );
  const vault = openVault(secrets);
  await openErasureKey(database.db, vault);
  const strength = createPasswordStrength();
  const sandbox = openSandbox({ log, memoryMb: config.rulesMemoryMb });
  const outgoing = createOutgoing({
    ownHosts: () => settings.remember('outgoing_hosts', () => readOutgoingHosts(database.db)),
  });
  const pictures = openPictures({ log, outgoing });
  return {
    config,
    log,
    db: database.db,
    pool: database.pool,
    vault,
    notifications,
    settings,
    hasher: createPasswordHasher(),
    strength,
    outgoing,
    geo: openGeo(config.geoip),
    pictures,
    sandbox,
    async close() {
      await sandbox.close();
      await pictures.close();
      await settings.close();
      await notifications.close();
      await strength.close();
      await database.close();
    },
  };
}
