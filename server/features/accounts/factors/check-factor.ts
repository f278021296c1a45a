import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { readCode } from '../../../base/credentials/one-time-code.ts';
import { readRecoveryCode, recoveryCodeHash } from '../../../base/credentials/recovery-codes.ts';
import { matchTotp } from '../../../base/credentials/totp.ts';
import { transact } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { appendTimeline } from '../../customers/customers.ts';
import type { Asked } from '../asked.ts';
import { guess } from '../guess.ts';
import { tell } from '../notices.ts';
import { happened, nobody } from '../timeline-names.ts';
import type { PassedFactor, TypedFactor } from './factor.ts';
import { readFactors, type StoredFactor, takeRecoveryCode, takeStep } from './factor-store.ts';
import { sealedContext } from './factors.ts';
import { redeemFactorCode } from './send-code.ts';

/**
 * Checks what was typed as a second factor, and uses it up. A wrong one counts with the customer's wrong passwords (ten
 * from one place), and by itself: twenty in an hour, from anywhere, lock this step until it is unlocked by mail. Always
 * commits by itself, so that no failure is forgotten by a rollback.
 *
 * @param check `flow` is where a sent code was asked for
 * @throws Problem code_wrong, code_expired (used before or too old), too_many_attempts, busy
 */
export async function checkFactor(
  base: Pick<Base, 'config' | 'db' | 'settings' | 'vault'>,
  check: { customer: string; flow: string; typed: TypedFactor; asked: Asked },
): Promise<PassedFactor> {
  const { customer, flow, typed, asked } = check;
  if (typed.by === 'code')
    return redeemFactorCode(base, { customer, flow, asked, code: typed.code, typed: typed.typed });
  const isRecovery = typed.by === 'recovery_code';
  // What cannot be a code is a slip, not a guess.
  const read = isRecovery ? readRecoveryCode(typed.typed) : readCode(typed.typed);
  if (read === undefined) throw wrong(isRecovery);
  const factors = await readFactors(base.db, customer);
  const result = await guess(
    base,
    { customer },
    asked,
    () => (isRecovery ? tryRecoveryCode(base, factors, read) : tryTotp(base, factors, read)),
    { step: 'factor' },
  );
  if (result.right) {
    const { subject, id, kind } = result.value.factor;
    if (isRecovery) await tellOfRecovery(base, customer, subject, asked);
    return { factor: id, kind, subject, amr: ['otp', 'mfa'] };
  }
  const subject = factors[0]?.factor.subject ?? nobody;
  await appendTimeline(base.db, [
    happened('wrong_factor', subject, asked, { occurredAt: now(), data: { by: typed.by } }),
  ]);
  throw wrong(isRecovery);
}

async function tryTotp(
  { db, vault }: Pick<Base, 'db' | 'vault'>,
  factors: readonly StoredFactor[],
  typed: string,
): Promise<StoredFactor | undefined> {
  const at = now();
  for (const one of factors) {
    if (one.factor.kind !== 'totp' || one.sealed === null) continue;
    const step = matchTotp(vault.decrypt(one.sealed, sealedContext), typed, at);
    if (step === undefined) continue;
    if (await takeStep(db, one.factor, step, at)) return one;
    // Right, but used: by a second click, or by somebody who looked over a shoulder.
    throw new Problem('code_expired', 'This code was used already. Wait for the next one.', { reason: 'used' });
  }
  return undefined;
}

async function tryRecoveryCode(
  { db }: Pick<Base, 'db'>,
  factors: readonly StoredFactor[],
  code: string,
): Promise<StoredFactor | undefined> {
  for (const one of factors) {
    if (one.factor.kind !== 'recovery_codes') continue;
    if (await takeRecoveryCode(db, one.factor, recoveryCodeHash(one.factor.id, code), now())) return one;
  }
  return undefined;
}

/** A recovery code is for emergencies: whoever did not use one has to know. */
async function tellOfRecovery(
  base: Pick<Base, 'config' | 'db'>,
  customer: string,
  subject: string,
  asked: Asked,
): Promise<void> {
  await transact(base.db, async (tx) => {
    await appendTimeline(tx, [happened('recovery_code_used', subject, asked, { occurredAt: now() })]);
    await tell(base, tx, { customer, content: { kind: 'recovery_code_used' }, asked });
  });
}

function wrong(isRecovery: boolean): Problem {
  return new Problem('code_wrong', 'That code is not right.', { reason: isRecovery ? 'recovery' : 'app' });
}
