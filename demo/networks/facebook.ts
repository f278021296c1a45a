/**
 * Plays Facebook Login and the Graph API: the dialog, tokens, `/me`, liked pages, permissions.
 * After Meta's documents "Manually Build a Login Flow", "Permissions Reference", "Graph API Reference: User",
 * "Paginated Results", "Securing Graph API Requests" (appsecret_proof) and "Handle Errors" (developers.facebook.com).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AskRefusal, readAsk } from './ask.ts';
import type { NetworkDefinition, World } from './definition.ts';
import { sendGraphError } from './facebook-errors.ts';
import { serveGraph } from './facebook-graph.ts';
import { readFields, repeatedField } from './fields.ts';
import type { CodeRefusal } from './grants.ts';
import type { Person } from './people.ts';

/** The version of the Graph API that is played. */
export const graphVersion = 'v25.0';

const scopes: NetworkDefinition['scopes'] = {
  public_profile: { words: 'your name and profile picture' },
  email: { words: 'your e-mail address', optional: true },
  user_birthday: { words: 'your birthday', optional: true },
  user_gender: { words: 'your gender', optional: true },
  user_likes: { words: 'the pages you like', optional: true },
  user_location: { words: 'the city you live in', optional: true },
};

/** @param people who has an account there */
export function facebook(people: readonly Person[]): NetworkDefinition {
  return {
    name: 'facebook',
    title: 'Facebook',
    colour: '#0a5ed7',
    people,
    scopes,
    // Facebook only ever tells addresses that were confirmed, so there is no flag to spell wrongly.
    faults: ['expired_token', 'missing_email', 'unverified_email', 'user_denies'],
    accessAddsUp: true,
    landingMark: '#_=_',
    prompts: ({ fields }) => ({
      choose: fields.auth_type === 'reauthenticate',
      consent: false,
      declinedAgain: fields.auth_type === 'rerequest',
      silent: null,
    }),
    denied: () => ({
      error: 'access_denied',
      error_code: '200',
      error_description: 'Permissions error',
      error_reason: 'user_denied',
    }),
    granted(grant, world) {
      const { fields, client } = grant.ask;
      if (fields.return_scopes !== 'true' && !fields.response_type?.includes('granted_scopes')) return {};
      const agreement = world.agreements.find(client.clientId, grant.personId);
      return {
        granted_scopes: [...(agreement?.granted ?? [])].join(','),
        denied_scopes: [...(agreement?.declined ?? [])].join(','),
      };
    },
    routes(app, world, front) {
      app.get(`/${graphVersion}/dialog/oauth`, { config: { endpoint: 'authorize' } }, async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: 'optional',
          knownScopes: Object.keys(scopes),
          scopeSeparator: /[ ,]+/,
          responseTypes: ['code', 'code granted_scopes'],
          responseTypeRequired: false,
        });
        if ('refused' in read) {
          return front.refuse(reply, 400, headlines[read.refused.reason] ?? 'Something went wrong', read.refused.words);
        }
        const asked = new Set(['public_profile', ...read.ask.scopes]);
        return front.receive(request, reply, { ...read.ask, scopes: [...asked] });
      });
      for (const method of ['GET', 'POST'] as const) {
        app.route({
          method,
          url: `/${graphVersion}/oauth/access_token`,
          config: { endpoint: 'token' },
          handler: async (request, reply) => answerToken(world, request, reply),
        });
      }
      serveGraph(app, world, `/${graphVersion}`);
    },
  };
}

const headlines: Partial<Record<AskRefusal['reason'], string>> = {
  unknown_client: 'Invalid app ID',
  redirect_uri_mismatch: 'URL blocked',
  invalid_scope: 'Invalid scopes',
};

const codeErrors: Record<CodeRefusal, [message: string, subcode?: number]> = {
  missing: ['Missing authorization code'],
  unknown: ['Invalid verification code format.'],
  used: ['This authorization code has been used.', 36009],
  expired: ['This authorization code has expired.', 36007],
  client: ['Error validating verification code. The code was issued to another app.'],
  redirect_uri: ['Error validating verification code. The redirect_uri differs from the one of the dialog.', 36008],
  verifier_missing: ['Error validating code_verifier: it is missing.'],
  verifier_wrong: ['Error validating code_verifier.'],
};

async function answerToken(world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store');
  const source = request.method === 'GET' ? request.query : request.body;
  const fields = readFields(source);
  const repeated = repeatedField(source);
  if (repeated !== null) return sendGraphError(reply, { code: 100, message: `Parameter sent twice: ${repeated}` });
  if (fields.client_id === undefined) {
    return sendGraphError(reply, { code: 101, message: 'Missing client_id parameter.' });
  }
  if (fields.redirect_uri === undefined) {
    return sendGraphError(reply, { code: 191, message: 'Missing redirect_uri parameter.' });
  }
  const client = world.clients.find(fields.client_id);
  if (!client) return sendGraphError(reply, { code: 101, message: 'Error validating application.' });
  if (fields.client_secret === undefined) {
    return sendGraphError(reply, { code: 1, message: 'Missing client_secret parameter.' });
  }
  if (fields.client_secret !== client.clientSecret) {
    return sendGraphError(reply, { code: 1, message: 'Error validating client secret.' });
  }
  const redeemed = world.grants.redeem(fields, client.clientId);
  if ('refused' in redeemed) {
    const [message, subcode] = codeErrors[redeemed.refused];
    return sendGraphError(reply, { code: 100, message, subcode });
  }
  const seconds = 5_183_944;
  const lifetime = world.faults.take('expired_token', 'token') ? -1 : seconds;
  const token = world.grants.issueToken('access', redeemed.grant, lifetime, redeemed.code);
  return reply.send({ access_token: token, token_type: 'bearer', expires_in: seconds });
}
