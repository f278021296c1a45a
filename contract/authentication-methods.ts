import { z } from 'zod';
import { normalisePhone } from './phone-number.ts';
import { text } from './text.ts';
import { emailAddress } from './users.ts';

// `users/{id}/authentication-methods` of the Management API: what a customer signs in with, and second factors.

const name = text(20, 1);
const phoneNumber = z
  .string()
  .max(30)
  .refine((value) => normalisePhone(value) !== undefined, "Object didn't pass validation for format phone-number");
/** Base32, 80 to 512 bits. */
const totpSecret = z.string().regex(/^[A-Z2-7]{16,103}$/);
/** Codes are sent, unless a call is asked for each time. */
const preferred = z.literal('sms');

/** POST: a second factor that the umbrella knows to be the customer's. */
export const methodDraft = z
  .strictObject({
    type: z.literal(['phone', 'email', 'totp']),
    name: name.optional(),
    totp_secret: totpSecret.optional(),
    phone_number: phoneNumber.optional(),
    email: emailAddress.optional(),
    preferred_authentication_method: preferred.optional(),
  })
  .meta({ id: 'AuthenticationMethodDraft' });
export type MethodDraft = z.infer<typeof methodDraft>;

/** PUT: all second factors that there are from now on. */
export const methodDrafts = z.array(methodDraft).max(10);

/** PATCH */
export const methodPatch = z
  .strictObject({ name: name.optional(), preferred_authentication_method: preferred.optional() })
  .meta({ id: 'AuthenticationMethodPatch' });

const instant = z.iso.datetime();

/** One of them as the API shows it; `email-verification` is a proven address, to which codes to sign in are mailed. */
export const method = z
  .strictObject({
    id: z.string(),
    type: z.literal(['password', 'totp', 'phone', 'email', 'email-verification', 'recovery-code', 'passkey']),
    confirmed: z.boolean(),
    name: z.string().optional(),
    phone_number: z.string().optional(),
    email: z.string().optional(),
    preferred_authentication_method: z.literal('sms').optional(),
    authentication_methods: z.array(z.strictObject({ type: z.string(), id: z.string() })).optional(),
    /** The identity that it belongs to. */
    identity_user_id: z.string().optional(),
    credential_device_type: z.literal(['single_device', 'multi_device']).optional(),
    credential_backed_up: z.boolean().optional(),
    created_at: instant,
    enrolled_at: instant.optional(),
    last_auth_at: instant.optional(),
  })
  .meta({ id: 'AuthenticationMethod' });
export type Method = z.infer<typeof method>;

/** What POST, PUT (a list) and PATCH answer. `totp_secret` only where it was just made. */
export const changedMethod = z
  .strictObject({
    id: z.string(),
    type: z.literal(['totp', 'phone', 'email']),
    name: z.string().optional(),
    totp_secret: z.string().optional(),
    phone_number: z.string().optional(),
    email: z.string().optional(),
    preferred_authentication_method: z.literal('sms').optional(),
    authentication_methods: z.array(z.strictObject({ type: z.string(), id: z.string() })).optional(),
    created_at: instant,
  })
  .meta({ id: 'ChangedAuthenticationMethod' });
