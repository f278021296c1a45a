import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type Base, openBase } from './base.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { Logger } from './log.ts';
import { checkDatabase, migrate } from './migrate.ts';
import { acceptSecrets, checkSecrets, openSecrets, type Secrets } from './secret.ts';
import { readSetting, writeSetting } from './settings.ts';

/** What every command that needs the database stands on. */
export type OpenGround = {
  readonly base: Base;
  /** Unpooled address of the database. */
  readonly directUrl: string;
  readonly secrets: Secrets;
  /** Closes the base; stops the embedded database if nobody else uses it. */
  close(): Promise<void>;
};

/**
 * Opens the database (the one that was set, or the embedded one), checks the secret, migrates, opens the base.
 *
 * @throws ConfigError when a setting does not fit the database
 */
export async function openGround(config: Config, log: Logger): Promise<OpenGround> {
  await using opened = new AsyncDisposableStack();
  const { databaseUrl, directUrl } = await findDatabase(config, log, opened);
  const secrets = await openSecrets(config);
  await checkFirst(directUrl, secrets);
  const ran = await migrate(directUrl);
  if (ran.length > 0) log.info({ migrations: ran }, 'Database migrated.');
  const base = await openBase({ config, log, databaseUrl, directUrl, secrets });
  opened.defer(() => base.close());
  await acceptSecrets(base.db, secrets);
  await noteIssuer(base);
  const closing = opened.move();
  return { base, directUrl, secrets, close: () => closing.disposeAsync() };
}

async function findDatabase(config: Config, log: Logger, opened: AsyncDisposableStack) {
  const { databaseUrl, databaseDirectUrl, dataFolder } = config;
  if (databaseUrl) return { databaseUrl, directUrl: databaseDirectUrl ?? databaseUrl };
  const postgres = await startEmbeddedPostgres(dataFolder, log);
  opened.defer(() => postgres.stop());
  if (postgres.folder !== join(await realpath(dataFolder), 'postgres')) {
    log.info(`The database is in ${postgres.folder}, because PostgreSQL's user cannot reach ${dataFolder}.`);
  }
  return { databaseUrl: postgres.url, directUrl: postgres.url };
}

/** A server with another secret must not even migrate. */
async function checkFirst(url: string, secrets: Secrets): Promise<void> {
  await checkDatabase(url);
  const { db, close } = openDatabase(url, 1);
  try {
    await checkSecrets(db, secrets);
  } finally {
    await close();
  }
}

/** The issuer is in every token and at every portal: that it has changed is allowed, but worth a sentence. */
async function noteIssuer({ db, config, log }: Base): Promise<void> {
  const known = await readSetting(db, 'issuer');
  if (known === config.issuer) return;
  if (known) {
    log.warn(
      `REGULARS_URL has changed: the issuer was ${known} and is now ${config.issuer}; portals and machines must be told, and customers sign in again.`,
    );
  }
  await writeSetting(db, 'issuer', config.issuer);
}
