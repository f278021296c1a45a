/**
 * Plays Login with Amazon. After "Authorization Code Grant" and "Customer Profile"
 * (developer.amazon.com/docs/login-with-amazon): the profile is `user_id`, `email`, `name` and `postal_code` by
 * scope, and says nothing of whether the address was verified.
 */
import type { NetworkDefinition } from './definition.ts';
import { oauthNetwork } from './generic-oauth2.ts';
import type { Person } from './people.ts';

export function amazon(people: readonly Person[]): NetworkDefinition {
  return oauthNetwork({
    name: 'amazon',
    title: 'Amazon',
    colour: '#8a4b00',
    people,
    faults: ['expired_token', 'missing_email', 'user_denies'],
    paths: { authorize: '/ap/oa', token: '/auth/o2/token', profile: '/user/profile' },
    knownScopes: ['profile', 'profile:user_id', 'postal_code'],
    scopes: {
      profile: { words: 'your name and e-mail address' },
      'profile:user_id': { words: 'who you are here' },
      postal_code: { words: 'the postal code you have parcels sent to' },
    },
    tokenAlsoIn: ['query', 'x-amz-access-token'],
    badToken: {
      status: 400,
      body: { error: 'invalid_token', error_description: 'The request has an invalid parameter : access_token' },
    },
    profile: (person, grant, email) => ({
      user_id: person.id,
      ...(grant.scopes.includes('profile') ? { name: person.name, ...(email ? { email: email.email } : {}) } : {}),
      ...(grant.scopes.includes('postal_code') && person.postalCode !== undefined
        ? { postal_code: person.postalCode }
        : {}),
    }),
  });
}
