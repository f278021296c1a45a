import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { readCode } from '../../base/credentials/one-time-code.ts';
import { makeRecoveryCodes, readRecoveryCode, recoveryCodeHash } from '../../base/credentials/recovery-codes.ts';
import { matchTotp } from '../../base/credentials/totp.ts';
import type { ProvenTotp } from '../../base/credentials/totp-draft.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import { readSetting, writeSetting } from '../../base/settings.ts';
import {
  insertRecoveryCodes,
  insertTotp,
  readFactors,
  type StoredFactor,
  sealedContext,
  takeRecoveryCode,
  takeStep,
} from './factor-store.ts';
import { guessStaff } from './guess.ts';
import { tell } from './mails.ts';
import { deleteWays, holdStaff, readWays } from './ways-store.ts';

const setting = 'staff_second_factor';
/** At most so many apps. */
const most = 10;

/** Must everybody have a second factor? Yes, unless the umbrella has turned that off. */
export async function factorIsRequired(db: Db): Promise<boolean> {
  return (await readSetting(db, setting)) !== 'optional';
}

export function requireFactor(tx: Db, isRequired: boolean): Promise<void> {
  return writeSetting(tx, setting, isRequired ? 'required' : 'optional');
}

/**
 * Checks a code of an app, or a recovery code, and uses it up. A wrong one counts with the wrong passwords, and by
 * itself: twenty in an hour lock this step. Always commits by itself, so that no failure is forgotten by a rollback.
 *
 * @returns the way it was done by
 * @throws Problem code_wrong, code_expired (used before), too_many_attempts, busy
 */
export async function checkFactor(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  check: { staff: string; by: 'totp' | 'recovery_code'; typed: string; ip: string },
): Promise<string> {
  const { staff, by, typed, ip } = check;
  const isRecovery = by === 'recovery_code';
  // What cannot be a code is a slip, not a guess.
  const read = isRecovery ? readRecoveryCode(typed) : readCode(typed);
  const wrong = new Problem('code_wrong', 'That code is not right.');
  if (read === undefined) throw wrong;
  const factors = await readFactors(base.db, staff);
  const attempt = () => (isRecovery ? tryRecoveryCode(base, factors, read) : tryTotp(base, factors, read));
  const result = await guessStaff(base, { staff }, ip, attempt, { step: 'factor' });
  if (!result.right) throw wrong;
  if (isRecovery) await transact(base.db, (tx) => tell(base, tx, staff, { kind: 'recovery_code_used' }));
  return result.value;
}

async function tryTotp(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  factors: readonly StoredFactor[],
  typed: string,
): Promise<string | undefined> {
  const at = now();
  for (const { id, kind, sealed } of factors) {
    if (kind !== 'totp' || sealed === null) continue;
    const step = matchTotp(vault.decrypt(sealed, sealedContext), typed, at);
    if (step === undefined) continue;
    if (await takeStep(db, id, step, at)) return id;
    throw new Problem('code_expired', 'This code was used already. Wait for the next one.');
  }
  return undefined;
}

async function tryRecoveryCode(
  { db }: Pick<Base, 'db'>,
  factors: readonly StoredFactor[],
  code: string,
): Promise<string | undefined> {
  for (const { id, kind } of factors) {
    if (kind === 'recovery_codes' && (await takeRecoveryCode(db, id, recoveryCodeHash(id, code), now()))) return id;
  }
  return undefined;
}

/**
 * Adds an app whose first code was typed; they are told by mail. With the first one come recovery codes.
 *
 * @returns the recovery codes, to be shown once; none when there are some already
 * @throws Problem conflict when there are ten apps
 */
export async function addTotp(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  { staff, proven, name }: { staff: string; proven: ProvenTotp; name: string },
): Promise<readonly string[]> {
  if (!(await holdStaff(tx, staff))) throw new Problem('flow_expired');
  const ways = await readWays(tx, staff);
  if (ways.filter(({ kind }) => kind === 'totp').length >= most) {
    throw new Problem('conflict', 'There are ten authenticator apps already. Remove one first.');
  }
  const sealed = base.vault.encrypt(proven.secret, sealedContext);
  await insertTotp(tx, { id: proven.id, staff, name, sealed, lastStep: proven.step, at: now() });
  await tell(base, tx, staff, { kind: 'factor_added', what: name });
  return firstRecoveryCodes(tx, staff);
}

/** Recovery codes for who has none yet, to be shown once. */
export async function firstRecoveryCodes(tx: Db, staff: string): Promise<readonly string[]> {
  const has = (await readWays(tx, staff)).some(({ kind }) => kind === 'recovery_codes');
  return has ? [] : writeRecoveryCodes(tx, staff);
}

/** Ten new recovery codes, to be shown once; those that there were are worth nothing from now on. */
export function renewRecoveryCodes(base: Pick<Base, 'config' | 'db'>, staff: string): Promise<readonly string[]> {
  return transact(base.db, async (tx) => {
    if (!(await holdStaff(tx, staff))) throw new Problem('flow_expired');
    const codes = await writeRecoveryCodes(tx, staff);
    await tell(base, tx, staff, { kind: 'recovery_codes_made' });
    return codes;
  });
}

async function writeRecoveryCodes(tx: Db, staff: string): Promise<readonly string[]> {
  await deleteWays(tx, staff, ['recovery_codes']);
  const id = uuid();
  const codes = makeRecoveryCodes();
  await insertRecoveryCodes(tx, { id, staff, hashes: codes.map((code) => recoveryCodeHash(id, code)), at: now() });
  return codes;
}
