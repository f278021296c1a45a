/**
 * A standards OpenID provider whose paths and habits are given: Google, LinkedIn and Microsoft are played by it, and
 * any provider of a generic `oidc` connection.
 * After "OpenID Connect Core 1.0", "OpenID Connect Discovery 1.0", RFC 6749, RFC 6750, RFC 7636, RFC 9700.
 */
import { type AskRefusal, readAsk } from './ask.ts';
import type { NetworkDefinition } from './definition.ts';
import { readFields } from './fields.ts';
import { createIdTokenSigner } from './id-tokens.ts';
import { answerToken, answerUserinfo, describe } from './openid-answers.ts';
import { type OpenidSettings, openidFaults, openidPrompts, openidScopes } from './openid-settings.ts';

/** The definition of an OpenID provider with these settings. */
export function openidNetwork(settings: OpenidSettings): NetworkDefinition {
  return {
    name: settings.name,
    title: settings.title,
    colour: settings.colour,
    people: settings.people,
    scopes: { ...openidScopes, ...settings.scopes },
    faults: settings.faults ?? openidFaults,
    prompts: settings.prompts ?? openidPrompts,
    denied: () => ({ error: 'access_denied' }),
    granted: (grant, world) => settings.backWith?.(grant, world.origin(), world.people.find(grant.personId)) ?? {},
    routes(app, world, front) {
      const signer = createIdTokenSigner(settings.algorithm ?? 'RS256');
      const config = <E extends 'discovery' | 'authorize' | 'token' | 'keys' | 'profile'>(endpoint: E) => ({
        config: { endpoint },
      });
      app.get(settings.paths.discovery, config('discovery'), async () => describe(settings, signer, world.origin()));
      app.get(settings.paths.keys, config('keys'), async () => signer.publicKeys());
      app.get(settings.paths.authorize, config('authorize'), async (request, reply) => {
        const read = readAsk(request.query, world.clients, {
          pkce: settings.pkce ?? 'optional',
          requiredScope: 'openid',
          ...(settings.knownScopes ? { knownScopes: settings.knownScopes } : {}),
        });
        if ('ask' in read) return front.receive(request, reply, read.ask);
        const { reason, words, back } = read.refused;
        if (back && !settings.refusesOnPage)
          return front.answer(reply, back, { error: reason, error_description: words });
        return front.refuse(reply, reason === 'unknown_client' ? 401 : 400, headlineOf(reason), words);
      });
      app.post(settings.paths.token, config('token'), async (request, reply) => {
        reply.header('cache-control', 'no-store');
        return answerToken(settings, signer, world, request, reply);
      });
      for (const method of ['GET', 'POST'] as const) {
        app.route({
          method,
          url: settings.paths.userinfo,
          ...config('profile'),
          handler: async (request, reply) => answerUserinfo(settings, world, request, reply),
        });
      }
      const { endSession } = settings.paths;
      if (endSession !== undefined) {
        app.get(endSession, async (request, reply) => front.endSession(request, reply, readFields(request.query)));
      }
      settings.moreRoutes?.(app, world);
    },
  };
}

function headlineOf(reason: AskRefusal['reason']): string {
  return `Access blocked: Error ${reason === 'unknown_client' ? '401: invalid_client' : `400: ${reason}`}`;
}
