/**
 * Plays Google: discovery, signed ID tokens, userinfo, birthday and gender from the People API.
 * After Google's documents "OpenID Connect" (developers.google.com/identity/openid-connect/openid-connect), "Using
 * OAuth 2.0 for Web Server Applications" with its granular permissions, and "Method: people.get" of the People API.
 */
import type { Ask } from './ask.ts';
import type { NetworkDefinition, Prompts } from './definition.ts';
import { openidNetwork } from './generic-oidc.ts';
import { servePeopleApi } from './google-people.ts';
import type { Grant } from './grants.ts';
import { openidPrompts, standardClaims } from './openid-settings.ts';
import type { Person } from './people.ts';

const data = 'https://www.googleapis.com/auth';

/** @param people who has an account there */
export function google(people: readonly Person[]): NetworkDefinition {
  return openidNetwork({
    name: 'google',
    title: 'Google',
    colour: '#1a66d0',
    people,
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorize: '/o/oauth2/v2/auth',
      token: '/token',
      keys: '/certs',
      userinfo: '/v1/userinfo',
    },
    accessLifetime: 3599,
    knownScopes: [
      'openid',
      'email',
      'profile',
      `${data}/userinfo.email`,
      `${data}/userinfo.profile`,
      `${data}/user.birthday.read`,
      `${data}/user.gender.read`,
    ],
    scopes: {
      [`${data}/user.birthday.read`]: { words: 'your exact date of birth', optional: true },
      [`${data}/user.gender.read`]: { words: 'your gender', optional: true },
    },
    refusesOnPage: true,
    prompts: googlePrompts,
    givesRefresh: (ask) => ask.fields.access_type === 'offline',
    idClaims: (person, grant, email, origin) => ({
      azp: grant.ask.client.clientId,
      ...hostedDomain(person, grant),
      ...standardClaims(person, grant, email, origin),
    }),
    userinfo: (person, grant, email, origin) => ({
      ...hostedDomain(person, grant),
      ...standardClaims(person, grant, email, origin),
    }),
    // Google sends `iss` (RFC 9207) without announcing it in discovery.
    backWith: (grant, origin, person) => ({
      iss: origin,
      scope: grant.scopes.join(' '),
      authuser: '0',
      prompt: grant.first ? 'consent' : 'none',
      ...(person ? hostedDomain(person, grant) : {}),
    }),
    codeError(reason) {
      if (reason === 'missing') {
        return { error: 'invalid_request', error_description: 'Missing required parameter: code' };
      }
      if (reason === 'redirect_uri') return { error: 'redirect_uri_mismatch', error_description: 'Bad Request' };
      if (reason === 'verifier_missing') {
        return { error: 'invalid_grant', error_description: 'Missing code verifier.' };
      }
      if (reason === 'verifier_wrong') return { error: 'invalid_grant', error_description: 'Invalid code verifier.' };
      const malformed = reason === 'unknown' ? 'Malformed auth code.' : 'Bad Request';
      return { error: 'invalid_grant', error_description: malformed };
    },
    moreRoutes: servePeopleApi,
  });
}

/** Google knows `none`, `consent` and `select_account` only. */
function googlePrompts(ask: Ask): Prompts {
  const asked = openidPrompts(ask);
  const silent = asked.silent && { noSession: 'interaction_required', noConsent: 'interaction_required' };
  return { ...asked, choose: (ask.fields.prompt ?? '').split(' ').includes('select_account'), silent };
}

function hostedDomain(person: Person, grant: Grant): { hd?: string } {
  const tells =
    person.hostedDomain !== undefined && grant.scopes.some((scope) => scope === 'email' || scope === 'profile');
  return tells && person.hostedDomain !== undefined ? { hd: person.hostedDomain } : {};
}
