import { z } from 'zod';
import { signUpProfile } from './accounts.ts';
import { notSupported } from './default-only.ts';
import { text } from './text.ts';

// Auth0's Authentication API beyond the protocol: what portals send. As at Auth0, names that are not known are not
// looked at; those that are known and not built here are refused.

const portalSays = {
  client_id: text(128, 1),
  client_secret: text(1024, 1).optional(),
};

/** What of an authorization request a mailed link carries on; the code goes to `redirect_uri`. */
export const linkParams = z
  .strictObject({
    redirect_uri: text(2000, 1),
    response_type: z.literal('code'),
    response_mode: z.literal(['query', 'fragment', 'form_post']),
    scope: text(2000, 1),
    audience: text(2000, 1),
    state: text(2000, 1),
    nonce: text(2000, 1),
    code_challenge: text(128, 43),
    code_challenge_method: z.literal('S256'),
    ui_locales: text(200, 1),
  })
  .partial();
export type LinkParams = z.infer<typeof linkParams>;

/** POST /passwordless/start */
export const passwordlessStart = z.object({
  ...portalSays,
  connection: text(128, 1),
  email: text(1000).optional(),
  phone_number: text(100).optional(),
  send: z.literal(['code', 'link']).default('link'),
  authParams: linkParams.optional(),
});
export type PasswordlessStart = z.infer<typeof passwordlessStart>;

/** POST /dbconnections/signup */
export const portalSignUp = z.object({
  ...portalSays,
  ...signUpProfile.shape,
  /** Name of a password connection that the portal offers. */
  connection: text(128, 1),
  email: text(1000, 1),
  password: z.string().min(1).max(1024),
  username: text(128, 1).optional(),
  phone_number: notSupported.optional(),
});
export type PortalSignUp = z.infer<typeof portalSignUp>;

/** POST /dbconnections/change_password */
export const passwordChangeAsked = z
  .object({
    ...portalSays,
    connection: text(128, 1),
    email: text(1000, 1).optional(),
    username: text(1000, 1).optional(),
    organization: notSupported.optional(),
  })
  .refine(({ email, username }) => email !== undefined || username !== undefined, {
    path: ['email'],
    message: 'is required',
  });

/** POST /mfa/challenge; `challenge_type` may name both, the first that fits counts. */
export const mfaChallenge = z.object({
  ...portalSays,
  mfa_token: text(10_000, 1),
  challenge_type: z.literal(['otp', 'oob', 'otp oob', 'oob otp']).default('otp oob'),
  authenticator_id: text(200, 1).optional(),
  oob_channel: z.literal(['sms', 'voice', 'email']).optional(),
});

/** POST /mfa/associate: one type at a time. */
export const mfaAssociation = z.object({
  authenticator_types: z.tuple([z.literal(['otp', 'oob', 'email'])]),
  oob_channels: z.tuple([z.literal(['sms', 'voice', 'email'])]).optional(),
  phone_number: text(40).optional(),
  email: text(1000).optional(),
});
export type MfaAssociation = z.infer<typeof mfaAssociation>;
