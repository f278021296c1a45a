import { Secret, TOTP } from 'otpauth';
import { readCode } from './one-time-code.ts';

// Codes of an authenticator app (RFC 6238): SHA-1, six digits, a new one every 30 seconds, which is what all apps speak.

const period = 30;
const digits = 6;
/** A code of the step before or after is taken, too: clocks differ, and people type slowly. */
const window = 1;

/** A new secret of 160 bits, base32. */
export function makeTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** Is this a secret that an app could have been given (base32, at least 80 bits, at most 512)? */
export function isTotpSecret(text: string): boolean {
  return /^[A-Z2-7]{16,103}$/.test(text);
}

/**
 * What an app reads from the QR code.
 *
 * @param names `issuer` is who asks for the codes, `label` whose they are: both are shown in the app
 */
export function totpUri(secret: string, names: { issuer: string; label: string }): string {
  return new TOTP({ ...names, secret, period, digits }).toString();
}

/**
 * The time step that the typed code belongs to; undefined when it is wrong. A step must be used once only: whoever
 * takes the code keeps the step, and refuses it and every one before it from then on.
 */
export function matchTotp(secret: string, typed: string, at: Date): number | undefined {
  const token = readCode(typed);
  if (token === undefined) return undefined;
  const timestamp = at.getTime();
  const delta = new TOTP({ secret, period, digits }).validate({ token, timestamp, window });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / period) + delta;
}
