import type { FastifyReply, FastifyRequest } from 'fastify';
import { readBearer } from './bearer.ts';
import { proveClient } from './clients.ts';
import type { World } from './definition.ts';
import { readFields, repeatedField } from './fields.ts';
import type { Grant } from './grants.ts';
import type { IdTokenSigner } from './id-tokens.ts';
import { type OpenidSettings, standardClaims } from './openid-settings.ts';
import { tellEmail } from './told-email.ts';

/** The discovery document (OpenID Connect Discovery 3). */
export function describe(settings: OpenidSettings, signer: IdTokenSigner, origin: string): Record<string, unknown> {
  const { paths } = settings;
  const ways = { basic: 'client_secret_basic', body: 'client_secret_post' };
  return {
    issuer: settings.issuer?.(origin) ?? origin,
    authorization_endpoint: origin + paths.authorize,
    token_endpoint: origin + paths.token,
    userinfo_endpoint: origin + paths.userinfo,
    jwks_uri: origin + paths.keys,
    ...(paths.endSession && { end_session_endpoint: origin + paths.endSession }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [signer.algorithm],
    scopes_supported: settings.knownScopes ?? ['openid', 'profile', 'email'],
    token_endpoint_auth_methods_supported: (settings.clientAuth ?? ['basic', 'body']).map((way) => ways[way]),
    claims_supported: ['sub', 'name', 'given_name', 'family_name', 'picture', 'locale', 'email', 'email_verified'],
    ...(settings.pkce === 'ignored' ? {} : { code_challenge_methods_supported: ['plain', 'S256'] }),
    ...settings.metadata?.(origin),
  };
}

/** The token endpoint: codes and refresh tokens (RFC 6749 4.1.3, 6). */
export async function answerToken(
  settings: OpenidSettings,
  signer: IdTokenSigner,
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const fields = readFields(request.body);
  const refuse = (error: string, error_description: string, status = 400) =>
    reply.code(status).send({ error, error_description });
  const repeated = repeatedField(request.body);
  if (repeated !== null) return refuse('invalid_request', `Parameter sent more than once: ${repeated}`);
  const proof = proveClient(request, fields, world.clients, settings.clientAuth ?? ['basic', 'body']);
  if ('refused' in proof) {
    if (request.headers.authorization) reply.header('www-authenticate', 'Basic realm="token"');
    return refuse(
      'invalid_client',
      proof.refused === 'unknown' ? 'The OAuth client was not found.' : 'Unauthorized',
      401,
    );
  }
  const { client } = proof;
  if (settings.refusesVerifier && fields.code_verifier !== undefined) {
    return refuse('invalid_client', 'Client authentication failed', 401);
  }
  if (fields.grant_type === 'refresh_token') {
    const grant = world.grants.readToken('refresh', fields.refresh_token);
    if (!grant || grant === 'expired' || grant.ask.client.clientId !== client.clientId) {
      return refuse('invalid_grant', 'Token has been expired or revoked.');
    }
    return makeTokens(settings, signer, world, grant, null);
  }
  if (fields.grant_type !== 'authorization_code') return refuse('unsupported_grant_type', 'Invalid grant_type.');
  const redeemed = world.grants.redeem(fields, client.clientId);
  if ('grant' in redeemed) return makeTokens(settings, signer, world, redeemed.grant, redeemed.code);
  const told = settings.codeError?.(redeemed.refused) ?? {
    error: redeemed.refused === 'missing' ? 'invalid_request' : 'invalid_grant',
    error_description: `The code was refused: ${redeemed.refused}`,
  };
  return reply.code(400).send(told);
}

async function makeTokens(
  settings: OpenidSettings,
  signer: IdTokenSigner,
  world: World,
  grant: Grant,
  code: string | null,
): Promise<unknown> {
  const person = world.people.find(grant.personId);
  if (!person) throw new Error(`person ${grant.personId} left the network`);
  const origin = world.origin();
  const lifetime = settings.accessLifetime ?? 3600;
  const accessToken = world.grants.issueToken('access', grant, lifetime, code ?? undefined);
  const email = grant.scopes.includes('email') ? tellEmail(person, world.faults, 'token') : null;
  const content = {
    issuer: settings.tokenIssuer?.(origin, person) ?? settings.issuer?.(origin) ?? origin,
    audience: grant.ask.client.clientId,
    subject: person.id,
    nonce: settings.tellsNonce === false || code === null ? undefined : grant.ask.fields.nonce,
    accessToken,
    lifetime: settings.idTokenLifetime ?? 3600,
    claims: (settings.idClaims ?? standardClaims)(person, grant, email, origin),
  };
  const refresh = code !== null && settings.givesRefresh?.(grant.ask);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    scope: grant.scopes.join(' '),
    ...(refresh ? { refresh_token: world.grants.issueToken('refresh', grant, 180 * 86_400, code) } : {}),
    id_token: await signer.sign(content, world.faults),
  };
}

/** The userinfo endpoint (OpenID Connect Core 5.3). */
export async function answerUserinfo(
  settings: OpenidSettings,
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const grant = world.grants.readToken('access', readBearer(request));
  const person = grant && grant !== 'expired' ? world.people.find(grant.personId) : undefined;
  if (!grant || grant === 'expired' || !person) {
    reply.header('www-authenticate', 'Bearer error="invalid_token", error_description="Invalid Credentials"');
    return reply.code(401).send({ error: 'invalid_request', error_description: 'Invalid Credentials' });
  }
  const email = grant.scopes.includes('email') ? tellEmail(person, world.faults, 'profile') : null;
  return { sub: person.id, ...(settings.userinfo ?? standardClaims)(person, grant, email, world.origin()) };
}
