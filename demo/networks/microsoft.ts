/**
 * Plays the Microsoft identity platform's `common` endpoint. After "OpenID Connect on the Microsoft identity
 * platform", "ID token claims reference" and "Microsoft identity platform UserInfo endpoint" (learn.microsoft.com).
 * Discovery names the issuer as a template, `{tenantid}`, that each token fills with its `tid`. `email` is whatever
 * the tenant's administrator wrote: no `email_verified` goes with it.
 */
import type { JWTPayload } from 'jose';
import type { NetworkDefinition } from './definition.ts';
import { openidNetwork } from './generic-oidc.ts';
import type { Grant } from './grants.ts';
import { openidFaults } from './openid-settings.ts';
import type { Person } from './people.ts';
import type { ToldEmail } from './told-email.ts';

/** The tenant of personal Microsoft accounts. */
export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/**
 * @param people who has an account there
 * @param called the real host names, for clients that know Microsoft by them: discovery and tokens then name these,
 *   while the requests still come here
 */
export function microsoft(people: readonly Person[], called?: { site: string; graph: string }): NetworkDefinition {
  const site = (origin: string) => called?.site ?? origin;
  return openidNetwork({
    name: 'microsoft',
    title: 'Microsoft',
    colour: '#0067b8',
    people,
    // It never says whether an address is verified.
    faults: openidFaults.filter((mode) => mode !== 'unverified_email' && mode !== 'email_verified_string'),
    paths: {
      discovery: '/common/v2.0/.well-known/openid-configuration',
      authorize: '/common/oauth2/v2.0/authorize',
      token: '/common/oauth2/v2.0/token',
      keys: '/common/discovery/v2.0/keys',
      userinfo: '/oidc/userinfo',
      endSession: '/common/oauth2/v2.0/logout',
    },
    issuer: (origin) => `${site(origin)}/{tenantid}/v2.0`,
    tokenIssuer: (origin, person) => `${site(origin)}/${person.tenantId ?? personalTenant}/v2.0`,
    knownScopes: ['openid', 'profile', 'email', 'offline_access'],
    givesRefresh: (ask) => ask.scopes.includes('offline_access'),
    idClaims: (person, grant, email) => ({
      ver: '2.0',
      tid: person.tenantId ?? personalTenant,
      ...(grant.scopes.includes('profile')
        ? { name: person.name, oid: objectIdOf(person), preferred_username: person.username ?? person.email }
        : {}),
      ...(grant.scopes.includes('email') && email ? { email: email.email } : {}),
    }),
    userinfo: tellUserinfo,
    metadata: (origin) => ({
      authorization_endpoint: `${site(origin)}/common/oauth2/v2.0/authorize`,
      token_endpoint: `${site(origin)}/common/oauth2/v2.0/token`,
      jwks_uri: `${site(origin)}/common/discovery/v2.0/keys`,
      userinfo_endpoint: `${called?.graph ?? origin}/oidc/userinfo`,
      end_session_endpoint: `${site(origin)}/common/oauth2/v2.0/logout`,
    }),
  });
}

function objectIdOf(person: Person): string {
  return `00000000-0000-0000-0000-${person.id.replace(/\W/g, '').slice(0, 12).padStart(12, '0')}`;
}

function tellUserinfo(person: Person, grant: Grant, email: ToldEmail | null, origin: string): JWTPayload {
  return {
    ...(grant.scopes.includes('profile')
      ? {
          name: person.name,
          given_name: person.givenName,
          family_name: person.familyName,
          picture: `${origin}/pictures/${person.id}.png`,
        }
      : {}),
    ...(grant.scopes.includes('email') && email ? { email: email.email } : {}),
  };
}
