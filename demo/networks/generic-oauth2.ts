/**
 * A plain OAuth 2 provider with a profile endpoint whose paths and field names are given: Amazon is played by it, and
 * any provider of a generic `oauth2` connection. After RFC 6749, RFC 6750, RFC 7636, RFC 9700.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AskRules, readAsk } from './ask.ts';
import { readBearer } from './bearer.ts';
import { type ClientAuth, proveClient } from './clients.ts';
import type { NetworkDefinition, ScopeWords, World } from './definition.ts';
import type { Mode } from './faults.ts';
import { readFields, repeatedField } from './fields.ts';
import type { Grant } from './grants.ts';
import { openidPrompts } from './openid-settings.ts';
import type { Person } from './people.ts';
import { type ToldEmail, tellEmail } from './told-email.ts';

/** The paths and habits of one OAuth 2 provider. */
export interface OauthSettings {
  name: string;
  title: string;
  colour: string;
  people: readonly Person[];
  /** The content faults that mean something here, if not all. */
  faults?: readonly Mode[];
  paths: { authorize: string; token: string; profile: string };
  /** The profile as this provider spells it. */
  profile: (person: Person, grant: Grant, email: ToldEmail | null, origin: string) => Record<string, unknown>;
  /** Where the profile endpoint takes the token. The header `Authorization: Bearer` always works. */
  tokenAlsoIn?: readonly ('query' | 'x-amz-access-token')[];
  clientAuth?: readonly ClientAuth[];
  pkce?: AskRules['pkce'];
  scopes?: Readonly<Record<string, ScopeWords>>;
  knownScopes?: readonly string[];
  /** Status and body for a token that is not good. */
  badToken?: { status: number; body: Record<string, unknown> };
}

/** What can go wrong in content where there are no ID tokens. */
export const oauthFaults: readonly Mode[] = [
  'expired_token',
  'missing_email',
  'unverified_email',
  'email_verified_string',
  'user_denies',
];

/** The definition of an OAuth 2 provider with these settings. */
export function oauthNetwork(settings: OauthSettings): NetworkDefinition {
  return {
    name: settings.name,
    title: settings.title,
    colour: settings.colour,
    people: settings.people,
    scopes: settings.scopes ?? {},
    faults: settings.faults ?? oauthFaults,
    prompts: openidPrompts,
    denied: () => ({ error: 'access_denied', error_description: 'Access not permitted.' }),
    routes(app, world, front) {
      app.get(settings.paths.authorize, { config: { endpoint: 'authorize' } }, async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: settings.pkce ?? 'optional',
          ...(settings.knownScopes ? { knownScopes: settings.knownScopes } : {}),
        });
        if ('ask' in read) return front.receive(request, reply, read.ask);
        const { reason, words, back } = read.refused;
        if (back) return front.answer(reply, back, { error: reason, error_description: words });
        return front.refuse(reply, 400, 'This app is not set up correctly', words);
      });
      app.post(settings.paths.token, { config: { endpoint: 'token' } }, async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answerToken(settings, world, request, reply);
      });
      app.get(settings.paths.profile, { config: { endpoint: 'profile' } }, async (request, reply) =>
        answerProfile(settings, world, request, reply),
      );
    },
  };
}

async function answerToken(
  settings: OauthSettings,
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
  if ('refused' in proof) return refuse('invalid_client', 'Client authentication failed.', 401);
  if (fields.grant_type !== 'authorization_code') return refuse('unsupported_grant_type', 'Not supported.');
  const redeemed = world.grants.redeem(fields, proof.client.clientId);
  if ('refused' in redeemed) {
    const error = redeemed.refused === 'missing' ? 'invalid_request' : 'invalid_grant';
    return refuse(error, `The code was refused: ${redeemed.refused}`);
  }
  const lifetime = world.faults.take('expired_token', 'token') ? -1 : 3600;
  return {
    access_token: world.grants.issueToken('access', redeemed.grant, lifetime, redeemed.code),
    token_type: 'bearer',
    expires_in: 3600,
    ...(redeemed.grant.scopes.length > 0 ? { scope: redeemed.grant.scopes.join(' ') } : {}),
  };
}

async function answerProfile(
  settings: OauthSettings,
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const others = (settings.tokenAlsoIn ?? []).map((place) =>
    place === 'query' ? readFields(request.query).access_token : readFields(request.headers)[place],
  );
  const token = readBearer(request) ?? others.find((one) => one !== undefined);
  const grant = world.grants.readToken('access', token);
  const person = grant && grant !== 'expired' ? world.people.find(grant.personId) : undefined;
  if (!grant || grant === 'expired' || !person) {
    const { status, body } = settings.badToken ?? { status: 401, body: { error: 'invalid_token' } };
    return reply.code(status).header('www-authenticate', 'Bearer error="invalid_token"').send(body);
  }
  const email = tellEmail(person, world.faults, 'profile');
  return settings.profile(person, grant, email, world.origin());
}
