import { z } from 'zod';
import { emptyList, notSupported } from './default-only.ts';
import { displayName, text } from './text.ts';

/** One permission of an API. */
export const apiScope = z.strictObject({
  value: text(280, 1).regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/),
  description: text(500).optional(),
});
export type ApiScope = z.infer<typeof apiScope>;

/** Everything of an API (resource server) that acts, as it is stored: Auth0's properties, all filled in. */
export const apiSettings = z.strictObject({
  signing_alg: z.literal('RS256'),
  allow_offline_access: z.boolean(),
  /** Seconds an access token for it is good. */
  token_lifetime: z.int().min(1).max(2_592_000),
  /** The same for tokens that a browser got (implicit flow); kept for Auth0's shape. */
  token_lifetime_for_web: z.int().min(1).max(2_592_000),
  skip_consent_for_verifiable_first_party_clients: z.literal(true),
});
export type ApiSettings = z.infer<typeof apiSettings>;

/** The `audience` that tokens for an API are asked with; any text, a URI by custom. */
export const apiIdentifier = text(600, 1).regex(/^\S+$/);

const acting = {
  name: displayName().optional(),
  scopes: z.array(apiScope).max(1000).optional(),
  allow_offline_access: z.boolean().optional(),
  token_lifetime: apiSettings.shape.token_lifetime.optional(),
};

/** Taken only when they say what holds here anyway. */
const idle = z
  .object({
    signing_alg: z.literal('RS256'),
    signing_secret: notSupported,
    allow_online_access: z.literal(false),
    allow_online_access_with_ephemeral_sessions: z.literal(false),
    token_dialect: z.literal('access_token'),
    skip_consent_for_verifiable_first_party_clients: z.literal(true),
    enforce_policies: z.literal(false),
    token_encryption: z.null(),
    consent_policy: z.null(),
    authorization_details: emptyList.nullable(),
    proof_of_possession: z.null(),
    subject_type_authorization: z.strictObject({
      user: z.strictObject({ policy: z.literal('allow_all') }).optional(),
      client: z.strictObject({ policy: z.literal('require_client_grant') }).optional(),
    }),
    authorization_policy: z.null(),
  })
  .partial().shape;

/** POST /resource-servers */
export const resourceServerDraft = z
  .strictObject({ identifier: apiIdentifier, ...acting, ...idle })
  .meta({ id: 'ResourceServerDraft' });

/** PATCH /resource-servers/{id} */
export const resourceServerPatch = z.strictObject({ ...acting, ...idle }).meta({ id: 'ResourceServerPatch' });
export type ResourceServerPatch = z.infer<typeof resourceServerPatch>;

/** A resource server as the API shows it. */
export const resourceServer = z
  .strictObject({
    id: z.string(),
    name: z.string().optional(),
    is_system: z.boolean(),
    identifier: z.string(),
    scopes: z.array(apiScope),
    ...apiSettings.shape,
    token_dialect: z.literal('access_token'),
    enforce_policies: z.literal(false),
    subject_type_authorization: z.strictObject({
      user: z.strictObject({ policy: z.literal('allow_all') }),
      client: z.strictObject({ policy: z.literal('require_client_grant') }),
    }),
  })
  .meta({ id: 'ResourceServer' });
export type ResourceServer = z.infer<typeof resourceServer>;
