import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { type Circumstances, clientOf, connectionOf, eventOf } from '../../triggers/triggers.ts';
import { askedScopes, methodsOf, oursOf, riskOf, rolesOf } from './facts-of-visit.ts';
import type { Occasion } from './occasion.ts';
import { sessionTold } from './session-told.ts';
import { type ShownUser, userOfActions } from './user.ts';

/**
 * `event` of a post-login action, but for its secrets: Auth0's properties, and ours in `regulars`.
 *
 * @param rendered `event.prompt`, where an action goes on with what was answered
 */
export async function eventOfLogin(
  base: Base,
  occasion: Occasion,
  shown: ShownUser,
  rendered?: JsonObject,
): Promise<JsonObject> {
  const { visit } = occasion;
  const { portal, wire, language } = visit;
  const [connection, session] = await Promise.all([
    connectionOf(base, occasion.connection),
    sessionTold(base, occasion),
  ]);
  const regulars = oursOf(base, occasion);
  const { audience, redirect_uri, response_type, response_mode, state, prompt, acr_values, login_hint, ui_locales } =
    wire.asked;
  return eventOf(base, circumstancesOf(occasion), {
    authentication: { methods: methodsOf(occasion), riskAssessment: riskOf(occasion) },
    authorization: { roles: rolesOf(occasion) },
    client: clientOf(portal),
    connection,
    ...(rendered && { prompt: rendered }),
    ...(audience !== undefined && { resource_server: { identifier: audience } }),
    ...session,
    security_context: {},
    stats: { logins_count: occasion.logins },
    transaction: {
      acr_values: acr_values?.split(' ') ?? [],
      locale: language,
      login_hint,
      protocol: wire.protocol,
      prompt: prompt?.split(' ') ?? [],
      redirect_uri,
      requested_scopes: askedScopes(wire),
      response_mode,
      response_type: response_type?.split(' ') ?? [],
      state,
      ui_locales: ui_locales?.split(' ') ?? [],
      metadata: {},
    },
    user: userOfActions(occasion, shown),
    regulars,
  });
}

function circumstancesOf({ visit: { wire, ip, userAgent, language } }: Occasion): Circumstances {
  const isTokens = wire.protocol.startsWith('oauth2-') && wire.protocol !== 'oauth2-device-code';
  return { ip, userAgent, language, method: isTokens ? 'POST' : 'GET', query: wire.query, body: wire.body };
}
