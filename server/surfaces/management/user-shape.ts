import type { ApiIdentity, User } from '../../../contract/users.ts';
import type { Customer, Identity } from '../../features/customers/customers.ts';
import { hideFromCustomer, hideFromRaw } from './hide.ts';
import type { Sight } from './sight.ts';

/** Providers' tokens by subject, for callers who may see them. */
export type ProviderTokens = ReadonlyMap<string, { access_token: string; refresh_token?: string | undefined }>;

/** A customer as Auth0 shows a user; what is hidden from the caller, empty or was never set is left out. */
export function showUser(
  customer: Customer,
  identities: readonly Identity[],
  sight: Sight,
  tokens?: ProviderTokens,
): User {
  const seen = hideFromCustomer(customer, sight);
  const { attributes, email, phone_number, user_metadata, app_metadata, brand_values, last_ip } = seen;
  const { logins_count, last_login } = customer;
  return {
    ...attributes,
    user_id: customer.user_id,
    ...(email !== null && { email, email_verified: customer.email_verified }),
    ...(phone_number !== null && { phone_number, phone_verified: customer.phone_verified }),
    identities: showIdentities(identities, sight, tokens),
    ...(Object.keys(user_metadata).length > 0 && { user_metadata }),
    ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
    ...(Object.keys(brand_values).length > 0 && { brands: { ...brand_values } }),
    ...(customer.blocked && { blocked: true }),
    ...(logins_count > 0 && { logins_count }),
    ...(last_login && { last_login: last_login.toISOString() }),
    ...(last_ip !== null && { last_ip }),
    ...(customer.last_password_reset && { last_password_reset: customer.last_password_reset.toISOString() }),
    created_at: customer.created_at.toISOString(),
    updated_at: customer.updated_at.toISOString(),
  };
}

/** Identities as Auth0 shows them: the first without its profile, which is the user's own. */
export function showIdentities(identities: readonly Identity[], sight: Sight, tokens?: ProviderTokens): ApiIdentity[] {
  return identities.map((identity) => ({
    connection: identity.connection,
    provider: identity.provider,
    user_id: identity.user_id,
    isSocial: identity.is_social,
    ...(!identity.is_primary && { profileData: hideFromRaw(identity.profile_data, sight) }),
    ...tokensOf(tokens?.get(identity.subject)),
  }));
}

function tokensOf(tokens: { access_token: string; refresh_token?: string | undefined } | undefined) {
  if (!tokens) return {};
  const { access_token, refresh_token } = tokens;
  return { access_token, ...(refresh_token !== undefined && { refresh_token }) };
}
