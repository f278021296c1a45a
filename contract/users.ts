import { z } from 'zod';
import { userConsent } from './consents.ts';
import { normaliseEmail } from './email-address.ts';
import { normalisePhone } from './phone-number.ts';
import { text, webAddress } from './text.ts';

// `users` of the Management API: a customer in Auth0's words.

/** An e-mail address; stored and shown in its normal form. */
export const emailAddress = z
  .string()
  .max(1000)
  .refine((value) => normaliseEmail(value) !== undefined, "Object didn't pass validation for format email")
  .meta({ format: 'email' });

const phone = z
  .string()
  .regex(/^\+[0-9]{1,15}$/)
  .refine((value) => normalisePhone(value) !== undefined, "Object didn't pass validation for format phone-number");

const username = text(128, 1);
const password = z.string().min(1).max(1024);

/** Names that stand elsewhere; Auth0 refuses them here, too. */
const notInAppMetadata = new Set(
  (
    '__tenant _id blocked clientID created_at email_verified email globalClientID global_client_id identities lastIP ' +
    'lastLogin loginsCount metadata multifactor_last_modified multifactor updated_at user_id'
  ).split(' '),
);

const metadata = z.record(z.string(), z.json());
const appMetadata = metadata.refine(
  (value) => Object.keys(value).every((name) => !notInAppMetadata.has(name)),
  'app_metadata contains a property that is reserved',
);

/** What may be told of a person, by anybody. */
const profile = {
  given_name: text(150, 1),
  family_name: text(150, 1),
  name: text(300, 1),
  nickname: text(300, 1),
  picture: webAddress(),
};

/** POST /users */
export const userDraft = z
  .strictObject({
    /** Name of a password connection. */
    connection: text(128, 1),
    email: emailAddress.optional(),
    email_verified: z.boolean().default(false),
    username: username.optional(),
    password: password.optional(),
    phone_number: phone.optional(),
    phone_verified: z.boolean().default(false),
    ...z.object(profile).partial().shape,
    user_metadata: metadata.default({}),
    app_metadata: appMetadata.default({}),
    blocked: z.boolean().default(false),
    /** The part of the `user_id` behind `auth0|`. */
    user_id: text(255).regex(/^\S*$/).optional(),
    /** Mail a link that proves the address; unless told otherwise, when it is not verified. */
    verify_email: z.boolean().optional(),
  })
  .meta({ id: 'UserDraft' });
export type UserDraft = z.infer<typeof userDraft>;

const nullableProfile = z.object({
  given_name: profile.given_name.nullable(),
  family_name: profile.family_name.nullable(),
  name: profile.name.nullable(),
  nickname: profile.nickname.nullable(),
  picture: profile.picture.nullable(),
  phone_number: phone.nullable(),
});

/** PATCH /users/{id}; root attributes of the catalogue may stand beside the named ones. Null takes a value away. */
export const userPatch = z
  .object({
    ...nullableProfile.partial().shape,
    phone_verified: z.boolean().optional(),
    user_metadata: metadata.optional(),
    app_metadata: appMetadata.optional(),
    blocked: z.boolean().optional(),
    /** Whose e-mail address, username or password it is, when not the first identity's. */
    connection: text(128, 1).optional(),
    email: emailAddress.nullable().optional(),
    email_verified: z.boolean().optional(),
    username: username.nullable().optional(),
    password: password.optional(),
    verify_email: z.boolean().optional(),
    verify_phone_number: z.literal(false).optional(),
    /** The portal whose brand the verification mail wears. */
    client_id: text(128, 1).optional(),
  })
  .catchall(z.json())
  .meta({ id: 'UserPatch' });
export type UserPatch = z.infer<typeof userPatch>;

/** One identity as the API shows it. */
export const identity = z
  .strictObject({
    connection: z.string(),
    provider: z.string(),
    user_id: z.string(),
    isSocial: z.boolean(),
    /** Of all but the first. */
    profileData: z.record(z.string(), z.json()).optional(),
    access_token: z.string().optional(),
    refresh_token: z.string().optional(),
  })
  .meta({ id: 'Identity' });
export type ApiIdentity = z.infer<typeof identity>;

const instant = z.iso.datetime();

/** A customer as the API shows it; further root attributes stand beside the named ones. */
export const user = z
  .looseObject({
    user_id: z.string(),
    email: z.string().optional(),
    email_verified: z.boolean().optional(),
    phone_number: z.string().optional(),
    phone_verified: z.boolean().optional(),
    username: z.string().optional(),
    name: z.string().optional(),
    nickname: z.string().optional(),
    picture: z.string().optional(),
    given_name: z.string().optional(),
    family_name: z.string().optional(),
    identities: z.array(identity),
    user_metadata: z.record(z.string(), z.json()).optional(),
    app_metadata: z.record(z.string(), z.json()).optional(),
    /** Ours: values of single brands, by their slug. */
    brands: z.record(z.string(), z.record(z.string(), z.json())).optional(),
    blocked: z.literal(true).optional(),
    logins_count: z.int().optional(),
    last_login: instant.optional(),
    last_ip: z.string().optional(),
    last_password_reset: instant.optional(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;

/** GET /users/{id}: with what the customer allows and refuses now, where `fields` names it. */
export const userWithConsents = user
  .extend({ consents: z.array(userConsent).optional() })
  .meta({ id: 'UserWithConsents' });

/** POST /users/{id}/identities: the identity by its names, or by an ID token of it. */
export const linkRequest = z
  .strictObject({
    provider: text(128, 1).optional(),
    user_id: z.union([text(512, 1), z.int()]).optional(),
    connection_id: z
      .string()
      .regex(/^con_[A-Za-z0-9]{16}$/)
      .optional(),
    link_with: z.string().max(20_000).optional(),
  })
  .refine(
    ({ link_with, provider, user_id, connection_id }) =>
      link_with === undefined
        ? provider !== undefined && user_id !== undefined
        : provider === undefined && user_id === undefined && connection_id === undefined,
    'Either link_with, or provider and user_id must be given',
  )
  .meta({ id: 'LinkRequest' });

/** What an address or a name is blocked for, and from where. */
export const userBlocks = z
  .strictObject({
    blocked_for: z.array(z.strictObject({ identifier: z.string(), ip: z.string() })),
  })
  .meta({ id: 'UserBlocks' });

/** One row of a customer's sign-in history, in the shape of Auth0's logs. */
export const logEntry = z
  .strictObject({
    log_id: z.string(),
    _id: z.string(),
    date: instant,
    type: z.string(),
    description: z.string(),
    client_id: z.string().optional(),
    client_name: z.string().optional(),
    connection: z.string().optional(),
    connection_id: z.string().optional(),
    strategy: z.string().optional(),
    strategy_type: z.string().optional(),
    ip: z.string().optional(),
    user_agent: z.string().optional(),
    user_id: z.string(),
    user_name: z.string().optional(),
    details: z.record(z.string(), z.json()),
  })
  .meta({ id: 'LogEntry' });
export type LogEntry = z.infer<typeof logEntry>;
