import { z } from 'zod';
import { emptyList, emptyObject, notSupported } from './default-only.ts';
import { appType, jwtSettings, oidcLogoutSettings, portalSettings, refreshTokenSettings } from './portals.ts';
import { displayName, text } from './text.ts';

// `clients` of the Management API: a portal in Auth0's words. `brand` and `enabled` are ours.

const acts = portalSettings.omit({
  refresh_token: true,
  jwt_configuration: true,
  oidc_logout: true,
  client_metadata: true,
});

const refreshToken = refreshTokenSettings
  .partial()
  .required({ rotation_type: true, expiration_type: true })
  .extend({ policies: z.null().optional() });

const logout = oidcLogoutSettings.partial().extend({
  /** Every end of a session is told, whoever began it. */
  backchannel_logout_initiators: z.strictObject({ mode: z.literal('all') }).optional(),
  backchannel_logout_session_metadata: z.null().optional(),
});

const acting = {
  ...acts.partial().shape,
  app_type: appType.optional(),
  refresh_token: refreshToken.nullable().optional(),
  jwt_configuration: jwtSettings.partial().extend({ scopes: emptyObject.optional() }).optional(),
  oidc_logout: logout.optional(),
  /** The older name of `oidc_logout`. */
  oidc_backchannel_logout: logout.optional(),
  /** Laid over what there is; null takes a name away. */
  client_metadata: z.record(text(255, 1), text(255).nullable()).optional(),
  brand: text(64, 1).optional(),
  enabled: z.boolean().optional(),
};

const off = z
  .strictObject({ enabled: z.literal(false).optional() })
  .nullable()
  .optional();

/** Taken only when they say what holds here anyway. */
const idle = {
  session_transfer: z
    .strictObject({
      can_create_session_transfer_token: z.literal(false).optional(),
      enforce_cascade_revocation: z.literal(true).optional(),
      allowed_authentication_methods: emptyList.nullable().optional(),
      enforce_device_binding: z.literal('ip').optional(),
      allow_refresh_token: z.literal(false).optional(),
      enforce_online_refresh_tokens: z.literal(true).optional(),
      delegation: z.null().optional(),
    })
    .nullable(),
  client_aliases: emptyList,
  allowed_clients: emptyList,
  is_token_endpoint_ip_header_trusted: z.literal(false),
  encryption_key: z.null(),
  cross_origin_authentication: z.literal(false),
  custom_login_page_on: z.literal(true),
  addons: emptyObject,
  mobile: emptyObject,
  native_social_login: z.strictObject({ apple: off, facebook: off, google: off }).nullable(),
  fedcm_login: z
    .strictObject({
      google: z
        .strictObject({ is_enabled: z.literal(false).optional() })
        .nullable()
        .optional(),
    })
    .nullable(),
  default_organization: z.null(),
  organization_usage: z.literal('deny').nullable(),
  organization_require_behavior: z.literal('no_prompt').nullable(),
  organization_discovery_methods: z.null(),
  client_authentication_methods: z.null(),
  signed_request_object: z.strictObject({ required: z.literal(false).optional(), credentials: emptyList.optional() }),
  compliance_level: z.literal('none').nullable(),
  skip_non_verifiable_callback_uri_confirmation_prompt: z.literal(true).nullable(),
  token_exchange: z.strictObject({ allow_any_profile_of_type: emptyList.optional() }).nullable(),
  /** Pushed requests are good for 30 seconds. */
  par_request_expiry: z.null(),
  token_quota: z.null(),
  express_configuration: z.null(),
  my_organization_configuration: z.null(),
  async_approval_notification_channels: z.null(),
};

const refused = {
  cross_origin_loc: z.null(),
  custom_login_page: z.literal(''),
  custom_login_page_preview: z.literal(''),
  form_template: z.literal(''),
  token_vault_privileged_access: notSupported,
  third_party_security_mode: notSupported,
  redirection_policy: notSupported,
};

const idleProperties = z.object({ ...idle, ...refused }).partial().shape;

/** POST /clients */
export const clientDraft = z
  .strictObject({
    name: displayName(),
    ...acting,
    ...idleProperties,
    resource_server_identifier: notSupported.optional(),
  })
  .meta({ id: 'ClientDraft' });
export type ClientDraft = z.infer<typeof clientDraft>;

/** PATCH /clients/{id} */
export const clientPatch = z
  .strictObject({
    name: displayName().optional(),
    client_secret: text(1024, 1).optional(),
    ...acting,
    ...idleProperties,
  })
  .meta({ id: 'ClientPatch' });
export type ClientPatch = z.infer<typeof clientPatch>;

/** A client as the API shows it; `client_secret` only where it was just made. */
export const client = z
  .strictObject({
    client_id: z.string(),
    client_secret: z.string().optional(),
    name: z.string(),
    ...portalSettings.shape,
    oidc_logout: z.strictObject({
      ...oidcLogoutSettings.shape,
      backchannel_logout_initiators: z.strictObject({ mode: z.literal('all') }),
    }),
    app_type: appType,
    brand: z.uuid().nullable(),
    enabled: z.boolean(),
    global: z.literal(false),
    client_aliases: emptyList,
    allowed_clients: emptyList,
    is_token_endpoint_ip_header_trusted: z.literal(false),
    cross_origin_authentication: z.literal(false),
    custom_login_page_on: z.literal(true),
    organization_usage: z.literal('deny'),
    organization_require_behavior: z.literal('no_prompt'),
    compliance_level: z.literal('none'),
    skip_non_verifiable_callback_uri_confirmation_prompt: z.literal(true),
  })
  .meta({ id: 'Client' });
export type Client = z.infer<typeof client>;
