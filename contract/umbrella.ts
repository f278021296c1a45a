import { z } from 'zod';
import { userVerification } from './passkeys.ts';
import { mfaPolicy } from './second-factors.ts';
import { text, webAddress } from './text.ts';

/**
 * Who carries text messages or calls: one POST for each. In `body`, `{to}`, `{text}`, `{language}` and `{id}` are filled
 * in as the content type wants it.
 */
const textProvider = {
  url: webAddress(),
  content_type: z.literal(['application/json', 'application/x-www-form-urlencoded']),
  body: text(5000, 1).refine((value) => value.includes('{to}') && value.includes('{text}'), 'Needs {to} and {text}'),
};

/**
 * Names of HTTP headers, and values without line ends; null: as it is kept, while the address stays at its origin. What
 * the sender sets itself is left to it.
 */
const headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/)
      .refine((name) => !/^(host|content-length|content-type|transfer-encoding|connection)$/i.test(name)),
    z
      .string()
      .regex(/^[\x20-\x7e]{0,4000}$/)
      .nullable(),
  )
  .refine((value) => Object.keys(value).length <= 20, 'Too many headers, maximum 20');

/** As it is shown: of the headers only the names. */
const shownProvider = z.strictObject({ ...textProvider, headers: z.array(z.string()) }).nullable();
/** As it is set. */
const setProvider = z.strictObject({ ...textProvider, headers: headers.default({}) }).nullable();

/**
 * Where breached passwords are looked up: range files in `breached-passwords` of the data folder, or a range API as that
 * of Have I Been Pwned; null: nowhere.
 */
export const breachedPasswords = z
  .union([
    z.strictObject({ source: z.literal('folder') }),
    z.strictObject({ source: z.literal('address'), address: webAddress() }),
  ])
  .nullable();
export type BreachedPasswords = z.infer<typeof breachedPasswords>;

/** Settings of the whole umbrella that are no environment variable. */
export const umbrella = z
  .strictObject({
    /** `host:port` of the umbrella's own services that may be called although their address is private. */
    outgoing_hosts: z.array(text(260)).max(100),
    /** Where `/v2/logout` may return to when it names no portal; matched exactly. */
    allowed_logout_urls: z.array(webAddress()).max(100),
    /** Where neither portal nor brand says who is asked for a second factor. */
    mfa: mfaPolicy,
    /** Must a passkey's authenticator verify who holds it (`required`), or is it asked to if it can? */
    passkey_user_verification: userVerification,
    /** Null: no text messages are offered. */
    sms_provider: shownProvider,
    /** Null: no calls are offered. */
    voice_provider: shownProvider,
    /** How long a customer who asked to be erased has to change their mind. */
    erasure_days: z.int().min(0).max(90),
    breached_passwords: breachedPasswords,
    /** Must every one of the staff have a second factor? */
    staff_second_factor: z.literal(['required', 'optional']),
    /** Whom the umbrella's own code (rules, actions) may read and change: the customer who signs in, or everybody. */
    code_reaches: z.literal(['customer', 'everybody']),
    /** For so many days after a question a customer is asked nothing. */
    question_pause_days: z.int().min(0).max(365),
    /** How long the audit log is kept. */
    audit_years: z.int().min(1).max(100),
  })
  .meta({ id: 'Umbrella' });

/** What changes them; a list is replaced as a whole. */
export const umbrellaPatch = umbrella
  .extend({ sms_provider: setProvider, voice_provider: setProvider })
  .partial()
  .meta({ id: 'UmbrellaPatch' });

/** Has any customer signed in yet? */
export const firstSignIn = z.strictObject({ signed_in: z.boolean() }).meta({ id: 'FirstSignIn' });
