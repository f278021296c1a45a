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
  /** POST if left out. */
  readonly method?: 'GET' | 'POST' | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * `event` of an action: what every trigger tells, and what this one tells beside it. What code reads members of without
 * asking is there and empty where nothing is known; what tells by being there (`organization`, `agent`, ...) is not.
 */
export function eventOf(base: Pick<Base, 'config' | 'geo'>, about: Circumstances, own: object): JsonObject {
  return toJson({
    custom_domain: { domain: new URL(base.config.issuer).host, domain_metadata: {} },
    request: requestOf(base, about),
    tenant: { id: tenantOf(base) },
    transaction: {},
    ...own,
  });
}

function requestOf(base: Pick<Base, 'config' | 'geo'>, about: Circumstances): object {
  const { ip = '', userAgent, language, method = 'POST', query = {}, body = {} } = about;
  const place = base.geo.detailsOf(ip);
  return {
    ip,
    method,
    hostname: new URL(base.config.url).hostname,
    user_agent: userAgent,
    language,
    query,
    body,
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

/** `event.client`; empty where no portal is known. */
export function clientOf(portal: Pick<Portal, 'client_id' | 'name' | 'settings'> | undefined): JsonObject {
  if (!portal) return {};
  const { client_id, name, settings } = portal;
  return toJson({ client_id, name, metadata: settings.client_metadata ?? {} });
}

/** `event.connection`; its name alone where it is gone, and nothing where none is known. */
export async function connectionOf(base: Pick<Base, 'db' | 'settings'>, name: string | undefined): Promise<JsonObject> {
  if (name === undefined) return {};
  const found = await connectionByName(base, name);
  return found ? toJson({ id: found.id, name, strategy: found.strategy, metadata: found.metadata }) : { name };
}

/** The first part of the server's name stands for Auth0's tenant. */
export function tenantOf({ config }: Pick<Base, 'config'>): string {
  return new URL(config.url).hostname.split('.')[0] ?? '';
}

/** `event.user` */
export async function userOf({ db }: Pick<Base, 'db'>, customer: Customer): Promise<JsonObject> {
  const identities = await identitiesOf(db, customer.id);
  return {
    ...profileOf(customer),
    user_id: customer.user_id,
    user_metadata: customer.user_metadata,
    app_metadata: customer.app_metadata,
    identities: identities.map(({ connection, provider, user_id, is_social }) => {
      return { connection, provider, user_id, isSocial: is_social };
    }),
  };
}

/** What stands in the root of a user, but for the id. */
export function profileOf(customer: Customer): JsonObject {
  const { attributes, email, phone_number, last_password_reset } = customer;
  return {
    ...attributes,
    ...(email !== null && { email, email_verified: customer.email_verified }),
    ...(phone_number !== null && { phone_number, phone_verified: customer.phone_verified }),
    ...(last_password_reset && { last_password_reset: last_password_reset.toISOString() }),
    created_at: customer.created_at.toISOString(),
    updated_at: customer.updated_at.toISOString(),
  };
}

/** Undefined is left out, an instant is a text. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
