/**
 * Plays GitHub's OAuth apps and the two user endpoints.
 * After GitHub's documents "Authorizing OAuth apps", "Troubleshooting authorization request errors", "Troubleshooting
 * OAuth app access token request errors", "REST API endpoints for users" and "... for emails" (docs.github.com).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readAsk } from './ask.ts';
import { readBearer } from './bearer.ts';
import type { NetworkDefinition, World } from './definition.ts';
import { type Fields, readFields } from './fields.ts';
import type { CodeRefusal, Grant } from './grants.ts';
import type { Person } from './people.ts';
import { tellEmail } from './told-email.ts';

/** @param people who has an account there; their ids are digits */
export function github(people: readonly Person[]): NetworkDefinition {
  return {
    name: 'github',
    title: 'GitHub',
    colour: '#24292f',
    people,
    scopes: {
      'read:user': { words: 'your profile' },
      'user:email': { words: 'your e-mail addresses' },
      user: { words: 'your profile and e-mail addresses' },
    },
    faults: ['expired_token', 'missing_email', 'unverified_email', 'email_verified_string', 'user_denies'],
    takesJson: true,
    prompts: ({ fields }) => ({
      choose: fields.prompt === 'select_account',
      consent: false,
      declinedAgain: true,
      silent: null,
    }),
    denied: () => ({
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
      error_uri: '/apps/troubleshooting-authorization-request-errors/#access-denied',
    }),
    routes(app, world, front) {
      app.get('/login/oauth/authorize', { config: { endpoint: 'authorize' } }, async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: 'optional',
          scopeSeparator: /[ ,]+/,
          responseTypeRequired: false,
          redirectUriOptional: true,
        });
        if ('ask' in read) return front.receive(request, reply, read.ask);
        const { reason, words, client, back } = read.refused;
        if (!client) return front.refuse(reply, 404, 'Page not found', 'There is no app with this client id.');
        const registered = back?.redirectUri ?? client.redirectUris[0];
        if (registered === undefined) return front.refuse(reply, 400, 'This app has no callback address', words);
        // GitHub tells even a wrong redirect_uri to the callback that is registered.
        const url = new URL(registered);
        const { state } = readFields(request.query);
        const error = reason === 'redirect_uri_mismatch' ? reason : 'application_error';
        const told: Fields = { error, error_description: words, ...(state === undefined ? {} : { state }) };
        for (const [name, value] of Object.entries(told)) url.searchParams.append(name, value);
        return reply.redirect(url.href, 302);
      });
      app.post('/login/oauth/access_token', { config: { endpoint: 'token' } }, async (request, reply) =>
        answerToken(world, request, reply),
      );
      serveUser(app, world);
    },
  };
}

const codeErrors: Record<CodeRefusal, [error: string, words: string]> = {
  missing: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  unknown: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  used: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  expired: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  client: ['bad_verification_code', 'The code passed is incorrect or expired.'],
  redirect_uri: ['redirect_uri_mismatch', 'The redirect_uri must match the registered callback URL.'],
  verifier_missing: ['bad_verification_code', 'The code verifier is missing.'],
  verifier_wrong: ['bad_verification_code', 'The code verifier does not match.'],
};

/** Errors come with status 200, and everything as a form unless JSON is asked for. */
async function answerToken(world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const fields = { ...readFields(request.query), ...readFields(request.body) };
  const send = (answer: Fields) => {
    reply.header('cache-control', 'no-store');
    if (/\bapplication\/json\b/.test(request.headers.accept ?? '')) return reply.send(answer);
    const type = 'application/x-www-form-urlencoded; charset=utf-8';
    return reply.type(type).send(new URLSearchParams(answer).toString());
  };
  const refuse = (error: string, error_description: string) =>
    send({ error, error_description, error_uri: `/apps/troubleshooting-access-token-errors/#${error}` });
  const client = world.clients.find(fields.client_id);
  if (!client || client.clientSecret !== fields.client_secret) {
    return refuse('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
  }
  const redeemed = world.grants.redeem(fields, client.clientId, { redirectUriOptional: true });
  if ('refused' in redeemed) return refuse(...codeErrors[redeemed.refused]);
  const lifetime = world.faults.take('expired_token', 'token') ? -1 : 365 * 86_400;
  return send({
    access_token: world.grants.issueToken('access', redeemed.grant, lifetime, redeemed.code),
    scope: redeemed.grant.scopes.join(','),
    token_type: 'bearer',
  });
}

function serveUser(app: FastifyInstance, world: World): void {
  app.get('/user', { config: { endpoint: 'profile' } }, async (request, reply) => {
    const call = checkCall(world, request, reply);
    return call ? reply.send(tellUser(call.person, world.origin())) : reply;
  });
  app.get('/user/emails', { config: { endpoint: 'emails' } }, async (request, reply) => {
    const call = checkCall(world, request, reply);
    if (!call) return reply;
    if (!call.grant.scopes.some((scope) => scope === 'user' || scope === 'user:email')) {
      return refuseCall(reply, 404, 'Not Found');
    }
    const primary = tellEmail(call.person, world.faults, 'emails');
    if (!primary) return reply.send([]);
    const others = (call.person.otherEmails ?? []).map((one) => ({ ...one, visibility: null }));
    return reply.send([{ ...primary, primary: true, visibility: 'private' }, ...others]);
  });
}

function refuseCall(reply: FastifyReply, status: number, message: string): FastifyReply {
  const documentation_url = 'https://docs.github.com/rest';
  return reply.code(status).send({ message, documentation_url, status: String(status) });
}

/** Sends the refusal itself and returns null when the call may not go on. */
function checkCall(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): { grant: Grant; person: Person } | null {
  const refuse = (status: number, message: string) => {
    refuseCall(reply, status, message);
    return null;
  };
  if (!request.headers['user-agent']) return refuse(403, 'Request forbidden: it has no User-Agent header.');
  const token = readBearer(request);
  if (token === undefined) return refuse(401, 'Requires authentication');
  const grant = world.grants.readToken('access', token);
  const person = grant && grant !== 'expired' ? world.people.find(grant.personId) : undefined;
  if (!grant || grant === 'expired' || !person) return refuse(401, 'Bad credentials');
  reply.header('x-oauth-scopes', grant.scopes.join(', '));
  return { grant, person };
}

function tellUser(person: Person, origin: string): Record<string, unknown> {
  return {
    login: person.username ?? `user-${person.id}`,
    id: Number(person.id),
    node_id: Buffer.from(`04:User${person.id}`).toString('base64'),
    avatar_url: `${origin}/pictures/${person.id}.png`,
    html_url: `${origin}/${person.username ?? ''}`,
    type: 'User',
    site_admin: false,
    name: person.name,
    company: null,
    blog: '',
    location: null,
    email: person.publicEmail ?? null,
    bio: null,
  };
}
