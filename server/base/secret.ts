import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Config, ConfigError } from './config.ts';
import { secrets as parseSecrets } from './config-values.ts';
import { fingerprintOf } from './crypto.ts';
import { type Db, transact } from './db.ts';
import { readSetting, writeSetting } from './settings.ts';

/** Keys of 32 bytes, the newest first. */
export type Secrets = readonly [Buffer, ...Buffer[]];

const setting = 'secret_fingerprints';

/** The keys that were set, or else the one in the data folder, which is made at the first start. */
export async function openSecrets(config: Pick<Config, 'secrets' | 'dataFolder'>): Promise<Secrets> {
  if (config.secrets) return config.secrets;
  const file = join(config.dataFolder, 'secret');
  if (!existsSync(file)) await makeSecret(config.dataFolder, file);
  try {
    return parseSecrets((await readFile(file, 'utf8')).trim());
  } catch (error) {
    throw new ConfigError(`REGULARS_SECRET must be restored: ${file} cannot be read.`, { cause: error });
  }
}

/** Written whole beside its place and linked there, so that of two servers that start at once one makes the key. */
async function makeSecret(folder: string, file: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `secret-${process.pid}-${randomBytes(4).toString('hex')}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (!existsSync(file)) throw error; // else another server was faster
  } finally {
    await handle.close();
    await rm(draft);
  }
}

/**
 * Compares the keys with those that the data are encrypted with. Writes nothing, and takes an empty database.
 *
 * @throws ConfigError when a key is missing: this server could not read what others have written
 */
export async function checkSecrets(db: Db, secrets: Secrets): Promise<void> {
  const there = await sql<{ there: boolean }>`select to_regclass('settings') is not null as there`.execute(db);
  if (there.rows[0]?.there) await readNeeded(db, secrets);
}

/** Checks the keys once more and notes that the first of them is needed from now on. */
export async function acceptSecrets(db: Db, secrets: Secrets): Promise<void> {
  const current = fingerprintOf(secrets[0]);
  await transact(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(7348203)`.execute(tx);
    const needed = await readNeeded(tx, secrets);
    if (!needed.includes(current)) await writeSetting(tx, setting, [...needed, current]);
  });
}

/** After everything was encrypted anew with the first key: the others are needed no more. */
export async function forgetOldSecrets(db: Db, secrets: Secrets): Promise<void> {
  await writeSetting(db, setting, [fingerprintOf(secrets[0])]);
}

async function readNeeded(db: Db, secrets: Secrets): Promise<string[]> {
  const value = await readSetting(db, setting);
  const needed = Array.isArray(value) ? value.map(String) : [];
  const given = secrets.map(fingerprintOf);
  const missing = needed.filter((fingerprint) => !given.includes(fingerprint));
  if (missing.length === 0) return needed;
  throw new ConfigError(
    `REGULARS_SECRET must contain the key that this database was written with (fingerprint ${missing.join(', ')}), but what is set has ${given.join(', ')}.`,
  );
}
