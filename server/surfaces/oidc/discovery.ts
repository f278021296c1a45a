import type { FastifyInstance } from 'fastify';
import { claimsOfScopes } from '../../../contract/claims.ts';
import type { Base } from '../../base/base.ts';
import { oidcScopes } from './claims.ts';
import { mfaGrants } from './mfa-grants.ts';
import { passwordlessGrant } from './passwordless-grant.ts';
import { signingKeys } from './signing-keys.ts';

/** What portals may know beforehand: where everything is, and the keys that verify. Open to every origin. */
export async function discoveryRoutes(app: FastifyInstance, { base }: { base: Base }): Promise<void> {
  const document = describe(base.config.issuer);
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*');
  });
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(`/.well-known/${name}`, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=15').send(document),
    );
  }
  // Verifiers ask again when they meet a key they don't know; a new one is published a day before it signs.
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    const keys = await signingKeys(base);
    return reply.header('cache-control', 'public, max-age=15').send({ keys: keys.map((key) => key.publicJwk) });
  });
}

function describe(issuer: string): object {
  const at = (path: string) => `${issuer}${path}`;
  return {
    issuer,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('oauth/token'),
    device_authorization_endpoint: at('oauth/device/code'),
    userinfo_endpoint: at('userinfo'),
    jwks_uri: at('.well-known/jwks.json'),
    revocation_endpoint: at('oauth/revoke'),
    pushed_authorization_request_endpoint: at('oauth/par'),
    end_session_endpoint: at('oidc/logout'),
    mfa_challenge_endpoint: at('mfa/challenge'),
    scopes_supported: oidcScopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
      'password',
      'http://auth0.com/oauth/grant-type/password-realm',
      passwordlessGrant,
      ...mfaGrants,
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: ['ES256'],
    claims_supported: [...new Set(['iss', 'aud', 'exp', 'iat', 'sid', ...Object.values(claimsOfScopes).flat()])],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}
