import type { Base } from '../../../base/base.ts';
import { now } from '../../../base/clock.ts';
import { makeRecoveryCodes, recoveryCodeHash } from '../../../base/credentials/recovery-codes.ts';
import { type Db, transact } from '../../../base/db.ts';
import { Problem } from '../../../base/errors.ts';
import { uuid } from '../../../base/ids.ts';
import { appendTimeline, identitiesOf, lockCustomers } from '../../customers/customers.ts';
import type { Asked } from '../asked.ts';
import { tell } from '../notices.ts';
import { happened } from '../timeline-names.ts';
import { addressOf, type Factor, maskedAddress, type ProvenFactor } from './factor.ts';
import { deleteFactors, insertFactor, moveFactors, readFactors, setFactorName } from './factor-store.ts';
import { forgetDevices } from './remembered-devices.ts';

/** At most so many apps, phones and addresses. */
const most = 10;

/** Every second factor of a customer, the oldest first. */
export async function factorsOf(db: Db, customer: string): Promise<Factor[]> {
  return (await readFactors(db, customer)).map(({ factor }) => factor);
}

/** Can this customer be asked for a second factor? Recovery codes alone are none. */
export async function hasFactor(db: Db, customer: string): Promise<boolean> {
  return (await factorsOf(db, customer)).some(({ kind }) => kind !== 'recovery_codes');
}

/** Whose factors are changed, and the circumstances. */
type Act = { readonly customer: string; readonly asked: Asked };

/**
 * Adds a factor that was proven (see `confirmTotp`, `confirmAddress`); all proven addresses are told. One that is there
 * already stays as it is. The caller has made sure that whoever adds it is the customer.
 *
 * @throws Problem conflict when there are ten already
 */
export function addFactor(
  base: Pick<Base, 'config' | 'vault'>,
  db: Db,
  act: Act & { subject: string; proven: ProvenFactor; name?: string | undefined; at?: Date | undefined },
): Promise<Factor> {
  return transact(db, (tx) => add(base, tx, act));
}

async function add(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  act: Parameters<typeof addFactor>[2],
): Promise<Factor> {
  const { customer, subject, proven, name = null, at = now() } = act;
  await lockCustomers(tx, [customer]);
  const there = await factorsOf(tx, customer);
  const same = there.find((one) => isSame(one, proven));
  if (same) return same;
  if (there.length >= most) throw new Problem('conflict', 'There are ten second factors already. Remove one first.');
  const id = proven.kind === 'totp' ? proven.id : uuid();
  const common = { id, subject, kind: proven.kind, at };
  if (proven.kind === 'totp') {
    const sealed = base.vault.encrypt(proven.secret, sealedContext);
    await insertFactor(tx, { ...common, data: { name }, sealed, lastStep: proven.step });
  } else if (proven.kind === 'phone') {
    await insertFactor(tx, { ...common, data: { name, phone: proven.phone } });
  } else {
    await insertFactor(tx, { ...common, data: { name, address: proven.address } });
  }
  await note(base, tx, act, subject, { name: 'factor_added', factor: proven.kind });
  const added = (await factorsOf(tx, customer)).find((one) => one.id === id);
  if (!added) throw new Problem('not_found', 'The user does not exist.');
  return added;
}

/**
 * Removes a factor; remembered devices are forgotten, all proven addresses are told. With the last one the recovery
 * codes go, too.
 *
 * @throws Problem not_found
 */
export function removeFactor(base: Pick<Base, 'config'>, db: Db, act: Act & { factor: string }): Promise<void> {
  const { customer } = act;
  return transact(db, async (tx) => {
    await lockCustomers(tx, [customer]);
    const there = await factorsOf(tx, customer);
    const factor = find(there, act.factor);
    await deleteFactors(tx, factor);
    const isLast = there.every((one) => one.id === factor.id || one.kind === 'recovery_codes');
    if (isLast) await deleteFactors(tx, { subjects: there.map((one) => one.subject), kinds: ['recovery_codes'] });
    await forgetDevices(tx, [customer]);
    await note(base, tx, act, factor.subject, { name: 'factor_removed', factor: factor.kind });
  });
}

