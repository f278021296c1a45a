/** Claims that each scope gives (OpenID Connect Core 5.4, with Auth0's `nickname` and `updated_at`). */
export const claimsOfScopes = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'previous_subs'],
  profile: [
    'birthdate',
    'family_name',
    'gender',
    'given_name',
    'locale',
    'middle_name',
    'name',
    'nickname',
    'picture',
    'preferred_username',
    'profile',
    'updated_at',
    'website',
    'zoneinfo',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
} as const;

/** What rules may tell in another way by changing `user`; when it was changed is not theirs to say. */
export const profileClaims: readonly string[] = claimsOfScopes.profile.filter((name) => name !== 'updated_at');

/** Those of how a customer is reached. */
const ofContact: readonly string[] = [...claimsOfScopes.email, ...claimsOfScopes.phone, ...claimsOfScopes.address];

/**
 * Names that only the protocol gives a meaning, and those by which portals know who it is: rules and actions may add
 * others, and tell the rest of the profile (a picture, a name) in their own way, never replace these.
 */
export const reservedClaims: readonly string[] = [
  ...claimsOfScopes.openid,
  ...ofContact,
  ...['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'azp', 'nonce', 'at_hash', 'c_hash', 's_hash', 'sid', 'cnf', 'gty'],
  ...['scope', 'permissions', 'client_id', 'org_id', 'org_name', 'events', 'act', 'may_act', 'authorization_details'],
  ...['typ', 'alg', 'kid', 'cty', 'jwk', 'jku', 'sub_jwk', 'ath', 'htm', 'htu', 'active', 'attest', 'txn', 'toe'],
  ...['__proto__', 'constructor', 'prototype'],
];

/** What rules keep from portals by taking it from `user`, by the names that it has there. */
export const withheldClaims: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(profileClaims.map((name) => [name, [name]])),
  email: claimsOfScopes.email,
  email_verified: ['email_verified'],
  phone_number: claimsOfScopes.phone,
  phone_verified: ['phone_number_verified'],
  address: claimsOfScopes.address,
};

/** Claims that no token tells as code says them. An access token may repeat how a customer is reached. */
export const refusedClaims = {
  idToken: reservedClaims,
  accessToken: reservedClaims.filter((name) => !ofContact.includes(name)),
} as const;
