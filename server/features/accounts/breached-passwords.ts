import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BreachedPasswords, breachedPasswords } from '../../../contract/umbrella.ts';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';

const setting = 'breached_passwords';
const folder = 'breached-passwords';
const limits = { timeoutMs: 2000, maxBytes: 2_000_000 };

/** Where breached passwords are looked up; null: nowhere. */
export async function readBreachedPasswords(db: Db): Promise<BreachedPasswords> {
  return breachedPasswords.safeParse(await readSetting(db, setting)).data ?? null;
}

/** Sets it. @throws Problem `invalid_body` for an address that anybody on the way could answer for */
export async function writeBreachedPasswords(
  { outgoing, settings }: Pick<Base, 'outgoing' | 'settings'>,
  tx: Db,
  value: BreachedPasswords,
): Promise<void> {
  if (value?.source === 'address' && !value.address.startsWith('https:') && !(await outgoing.isOwn(value.address))) {
    throw new Problem('invalid_body', 'breached_passwords.address must begin with https://');
  }
  await writeSetting(tx, setting, value);
  await settings.changed(tx);
}

/**
 * Has this password appeared in a breach, as far as the umbrella's source knows? Of its SHA-1 the first five digits are
 * looked up, so that nobody outside learns which it is (k-anonymity, as the range API of Have I Been Pwned). A source
 * that does not answer in time keeps nobody from signing up: the answer is no then, and the log says why.
 */
export async function isBreached(
  base: Pick<Base, 'config' | 'db' | 'log' | 'outgoing' | 'settings'>,
  password: string,
): Promise<boolean> {
  const source = await base.settings.remember(setting, () => readBreachedPasswords(base.db));
  if (!source) return false;
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
  try {
    const range = await (source.source === 'folder'
      ? readRange(join(base.config.dataFolder, folder), hash.slice(0, 5))
      : askRange(base, source.address, hash.slice(0, 5)));
    return isIn(range, hash.slice(5));
  } catch (fault) {
    // Nothing of the fault is logged but its kind: paths and addresses hold the digits.
    base.log.warn({ source: source.source, why: kindOf(fault) }, 'Breached passwords could not be looked up.');
    return false;
  }
}

async function readRange(place: string, prefix: string): Promise<string> {
  try {
    return await readFile(join(place, `${prefix}.txt`), 'latin1');
  } catch {
    return readFile(join(place, prefix), 'latin1');
  }
}

async function askRange({ outgoing }: Pick<Base, 'outgoing'>, address: string, prefix: string): Promise<string> {
  const url = `${address.replace(/\/$/, '')}/${prefix}`;
  // Padded, so that the length of the answer tells nothing either.
  const answer = await outgoing.fetch(url, { headers: { 'add-padding': 'true', accept: 'text/plain' } }, limits);
  if (answer.status !== 200) throw new Problem('outgoing_failed', undefined, { reason: `status ${answer.status}` });
  return answer.text();
}

/** Lines are `<the other 35 digits>:<how often>`; those of padding were seen 0 times. */
function isIn(range: string, suffix: string): boolean {
  for (const line of range.split('\n')) {
    const [digits = '', count = ''] = line.trim().split(':');
    if (digits.toUpperCase() === suffix) return Number(count) > 0;
  }
  return false;
}

function kindOf(fault: unknown): string {
  if (isProblem(fault)) return `${fault.code} ${String(fault.extra.reason ?? '')}`.trim();
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
