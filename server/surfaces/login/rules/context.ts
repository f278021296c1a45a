import type { Base } from '../../../base/base.ts';
import { type JsonObject, withoutUndefined } from '../../../base/json.ts';
import { tenantOf } from '../../triggers/triggers.ts';
import { askedScopes, connectionOf, methodsOf, oursOf, riskOf, rolesOf } from './facts-of-visit.ts';
import type { Occasion } from './occasion.ts';
import { sessionIdOf } from './session-told.ts';

/** `context` of a rule: Auth0's properties, and ours (`brand`, `device`, `signals`, `sender`, `counts`, `consents`). */
export async function contextOfRules(base: Base, occasion: Occasion): Promise<JsonObject> {
  const { visit, customer, anew } = occasion;
  const { portal, wire, language } = visit;
  const [connection, sessionID] = await Promise.all([connectionOf(base, occasion), sessionIdOf(base, occasion)]);
  return withoutUndefined({
    ...oursOf(base, occasion),
    tenant: tenantOf(base),
    clientID: portal.client_id,
    clientName: portal.name,
    clientMetadata: portal.settings.client_metadata,
    connectionID: connection.id,
    connection: connection.name,
    connectionStrategy: connection.strategy,
    connectionOptions: connection.options,
    connectionMetadata: connection.metadata,
    samlConfiguration: {},
    jwtConfiguration: { ...portal.settings.jwt_configuration, scopes: {} },
    protocol: wire.protocol,
    riskAssessment: riskOf(occasion),
    stats: { loginsCount: occasion.logins },
    sso: {
      with_auth0: !anew,
      with_dbconn: !anew && connection.strategy === 'auth0',
      current_clients: [...new Set([...(wire.session?.portals ?? []), portal.client_id])],
    },
    accessToken: { scope: askedScopes(wire) },
    idToken: {},
    sessionID,
    locale: language,
    request: requestOfRules(base, occasion),
    primaryUser: customer.user_id,
    authentication: { methods: methodsOf(occasion) },
    authorization: { roles: rolesOf(occasion) },
  });
}

function requestOfRules(base: Base, { visit }: Occasion): JsonObject {
  const { wire, ip, userAgent, language } = visit;
  const place = base.geo.detailsOf(ip);
  return withoutUndefined({
    userAgent,
    ip,
    hostname: new URL(base.config.url).hostname,
    language,
    query: wire.query,
    body: wire.body,
    geoip:
      place &&
      withoutUndefined({
        country_code: place.country,
        country_code3: place.country3,
        country_name: place.countryName,
        city_name: place.city,
        latitude: place.latitude,
        longitude: place.longitude,
        time_zone: place.timeZone,
        continent_code: place.continent,
        subdivision_code: place.subdivision,
        subdivision_name: place.subdivisionName,
        postal_code: place.postalCode,
      }),
  });
}
