import { sql } from 'kysely';
import type { Db } from './db.ts';
import type { Notifications } from './notifications.ts';

/**
 * What rarely changes and is read at every request (brands, portals, connections, keys): kept per process, thrown
 * away as a whole when `settings_version` changes. Never for blocked customers, sessions, tokens, staff roles.
 */
export type Settings = {
  /** The value under `key`, loaded once; callers that come at the same time share one load. */
  remember<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** Call inside the transaction that changes a remembered setting: every process forgets once it commits. */
  changed(tx: Db): Promise<void>;
  /** Looks at the version now, so that the caller reads what it has just written. */
  refresh(): Promise<void>;
  /** Calls `listener` after each change; returns how to stop. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
};

const pollMs = 1000;
const mostEntries = 10_000;

/**
 * Starts following `settings_version`: by notifications, and a look every second because one can be lost while their
 * connection is being replaced.
 */
export async function openSettings(
  db: Db,
  notifications: Notifications,
  onFault: (fault: unknown) => void,
): Promise<Settings> {
  const entries = new Map<string, Promise<unknown>>();
  const listeners = new Set<() => void>();
  let version = await readVersion(db);
  let closed = false;
  // One look after the other, at most one that waits (it sees what all before it were told of), none that outlives `close`.
  let looking = Promise.resolve();
  let waits = false;
  function queue(look: () => Promise<void>): void {
    if (waits) return;
    waits = true;
    looking = looking
      .then(() => {
        waits = false;
        return closed ? undefined : look();
      })
      .catch(onFault);
  }

  async function refresh(): Promise<void> {
    const newest = await readVersion(db);
    if (newest === version) return;
    version = newest;
    entries.clear();
    for (const listener of listeners) listener();
  }

  async function look(): Promise<void> {
    await notifications.ensure();
    await refresh();
  }

  await notifications.listen('settings', () => queue(refresh));
  const timer = setInterval(() => queue(look), pollMs);
  timer.unref();

  return {
    async remember<T>(key: string, load: () => Promise<T>): Promise<T> {
      // The key names the loader, so what stands under it is what this loader once gave.
      const known = entries.get(key) as Promise<T> | undefined;
      if (known) return known;
      const loading = load();
      if (entries.size >= mostEntries) entries.clear();
      entries.set(key, loading);
      loading.catch(() => {
        if (entries.get(key) === loading) entries.delete(key);
      });
      return loading;
    },
    async changed(tx) {
      await sql`select bump_settings()`.execute(tx);
    },
    refresh,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

/**
 * For who holds a connection: what they read, they read by it themselves. A load that they share with others may wait for
 * one, and all of them may be held by those who wait for it.
 */
export function unshared(settings: Settings): Settings {
  return { ...settings, remember: (_key, load) => load() };
}

async function readVersion(db: Db): Promise<string> {
  const row = await db.selectFrom('settings_version').select('version').executeTakeFirstOrThrow();
  return row.version;
}

/** One named setting that is not an environment variable, or undefined. */
export async function readSetting(db: Db, name: string) {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

/** Writes a named setting. */
export async function writeSetting(db: Db, name: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value);
  await db
    .insertInto('settings')
    .values({ name, value: json })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: json }))
    .execute();
}
