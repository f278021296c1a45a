import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { beforeRegistration, type Registration, toJson } from '../../triggers/triggers.ts';
import { addressOf, type Newcomer } from '../newcomer.ts';
import type { Visit } from '../visit.ts';
import { askedScopes } from './facts-of-visit.ts';
import type { Ruling } from './ruling.ts';

/**
 * The actions at pre-user-registration, for somebody who signs up here; as at Auth0 not for who comes from a network.
 *
 * @throws Problem `access_denied` with the words for the person
 */
export async function register(base: Base, visit: Visit, { found, told }: Ruling): Promise<Ruling['told']> {
  if (found.kind !== 'new' || found.newcomer.kind === 'network') return told;
  const { newcomer } = found;
  const { facts } = await beforeRegistration(base, registrationOf(visit, newcomer.connection, userOf(newcomer)));
  return facts.length === 0 ? told : { ...told, facts: [...told.facts, ...facts] };
}

/** What is told of somebody who signs up by this connection; `user`: what is known of them. */
export function registrationOf(visit: Visit, connection: string, user: JsonObject): Registration {
  const { portal, ip, userAgent, language, at, wire } = visit;
  const { acr_values, redirect_uri, state, login_hint, ui_locales } = wire.asked;
  return {
    ...{ user, connection, portal },
    transaction: toJson({
      acr_values: acr_values?.split(' ') ?? [],
      locale: language,
      login_hint,
      protocol: wire.protocol,
      redirect_uri,
      requested_scopes: askedScopes(wire),
      state,
      ui_locales: ui_locales?.split(' ') ?? [],
    }),
    ...{ ip, userAgent, language, at },
  };
}

function userOf(newcomer: Newcomer): JsonObject {
  if (newcomer.kind === 'text') return { phone_number: newcomer.phone, phone_verified: true };
  const address = addressOf(newcomer)?.address;
  return address === undefined ? {} : { email: address };
}
