import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { acceptProfileData } from './create.ts';
import { lockCustomerOf } from './locks.ts';
import { refold, refoldLocked } from './refold.ts';
import { setPasswordReset } from './subjects-store.ts';
import { type DeviceUse, readDevices, readVisits, type Visits, writeSignIn } from './visits-store.ts';

/** A sign-in that counts. */
export type SignIn = {
  subject: string;
  at: Date;
  ip: string | null;
  /** The brand's id; left out when the portal has none. */
  brand?: string | undefined;
  device?: { cookieHash: Buffer; userAgent: string } | undefined;
  /** What the network told this time. */
  profileData?: JsonObject | undefined;
  sealedTokens?: string | undefined;
};

/**
 * Counts a sign-in: the customer's and the subject's counts, the visit to the brand, the device, what the network told
 * raw. One statement.
 *
 * @returns how many sign-ins the customer has with this one, and the device's id
 * @throws Problem `not_found` when there is no such subject
 */
export function recordSignIn(db: Db, signIn: SignIn): Promise<{ loginsCount: number; device: string | null }> {
  const { subject, at, ip, brand = null, device = null, profileData, sealedTokens = null } = signIn;
  return transact(db, async (tx) => {
    const counted = await writeSignIn(tx, {
      subject,
      at,
      ip,
      brand,
      device: device && { ...device, userAgent: device.userAgent.slice(0, 1000) },
      profileData: profileData ? acceptProfileData(profileData) : null,
      sealedTokens,
    });
    if (!counted) throw new Problem('not_found', 'The user does not exist.');
    if (counted.merged_into === null) return { loginsCount: counted.logins_count, device: counted.device };
    // A merge came in between: the subject counted, so counting its new customer anew is right.
    const customer = await refold(tx, counted.customer);
    return { loginsCount: customer.logins_count, device: counted.device };
  });
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
