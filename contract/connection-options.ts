import { z } from 'zod';
import { type InertOptions, inertOptions } from './connection-options-inert.ts';
import { issueInWords } from './issue-words.ts';
import { text, webAddress } from './text.ts';

/** Where identities come from: a password store (`auth0`), codes by text message (`sms`), a social network, any OpenID or OAuth 2 provider. */
export const strategy = z.literal([
  'auth0',
  'sms',
  'google-oauth2',
  'facebook',
  'apple',
  'twitter',
  'github',
  'linkedin',
  'windowslive',
  'amazon',
  'oidc',
  'oauth2',
]);
export type Strategy = z.infer<typeof strategy>;
export type NetworkStrategy = Exclude<Strategy, 'auth0' | 'sms'>;

const off = z.boolean().default(false);
const on = z.boolean().default(true);
/** What cannot be turned off, such as a scope that a network's sign-in does not work without. */
const always = z.literal(true).default(true);
/** What cannot be turned on. */
const never = z.literal(false).default(false);
const scopeWord = z
  .string()
  .max(255)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/); // RFC 6749 3.3
const parameter = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
const fieldPath = z.string().regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,7}$/);

// What a sign-in hangs on; no setting may replace these in what is sent to a network.
const reserved = /^(client_id|client_secret|redirect_uri|response_(type|mode)|state|nonce|scope|code.*|request.*)$/;

/** Parameters that a portal's request may hand on to a network (`upstream_params`' aliases). */
export const upstreamHint = z.literal(['acr_values', 'display', 'login_hint', 'max_age', 'prompt', 'ui_locales']);
export type UpstreamHint = z.infer<typeof upstreamHint>;

const upstreamParams = z
  .record(
    parameter.refine((name) => !reserved.test(name), 'this parameter is not free to set'),
    z.union([z.strictObject({ value: text(1024) }), z.strictObject({ alias: upstreamHint })]),
  )
  .nullable();

/** A social network's own: the app registered there, what to ask for, what to keep. */
const social = {
  client_id: text(384, 1),
  client_secret: text(1024, 1).optional(),
  /** Further scopes, beside those that the flags ask for. */
  scope: z.union([z.array(scopeWord).max(100), text(2048)]).default([]),
  freeform_scopes: z.array(scopeWord).max(100).default([]),
  upstream_params: upstreamParams.default(null),
  set_user_root_attributes: z.literal(['on_each_login', 'on_first_login', 'never_on_login']).default('on_each_login'),
  /** Root attributes that are not kept. */
  non_persistent_attrs: z.array(text(128, 1)).max(100).default([]),
};

/** Ours: another address of the network, for tests and the demo. */
const origin = webAddress()
  .refine(
    (value) => URL.canParse(value) && new URL(value).origin === value,
    'must be an origin, as https://example.com',
  )
  .optional();

const named = { ...social, origin };

/** Ours: may this provider's `email_verified` prove an address, where it is authoritative for the domain? */
const trusted = {
  trust_email_verified: off,
  domain_aliases: z.array(text(255, 3).toLowerCase()).max(1000).default([]),
};

