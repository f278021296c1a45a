import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { tenantOf } from './context.ts';
import { askedScopes, connectionOf, methodsOf, oursOf, riskOf, rolesOf, toJson } from './facts-of-visit.ts';
import type { Occasion } from './occasion.ts';
import { type ShownUser, userOfActions } from './user.ts';

/** `event` of a post-login action, but for its secrets: Auth0's properties, and ours in `regulars`. */
export async function eventOfLogin(base: Base, occasion: Occasion, shown: ShownUser): Promise<JsonObject> {
  const { visit } = occasion;
  const { portal, wire, language } = visit;
  const [connection, regulars] = await Promise.all([connectionOf(base, occasion), oursOf(base, occasion)]);
  const { audience, redirect_uri, response_type, response_mode, state, prompt, acr_values, login_hint, ui_locales } =
    wire.query;
  return toJson({
    authentication: { methods: methodsOf(occasion), riskAssessment: riskOf(occasion) },
    authorization: { roles: rolesOf(occasion) },
    client: { client_id: portal.client_id, name: portal.name, metadata: portal.settings.client_metadata },
    connection: {
      id: connection.id,
      name: connection.name,
      strategy: connection.strategy,
      metadata: connection.metadata,
    },
    request: requestOfActions(base, occasion),
    ...(audience !== undefined && { resource_server: { identifier: audience } }),
    ...(visit.session !== undefined && {
      session: { id: visit.session, authentication: { methods: methodsOf(occasion) } },
    }),
    ...(wire.protocol === 'oauth2-refresh-token' && { refresh_token: {} }),
    security_context: {},
    stats: { logins_count: occasion.logins },
    tenant: { id: tenantOf(base) },
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

/** `event.request`: as rules are told, with places in camel case. */
export function requestOfActions(base: Base, { visit }: Pick<Occasion, 'visit'>): object {
  const { wire, ip, userAgent, language } = visit;
  const place = base.geo.detailsOf(ip);
  const isTokens = wire.protocol.startsWith('oauth2-') && wire.protocol !== 'oauth2-device-code';
  return {
    ip,
    user_agent: userAgent,
    hostname: new URL(base.config.url).hostname,
    language,
    method: isTokens ? 'POST' : 'GET',
    query: wire.query,
    body: wire.body,
    geoip: place
      ? {
          countryCode: place.country,
          countryCode3: place.country3,
          countryName: place.countryName,
          cityName: place.city,
          latitude: place.latitude,
          longitude: place.longitude,
          timeZone: place.timeZone,
          continentCode: place.continent,
          subdivisionCode: place.subdivision,
          subdivisionName: place.subdivisionName,
          postalCode: place.postalCode,
        }
      : {},
  };
}
