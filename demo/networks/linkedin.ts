/**
 * Plays LinkedIn. After "Sign In with LinkedIn using OpenID Connect" and "Authorization Code Flow (3-legged OAuth)"
 * (learn.microsoft.com/linkedin). Known habits: no nonce in ID tokens, secret in the body only, a `code_verifier`
 * in the usual flow is refused, `locale` at userinfo is an object.
 */
import type { NetworkDefinition } from './definition.ts';
import { openidNetwork } from './generic-oidc.ts';
import { openidFaults, standardClaims } from './openid-settings.ts';
import type { Person } from './people.ts';

export function linkedin(people: readonly Person[]): NetworkDefinition {
  return openidNetwork({
    name: 'linkedin',
    title: 'LinkedIn',
    colour: '#0a66c2',
    people,
    faults: openidFaults.filter((mode) => mode !== 'wrong_nonce'),
    paths: {
      discovery: '/oauth/.well-known/openid-configuration',
      authorize: '/oauth/v2/authorization',
      token: '/oauth/v2/accessToken',
      keys: '/oauth/openid/jwks',
      userinfo: '/v2/userinfo',
    },
    issuer: (origin) => `${origin}/oauth`,
    clientAuth: ['body'],
    pkce: 'ignored',
    refusesVerifier: true,
    tellsNonce: false,
    accessLifetime: 5_184_000,
    knownScopes: ['openid', 'profile', 'email'],
    prompts: () => ({ choose: false, consent: false, declinedAgain: true, silent: null }),
    userinfo: (person, grant, email, origin) => ({
      ...standardClaims(person, grant, email, origin),
      ...(person.locale === undefined ? {} : { locale: splitLocale(person.locale) }),
    }),
  });
}

function splitLocale(locale: string): { language: string; country: string } {
  const parts = new Intl.Locale(locale).maximize();
  return { language: parts.language, country: parts.region ?? 'US' };
}