/** Removes every factor of a customer (the umbrella does so for who has lost them all). */
export function removeAllFactors(base: Pick<Base, 'config'>, db: Db, act: Act): Promise<void> {
  const { customer } = act;
  return transact(db, async (tx) => {
    await lockCustomers(tx, [customer]);
    const there = await factorsOf(tx, customer);
    const [first] = there;
    if (!first) return;
    await deleteFactors(tx, { subjects: there.map((one) => one.subject) });
    await forgetDevices(tx, [customer]);
    await note(base, tx, act, first.subject, { name: 'factor_removed', factor: first.kind });
  });
}

/**
 * Before an identity is unlinked: the customer's factors stay with the customer, whichever identity they were added by,
 * so that taking one off takes no protection away.
 */
export async function keepFactors(tx: Db, customer: string, leaving: string): Promise<void> {
  await lockCustomers(tx, [customer]);
  const [stays] = (await identitiesOf(tx, customer)).filter(({ subject }) => subject !== leaving);
  if (stays) await moveFactors(tx, leaving, stays.subject);
}

/** Gives a factor a name of the customer's own, or none. Throws Problem not_found. */
export async function nameFactor(
  tx: Db,
  act: { customer: string; factor: string; name: string | null },
): Promise<void> {
  const factor = find(await factorsOf(tx, act.customer), act.factor);
  await setFactorName(tx, factor, act.name);
}

/**
 * Ten new recovery codes, to be shown once; those that there were are worth nothing from now on. All proven addresses
 * are told unless they come with a first factor (`quiet`).
 *
 * @param act `codes` when they were shown before they are written
 */
export function renewRecoveryCodes(
  base: Pick<Base, 'config'>,
  db: Db,
  act: Act & { subject: string; codes?: readonly string[] | undefined; quiet?: boolean | undefined },
): Promise<readonly string[]> {
  const { customer, subject, codes = makeRecoveryCodes(), quiet = false } = act;
  return transact(db, async (tx) => {
    await lockCustomers(tx, [customer]);
    const there = await factorsOf(tx, customer);
    await deleteFactors(tx, { subjects: [subject, ...there.map((one) => one.subject)], kinds: ['recovery_codes'] });
    const id = uuid();
    const hashes = codes.map((code) => recoveryCodeHash(id, code));
    await insertFactor(tx, { id, subject, kind: 'recovery_codes', data: { hashes }, at: now() });
    if (!quiet) await note(base, tx, act, subject, { name: 'recovery_codes_made', factor: 'recovery_codes' });
    return codes;
  });
}

/** What a factor of this kind is encrypted as. */
export const sealedContext = 'authentication_methods.sealed';

function find(there: readonly Factor[], id: string): Factor {
  const factor = there.find((one) => one.id === id);
  if (!factor) throw new Problem('not_found', 'This account has no such second factor.');
  return factor;
}

/** The same number or address, or the same act once more. */
function isSame(one: Factor, proven: ProvenFactor): boolean {
  if (proven.kind === 'totp') return one.id === proven.id;
  if (one.kind === 'phone') return proven.kind === 'phone' && proven.phone === one.phone;
  return one.kind === 'email' && proven.kind === 'email' && proven.address === one.address;
}

async function note(
  base: Pick<Base, 'config'>,
  tx: Db,
  { customer, asked }: Act,
  subject: string,
  { name, factor }: { name: 'factor_added' | 'factor_removed' | 'recovery_codes_made'; factor: Factor['kind'] },
): Promise<void> {
  await appendTimeline(tx, [happened(name, subject, asked, { occurredAt: now(), data: { factor } })]);
  await tell(base, tx, { customer, content: { kind: name }, asked });
}

/** How a factor is told apart on a page: its name, the end of its number, or the beginning of its address. */
export function detailOf(factor: Factor): string | undefined {
  const address = addressOf(factor);
  return address === undefined ? undefined : maskedAddress(address);
}
