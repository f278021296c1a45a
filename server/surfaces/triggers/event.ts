import type { Base } from '../../base/base.ts';
import type { JsonObject } from '../../base/json.ts';
import { connectionByName } from '../../features/connections/connections.ts';
import { type Customer, identitiesOf } from '../../features/customers/customers.ts';
import type { Portal } from '../../features/portals/portals.ts';

/** What is known of the request that an event tells. */
export type Circumstances = {
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly language?: string | undefined;
  readonly body?: JsonObject | undefined;
};

/** `event.request`, for whatever was sent by POST. */
export function requestOf(
  base: Pick<Base, 'config' | 'geo'>,
  { ip = '', userAgent, language, body }: Circumstances,
): JsonObject {
  const { country, city, latitude, longitude } = base.geo.placeOf(ip) ?? {};
  return toJson({
    ip,
    method: 'POST',
    hostname: new URL(base.config.url).hostname,
    user_agent: userAgent,
    language,
    body,
    geoip: { countryCode: country, cityName: city, latitude, longitude },
  });
}

/** `event.client` */
export function clientOf({ client_id, name, settings }: Pick<Portal, 'client_id' | 'name' | 'settings'>): JsonObject {
  return toJson({ client_id, name, metadata: settings.client_metadata });
}

/** `event.connection` */
export async function connectionOf(base: Pick<Base, 'db' | 'settings'>, name: string): Promise<JsonObject> {
  const found = await connectionByName(base, name);
  return found ? toJson({ id: found.id, name, strategy: found.strategy, metadata: found.metadata }) : { name };
}

/** `event.tenant`: the first part of the server's name. */
export function tenantOf({ config }: Pick<Base, 'config'>): JsonObject {
  return { id: new URL(config.url).hostname.split('.')[0] ?? '' };
}

/** `event.user` */
export async function userOf({ db }: Pick<Base, 'db'>, customer: Customer): Promise<JsonObject> {
  const identities = await identitiesOf(db, customer.id);
  const { attributes, email, phone_number } = customer;
  return toJson({
    ...attributes,
    ...(email !== null && { email, email_verified: customer.email_verified }),
    ...(phone_number !== null && { phone_number, phone_verified: customer.phone_verified }),
    last_password_reset: customer.last_password_reset ?? undefined,
    created_at: customer.created_at,
    updated_at: customer.updated_at,
    user_id: customer.user_id,
    user_metadata: customer.user_metadata,
    app_metadata: customer.app_metadata,
    identities: identities.map(({ connection, provider, user_id, is_social }) => {
      return { connection, provider, user_id, isSocial: is_social };
    }),
  });
}

/** Undefined is left out, an instant is a text. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
