import type { Base } from '../../../base/base.ts';
import type { JsonObject } from '../../../base/json.ts';
import { factorsOf } from '../../../features/accounts/accounts.ts';
import { openTokens } from '../../../features/connections/connections.ts';
import { type Customer, identitiesOf, type KeptIdentity } from '../../../features/customers/customers.ts';
import { profileOf } from '../../triggers/triggers.ts';
import { factorNames } from '../second-ways.ts';
import type { Occasion } from './occasion.ts';

/** The customer as rules and actions know a user. */
export type ShownUser = {
  readonly root: JsonObject;
  readonly identities: readonly JsonObject[];
  /** What asks for second factors, as rules are told. */
  readonly multifactor: readonly string[];
  /** Kinds of second factors, as actions are told. */
  readonly enrolled: readonly string[];
};

/** Reads what the profile itself does not hold. */
export async function showUser(base: Base, occasion: Occasion): Promise<ShownUser> {
  const { customer, hasFactor, kept } = occasion;
  const factors = hasFactor === false ? [] : await factorsOf(base.db, customer.id);
  const own = factors.filter(({ kind }) => kind !== 'recovery_codes');
  const kinds = own.map(({ kind }) => (kind === 'totp' ? 'google-authenticator' : 'guardian'));
  return {
    root: { ...newsOf(customer, occasion.told), ...profileOf(customer) },
    identities: kept.identities.map((one) => identityOf(base, occasion, one)),
    multifactor: [...new Set(kinds)],
    enrolled: [...new Set(own.map(({ kind }) => factorNames[kind]))],
  };
}

/** `user` of a rule: what stands in `app_metadata` stands in the root, too, and there is none where there is nothing. */
export function userOfRules({ customer }: Occasion, { root, identities, multifactor }: ShownUser): JsonObject {
  const { user_metadata, app_metadata } = customer;
  return {
    permissions: [],
    ...root,
    ...(hasSome(app_metadata) && { ...app_metadata, app_metadata }),
    ...(hasSome(user_metadata) && { user_metadata }),
    user_id: customer.user_id,
    identities: [...identities],
    multifactor: [...multifactor],
  };
}

/** `event.user` of an action: both kinds of metadata are always there. */
export function userOfActions({ customer }: Occasion, shown: ShownUser): JsonObject {
  const { root, identities, multifactor, enrolled } = shown;
  const { user_metadata, app_metadata } = customer;
  return {
    ...root,
    user_metadata,
    app_metadata,
    user_id: customer.user_id,
    identities: identities.map(({ access_token: _a, refresh_token: _r, ...identity }) => identity),
    multifactor: [...multifactor],
    enrolledFactors: enrolled.map((type) => ({ type })),
  };
}

/** What the network tells now and is kept with the sign-in only; it fills what is not known. */
function newsOf({ attributes }: Customer, { facts }: Occasion['told']): JsonObject {
  const news: JsonObject = {};
  for (const { path, ...fact } of facts) {
    const isNew = !path.includes('.') && !(path in attributes);
    if (isNew && 'value' in fact && fact.kind !== 'excluded') news[path] = fact.value;
  }
  return news;
}

function identityOf(base: Base, { subject, told }: Occasion, { identity, sealedTokens }: KeptIdentity): JsonObject {
  const isThis = identity.subject === subject;
  const profileData = isThis ? (told.profileData ?? identity.profile_data) : identity.profile_data;
  const tokens = isThis ? (told.sealedTokens ?? sealedTokens) : sealedTokens;
  const { access_token, refresh_token } = tokens === undefined ? {} : openTokens(base.vault, tokens);
  return {
    connection: identity.connection,
    isSocial: identity.is_social,
    provider: identity.provider,
    user_id: identity.user_id,
    profileData,
    ...(access_token !== undefined && { access_token }),
    ...(refresh_token !== undefined && { refresh_token }),
  };
}

function hasSome(values: JsonObject): boolean {
  return Object.keys(values).length > 0;
}

/** The customer as the Management API shows a user, without what only networks open. */
export async function showAsApi({ db }: Pick<Base, 'db'>, customer: Customer): Promise<JsonObject> {
  const identities = await identitiesOf(db, customer.id);
  return {
    ...profileOf(customer),
    user_id: customer.user_id,
    ...(hasSome(customer.user_metadata) && { user_metadata: customer.user_metadata }),
    ...(hasSome(customer.app_metadata) && { app_metadata: customer.app_metadata }),
    identities: identities.map(({ connection, provider, user_id, is_social }) => {
      return { connection, provider, user_id, isSocial: is_social };
    }),
  };
}
