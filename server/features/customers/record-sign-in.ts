import { createHash } from 'node:crypto';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuidFrom } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { type Part, writeTogether } from '../../base/statement.ts';
import { acceptProfileData } from './create.ts';
import { readCustomerBySubject } from './customers-store.ts';
import { refuseErasing } from './erasure-date.ts';
import { lockCustomerOf } from './locks.ts';
import { refoldLocked } from './refold.ts';
import type { SignInContext } from './sign-in-context.ts';
import { readLastSignIns, setPasswordReset } from './subjects-store.ts';
import { countPart, type DeviceUse, deleteDeviceUse, readDevices, readVisits, type Visits } from './visits-store.ts';

/** A sign-in that counts. */
export type SignIn = {
  subject: string;
  at: Date;
  /** In which era of the customer they were proven: when everything was ended since, the sign-in ends, too. */
  era?: number | undefined;
  ip: string | null;
  /** The brand's id; left out when the portal has none. */
  brand?: string | undefined;
  device?: { cookieHash: Buffer; userAgent: string } | undefined;
  /** What the network told this time. */
  profileData?: JsonObject | undefined;
  sealedTokens?: string | undefined;
  /** How they come, for conditions. */
  context?: SignInContext | undefined;
};

/** Who was to be counted is not there any more, or belongs to another customer now. */
class NotCounted extends Error {}

/**
 * Counts a sign-in: the customer's and the subject's counts, the visit to the brand, the device, what the network told
 * raw; and writes what else is recorded of it. One statement, all of it or nothing.
 *
 * @param others what else is written, when the device's id is known (null: there is no device)
 * @throws Problem `not_found` when there is no such subject, `being_erased` when the customer asked for that meanwhile,
 *   `flow_expired` when everything of theirs was ended meanwhile, and what a part of `others` is refused with
 */
export async function recordSignIn(
  db: Db,
  signIn: SignIn,
  others: (device: string | null) => readonly Part[] = () => [],
): Promise<void> {
  const { subject, at, era = null, ip, brand = null, profileData, sealedTokens = null, context = null } = signIn;
  const device = signIn.device ? { ...signIn.device, id: deviceIdOf(signIn.device.cookieHash) } : null;
  const counted = countPart({
    subject,
    at,
    era,
    ip,
    brand,
    device: device && { ...device, userAgent: device.userAgent.slice(0, 1000) },
    profileData: profileData ? acceptProfileData(profileData) : null,
    sealedTokens,
    context,
  });
  const parts = [{ ...counted, orElse: () => new NotCounted() }, ...others(device?.id ?? null)];
  for (let tries = 1; ; tries += 1) {
    try {
      return await writeTogether(db, parts);
    } catch (error) {
      if (!(error instanceof NotCounted)) throw error;
      // A merge came in between: the next look finds whose subject it is now. A transaction is over after a refusal.
      const customer = db.isTransaction || tries === mostTries ? undefined : await readCustomerBySubject(db, subject);
      if (!customer) throw new Problem('not_found', 'The user does not exist.');
      refuseErasing(customer);
      if (era !== null && customer.era !== era) throw new Problem('flow_expired');
    }
  }
}

const mostTries = 5;

/** A device's id follows from its cookie, so that it is known before the row is written. */
function deviceIdOf(cookieHash: Buffer): string {
  return uuidFrom(createHash('sha256').update('device').update(cookieHash).digest());
}

/** Keeps when the password of a subject was last reset. @throws Problem `not_found` */
export function recordPasswordReset(db: Db, subject: string, at: Date): Promise<void> {
  return transact(db, async (tx) => {
    const customerId = await lockCustomerOf(tx, subject);
    await setPasswordReset(tx, subject, at);
    await refoldLocked(tx, customerId, now());
  });
}

/** First and last visit to each brand, over all subjects of the customer. */
export function visitsOf(db: Db, customerId: string): Promise<Visits[]> {
  return readVisits(db, customerId);
}

/** The customer's devices. */
export function devicesOf(db: Db, customerId: string): Promise<DeviceUse[]> {
  return readDevices(db, customerId);
}

/** The customer says that the device of this cookie is not theirs: it is a new one again. */
export function disownDevice(tx: Db, customerId: string, cookieHash: Buffer): Promise<void> {
  return deleteDeviceUse(tx, customerId, cookieHash);
}

/** When the customer signed in last by each of their subjects. */
export function lastSignInsOf(db: Db, customerId: string): Promise<Map<string, Date>> {
  return readLastSignIns(db, customerId);
}