/** The options that act, per strategy, in Auth0's names; those marked "ours" are not Auth0's. */
export const optionSchemas = {
  auth0: z.strictObject({
    disable_signup: off,
    requires_username: off,
    /** The attack limits are never off. */
    brute_force_protection: always,
    /** Passwords stay; passkeys can be turned off. Not set: both. */
    authentication_methods: z
      .strictObject({
        password: z.strictObject({ enabled: always }).default({ enabled: true }),
        passkey: z.strictObject({ enabled: on }).default({ enabled: true }),
      })
      .nullable()
      .default(null),
    /** Where the sign-in page offers passkeys. Nobody is asked to make one who did not choose to. */
    passkey_options: z
      .strictObject({
        challenge_ui: z.literal(['both', 'autofill', 'button']).default('both'),
        progressive_enrollment_enabled: never,
        local_enrollment_enabled: never,
      })
      .nullable()
      .default(null),
    /** How hard a new password must be to guess; `none` and `low`: 8 characters are enough. */
    passwordPolicy: z.literal(['none', 'low', 'fair', 'good', 'excellent']).nullable().default('low'),
    password_complexity_options: z
      .strictObject({ min_length: z.int().min(8).max(128).optional() })
      .nullable()
      .default(null),
    /** The latest passwords, the present one among them, are not taken again. Auth0 writes `[]` for none. */
    password_history: z.preprocess(
      (value) => (Array.isArray(value) && value.length === 0 ? null : value),
      z
        .strictObject({ enable: z.boolean(), size: z.int().min(0).max(24).default(5) })
        .nullable()
        .default(null),
    ),
    password_no_personal_info: z.strictObject({ enable: z.boolean() }).nullable().default(null),
    password_dictionary: z
      .strictObject({ enable: z.boolean(), dictionary: z.array(text(50, 1)).max(200).default([]) })
      .nullable()
      .default(null),
  }),
  sms: z.strictObject({
    disable_signup: off,
    /** The attack limits are never off. */
    brute_force_protection: always,
  }),
  'google-oauth2': z.strictObject({
    ...named,
    email: on,
    profile: on,
    offline_access: off,
    /** Ours: ask for the birthday, read at the People API. */
    birthday: off,
    /** Ours: ask for the gender, read at the People API. */
    gender: off,
    /** Ours: counts for gmail.com and for the organisation's own domain only. */
    trust_email_verified: on,
  }),
  facebook: z.strictObject({
    ...named,
    email: on,
    public_profile: always,
    user_birthday: off,
    user_gender: off,
    user_likes: off,
    user_location: off,
    user_hometown: off,
    user_age_range: off,
    user_link: off,
  }),
  apple: z.strictObject({
    ...named,
    name: on,
    email: on,
    team_id: text(256, 1),
    kid: text(1536, 1),
    /** The PEM (PKCS #8) of the key that signs client secrets. */
    app_secret: text(5120, 1).optional(),
    /** Ours: counts for Apple's relay and iCloud addresses only. */
    trust_email_verified: on,
  }),
  twitter: z.strictObject({
    ...named,
    profile: always,
    tweet_read: always,
    users_read: always,
    offline_access: off,
    /** Ours: ask for the confirmed address. */
    email: on,
  }),
  github: z.strictObject({ ...named, profile: on, read_user: on, email: on }),
  linkedin: z.strictObject({ ...named, openid: always, profile: on, email: on }),
  windowslive: z.strictObject({ ...named, signin: always, graph_user: on, emails: on, offline_access: off }),
  amazon: z.strictObject({ ...named, profile: always, postal_code: off }),
  oidc: z.strictObject({
    ...social,
    ...trusted,
    type: z.literal(['back_channel', 'front_channel']).default('back_channel'),
    scope: text(255, 6)
      .refine((value) => value.split(' ').includes('openid'), 'must contain openid')
      .default('openid profile email'),
    discovery_url: webAddress()
      .refine((value) => value.endsWith('/.well-known/openid-configuration'), 'must end with the well-known path')
      .optional(),
    issuer: webAddress().optional(),
    authorization_endpoint: webAddress().optional(),
    token_endpoint: webAddress().optional(),
    userinfo_endpoint: webAddress().optional(),
    jwks_uri: webAddress().optional(),
    /** Where `federated` ends the session at the provider; discovery tells it where this is left out. */
    end_session_endpoint: webAddress().optional(),
    token_endpoint_auth_method: z
      .literal(['client_secret_post', 'client_secret_basic'])
      .nullable()
      .default('client_secret_post'),
    connection_settings: z
      .strictObject({ pkce: z.literal(['auto', 'S256', 'disabled']).default('auto') })
      .default({ pkce: 'auto' }),
  }),
  oauth2: z.strictObject({
    ...social,
    ...trusted,
    authorizationURL: webAddress(),
    tokenURL: webAddress(),
    /** Ours: where the profile is read with the access token (Auth0 runs a script there). */
    userinfo_endpoint: webAddress(),
    /** Auth0's attribute (also `user_id`) to the place in the profile, as `data.mail`. */
    fieldsMap: z.record(text(128, 1), fieldPath).default({}),
    authParams: z
      .record(
        parameter.refine((name) => !reserved.test(name), 'this parameter is not free to set'),
        text(1024),
      )
      .default({}),
    pkce_enabled: on,
    /** Separate scopes by spaces, as RFC 6749 does; else by commas. */
    useOauthSpecScope: on,
    /** Ours. */
    token_endpoint_auth_method: z.literal(['client_secret_post', 'client_secret_basic']).default('client_secret_post'),
  }),
} satisfies Record<Strategy, z.ZodObject>;

/** A connection's options: those that act, defaults filled in. */
export type OptionsOf<S extends Strategy> = z.output<(typeof optionSchemas)[S]>;

const schemas: { [S in Strategy]: z.ZodType<OptionsOf<S>> } = optionSchemas;

/** Options whose values are kept encrypted and never shown. */
export const secretOptions = ['client_secret', 'app_secret'] as const;

/** Names of the options that change what a connection of this strategy does. */
export function actingOptions(name: Strategy): string[] {
  return Object.keys(optionSchemas[name].shape);
}

/**
 * Reads what the API takes as `options` of a strategy: the acting ones, and Auth0's others as long as they hold a
 * value that changes nothing (those are not kept). Everything else is refused by name.
 */
export function readOptions<S extends Strategy>(
  name: S,
  given: Readonly<Record<string, unknown>>,
): { options: OptionsOf<S> } | { refused: string } {
  const inert: InertOptions = inertOptions[name];
  const rest: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(given)) {
    const harmless = Object.hasOwn(inert, option) ? inert[option] : undefined;
    if (!harmless) rest[option] = value;
    else if (!harmless.some((one) => JSON.stringify(one) === JSON.stringify(value))) {
      return {
        refused: `options.${option} is not supported; leave it out or set it to ${JSON.stringify(harmless[0])}`,
      };
    }
  }
  const read = schemas[name].safeParse(rest, { reportInput: true });
  if (read.success) return { options: read.data };
  const issue = read.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    return { refused: `options.${[...issue.path, issue.keys[0]].join('.')} is not supported` };
  }
  return { refused: `options.${issue?.path.join('.')}: ${issue ? issueInWords(issue) : 'This cannot be used.'}` };
}
