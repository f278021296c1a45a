/**
 * Plays Sign in with Apple. After Apple's documents "Request an authorization to the Sign in with Apple server",
 * "Generate and validate tokens", "Creating a client secret", "Authenticating users with Sign in with Apple" and
 * "Communicating using the private email relay service" (developer.apple.com).
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JWTPayload } from 'jose';
import { checkClientSecret } from './apple-client-secret.ts';
import { readAsk } from './ask.ts';
import type { NetworkDefinition, World } from './definition.ts';
import { readFields, repeatedField } from './fields.ts';
import type { Grant } from './grants.ts';
import { createIdTokenSigner, halfHash, type IdTokenSigner } from './id-tokens.ts';
import { openidFaults } from './openid-settings.ts';
import type { Person } from './people.ts';
import { tellEmail } from './told-email.ts';

const modes = ['query', 'fragment', 'form_post'] as const;

/** @param people who has an account there */
export function apple(people: readonly Person[]): NetworkDefinition {
  const signer = createIdTokenSigner('RS256');
  return {
    name: 'apple',
    title: 'Apple',
    colour: '#1d1d1f',
    people,
    scopes: {
      openid: { words: 'who you are here' },
      name: { words: 'your name' },
      email: { words: 'an e-mail address that reaches you' },
    },
    faults: openidFaults,
    offersHiddenEmail: true,
    prompts: () => ({ choose: false, consent: false, declinedAgain: true, silent: null }),
    denied: () => ({ error: 'user_cancelled_authorize' }),
    async granted(grant, world, code) {
      const person = world.people.find(grant.personId);
      if (!person) return {};
      const front = grant.ask.fields.response_type?.includes('id_token')
        ? { id_token: await signFor(signer, world, grant, person, { nonce: true, c_hash: halfHash(code) }) }
        : {};
      return grant.first ? { ...front, ...tellUser(grant, person) } : front;
    },
    routes(app, world, front) {
      app.get('/.well-known/openid-configuration', { config: { endpoint: 'discovery' } }, async () =>
        describe(world.origin()),
      );
      app.get('/auth/keys', { config: { endpoint: 'keys' } }, async () => signer.publicKeys());
      app.get('/auth/authorize', { config: { endpoint: 'authorize' } }, async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: 'ignored',
          knownScopes: ['openid', 'name', 'email'],
          responseTypes: ['code', 'code id_token'],
          responseModes: modes,
        });
        if ('refused' in read) {
          const { reason, words } = read.refused;
          return front.refuse(reply, 400, reason === 'unknown_client' ? 'invalid_client' : 'invalid_request', words);
        }
        const problem = findModeProblem(read.ask.scopes, read.ask.fields.response_type, read.ask.responseMode);
        if (problem) return front.refuse(reply, 400, 'invalid_request', problem);
        return front.receive(request, reply, read.ask);
      });
      app.post('/auth/token', { config: { endpoint: 'token' } }, async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answerToken(signer, world, request, reply);
      });
    },
  };
}

function findModeProblem(scopes: readonly string[], responseType: string | undefined, mode: string): string | null {
  if (mode === 'form_post') return null;
  if (scopes.some((scope) => scope !== 'openid')) {
    return 'response_mode must be form_post when name or email scope is requested.';
  }
  return mode === 'query' && responseType?.includes('id_token') ? 'Invalid response mode' : null;
}

function describe(origin: string): Record<string, unknown> {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/auth/authorize`,
    token_endpoint: `${origin}/auth/token`,
    jwks_uri: `${origin}/auth/keys`,
    response_types_supported: ['code'],
    response_modes_supported: modes,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'name'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    claims_supported: ['aud', 'email', 'email_verified', 'exp', 'iat', 'is_private_email', 'iss', 'nonce', 'sub'],
  };
}

async function answerToken(
  signer: IdTokenSigner,
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const fields = readFields(request.body);
  const refuse = (error: string) => reply.code(400).send({ error });
  if (repeatedField(request.body) !== null) return refuse('invalid_request');
  const client = world.clients.find(fields.client_id);
  if (!client || !(await checkClientSecret(client, fields.client_secret, world.origin()))) {
    return refuse('invalid_client');
  }
  if (fields.grant_type === 'refresh_token') {
    const grant = world.grants.readToken('refresh', fields.refresh_token);
    const person = grant && grant !== 'expired' ? world.people.find(grant.personId) : undefined;
    const own = grant && grant !== 'expired' && grant.ask.client.clientId === client.clientId;
    return own && person ? makeTokens(signer, world, grant, person, null) : refuse('invalid_grant');
  }
  if (fields.grant_type !== 'authorization_code') return refuse('unsupported_grant_type');
  const redeemed = world.grants.redeem(fields, client.clientId);
  if ('refused' in redeemed) return refuse(redeemed.refused === 'missing' ? 'invalid_request' : 'invalid_grant');
  const person = world.people.find(redeemed.grant.personId);
  return person ? makeTokens(signer, world, redeemed.grant, person, redeemed.code) : refuse('invalid_grant');
}

async function makeTokens(
  signer: IdTokenSigner,
  world: World,
  grant: Grant,
  person: Person,
  code: string | null,
): Promise<Record<string, unknown>> {
  const accessToken = world.grants.issueToken('access', grant, 3600, code ?? undefined);
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: 3600,
    ...(code === null ? {} : { refresh_token: world.grants.issueToken('refresh', grant, 365 * 86_400, code) }),
    id_token: await signFor(signer, world, grant, person, { nonce: code !== null, accessToken }),
  };
}

async function signFor(
  signer: IdTokenSigner,
  world: World,
  grant: Grant,
  person: Person,
  more: { nonce: boolean; accessToken?: string; c_hash?: string },
): Promise<string> {
  const { client, fields } = grant.ask;
  const content = {
    issuer: world.origin(),
    audience: client.clientId,
    subject: person.id,
    nonce: more.nonce ? fields.nonce : undefined,
    accessToken: more.accessToken,
    lifetime: 86_400,
    claims: {
      ...(more.c_hash === undefined ? {} : { c_hash: more.c_hash }),
      ...(grant.scopes.includes('email') ? tellAddress(world, grant, person) : {}),
      auth_time: grant.authTime,
      nonce_supported: true,
    },
  };
  return signer.sign(content, world.faults);
}

/** Apple documents both flags as "a string or Boolean value": here strings go with relay addresses. */
function tellAddress(world: World, grant: Grant, person: Person): JWTPayload {
  const email = tellEmail(person, world.faults, 'token');
  if (!email) return {};
  if (!grant.hidesEmail) return { email: email.email, email_verified: email.verified };
  return { email: relayAddress(person), email_verified: String(email.verified), is_private_email: 'true' };
}

/** The address that hides a person's own. The hyphen keeps it from being anybody's real one. */
export function relayAddress(person: Person): string {
  const name = createHash('sha256').update(person.id).digest('hex').slice(0, 10);
  return `sim-${name}@privaterelay.appleid.com`;
}

/** The `user` parameter, which Apple sends the first time only. */
function tellUser(grant: Grant, person: Person): { user?: string } {
  const name = { name: { firstName: person.givenName, lastName: person.familyName } };
  const email = grant.hidesEmail ? relayAddress(person) : person.email;
  const user = {
    ...(grant.scopes.includes('name') ? name : {}),
    ...(grant.scopes.includes('email') && email !== undefined ? { email } : {}),
  };
  return Object.keys(user).length > 0 ? { user: JSON.stringify(user) } : {};
}
