import type { Db } from './db.ts';
import { Problem } from './errors.ts';
import { readSetting, type Settings, writeSetting } from './settings.ts';

const name = 'outgoing_hosts';
const form = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]):[0-9]{1,5}$/;

/**
 * The umbrella's own hosts that may be called although their address is private: `host:port` as a URL writes the
 * host (`localhost:4101`, `[::1]:8080`).
 */
export async function readOutgoingHosts(db: Db): Promise<ReadonlySet<string>> {
  const value = await readSetting(db, name);
  return new Set(Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []);
}

/**
 * Replaces the list of the umbrella's own hosts.
 *
 * @throws Problem `invalid_body` for an entry that is no `host:port`
 */
export async function writeOutgoingHosts(tx: Db, settings: Settings, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) {
    if (!form.test(host)) throw new Problem('invalid_body', `Not a host and port: ${host}`);
  }
  await writeSetting(tx, name, [...new Set(hosts)]);
  await settings.changed(tx);
}
