/**
 * Plays X (strategy `twitter`): OAuth 2.0 with PKCE for confidential clients, and the users lookup.
 * After X's documents "OAuth 2.0 Authorization Code Flow with PKCE" and "Get my User" (docs.x.com).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readAsk } from './ask.ts';
import { readBearer } from './bearer.ts';
import { proveClient } from './clients.ts';
import type { NetworkDefinition, World } from './definition.ts';
import { readFields, repeatedField } from './fields.ts';
import type { CodeRefusal, Grant } from './grants.ts';
import type { Person } from './people.ts';
import { tellEmail } from './told-email.ts';

const scopes: NetworkDefinition['scopes'] = {
  'tweet.read': { words: 'the posts you can see' },
  'users.read': { words: 'your name, picture and user name' },
  'users.email': { words: 'your e-mail address' },
  'offline.access': { words: 'this also while you are away' },
};

const userFields = ['confirmed_email', 'created_at', 'description', 'id', 'location', 'name', 'profile_image_url'];
userFields.push('protected', 'url', 'username', 'verified', 'verified_type');

const codeWords: Record<CodeRefusal, string> = {
  missing: 'Missing required parameter [code].',
  unknown: 'Value passed for the authorization code was invalid.',
  used: 'Value passed for the authorization code was invalid.',
  expired: 'Value passed for the authorization code was invalid.',
  client: 'Value passed for the authorization code was invalid.',
  redirect_uri: 'Value passed for the redirect uri did not match the uri of the authorization code.',
  verifier_missing: 'Missing required parameter [code_verifier].',
  verifier_wrong: 'Value passed for the code verifier did not match the code challenge.',
};

/** @param people who has an account there */
export function x(people: readonly Person[]): NetworkDefinition {
  return {
    name: 'x',
    title: 'X',
    colour: '#0f1419',
    people,
    scopes,
    // X tells only confirmed addresses, so there is no flag to spell wrongly.
    faults: ['expired_token', 'missing_email', 'unverified_email', 'user_denies'],
    prompts: () => ({ choose: false, consent: false, declinedAgain: true, silent: null }),
    denied: () => ({ error: 'access_denied' }),
    routes(app, world, front) {
      app.get('/i/oauth2/authorize', { config: { endpoint: 'authorize' } }, async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: 'required',
          stateRequired: true,
          knownScopes: Object.keys(scopes),
        });
        if ('ask' in read && read.ask.scopes.length > 0) return front.receive(request, reply, read.ask);
        const words = 'refused' in read ? read.refused.words : 'Missing parameter: scope';
        return front.refuse(reply, 400, 'Something went wrong', `You cannot give this app access. ${words}`);
      });
      app.post('/2/oauth2/token', { config: { endpoint: 'token' } }, async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answerToken(world, request, reply);
      });
      app.get('/2/users/me', { config: { endpoint: 'profile' } }, async (request, reply) =>
        answerMe(world, request, reply),
      );
    },
  };
}

async function answerToken(world: World, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const fields = readFields(request.body);
  const refuse = (error: string, error_description: string, status = 400) =>
    reply.code(status).send({ error, error_description });
  const repeated = repeatedField(request.body);
  if (repeated !== null) return refuse('invalid_request', `Parameter sent more than once: [${repeated}].`);
  const proof = proveClient(request, fields, world.clients, ['basic']);
  if ('refused' in proof) return refuse('unauthorized_client', 'Missing valid authorization header', 401);
  const { clientId } = proof.client;
  if (fields.grant_type === 'refresh_token') {
    const token = fields.refresh_token ?? '';
    const grant = world.grants.readToken('refresh', token);
    if (!grant || grant === 'expired' || grant.ask.client.clientId !== clientId) {
      return refuse('invalid_request', 'Value passed for the token was invalid.');
    }
    // Each refresh token works once.
    world.grants.endToken(token);
    return makeTokens(world, grant);
  }
  if (fields.grant_type !== 'authorization_code') {
    return refuse('invalid_request', 'Missing required parameter [grant_type].');
  }
  const redeemed = world.grants.redeem(fields, clientId);
  if ('refused' in redeemed) return refuse('invalid_request', codeWords[redeemed.refused]);
  return makeTokens(world, redeemed.grant, redeemed.code);
}

function makeTokens(world: World, grant: Grant, code?: string): Record<string, unknown> {
  const lifetime = world.faults.take('expired_token', 'token') ? -1 : 7200;
  return {
    token_type: 'bearer',
    expires_in: 7200,
    access_token: world.grants.issueToken('access', grant, lifetime, code),
    scope: grant.scopes.join(' '),
    ...(grant.scopes.includes('offline.access')
      ? { refresh_token: world.grants.issueToken('refresh', grant, 180 * 86_400, code) }
      : {}),
  };
}

async function answerMe(world: World, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const refuse = (status: number, title: string) =>
    reply.code(status).send({ title, type: 'about:blank', status, detail: title });
  const grant = world.grants.readToken('access', readBearer(request));
  const person = grant && grant !== 'expired' ? world.people.find(grant.personId) : undefined;
  if (!grant || grant === 'expired' || !person) return refuse(401, 'Unauthorized');
  if (!['tweet.read', 'users.read'].every((scope) => grant.scopes.includes(scope))) return refuse(403, 'Forbidden');
  const asked = readFields(request.query)['user.fields']?.split(',') ?? [];
  const wrong = asked.filter((field) => !userFields.includes(field));
  if (wrong.length > 0) {
    const message = `The \`user.fields\` query parameter value [${wrong.join(',')}] is not one of the known fields`;
    return reply.code(400).send({
      errors: [{ parameters: { 'user.fields': wrong }, message }],
      title: 'Invalid Request',
      detail: 'One or more parameters to your request was invalid.',
      type: 'https://api.twitter.com/2/problems/invalid-request',
    });
  }
  const address = asked.includes('confirmed_email') && grant.scopes.includes('users.email');
  const email = address ? tellEmail(person, world.faults, 'profile') : null;
  return {
    data: {
      id: person.id,
      name: person.name,
      username: person.username ?? `user${person.id}`,
      ...(asked.includes('profile_image_url')
        ? { profile_image_url: `${world.origin()}/pictures/${person.id}.png` }
        : {}),
      ...(asked.includes('verified') ? { verified: false } : {}),
      ...(email?.verified === true ? { confirmed_email: email.email } : {}),
    },
  };
}
