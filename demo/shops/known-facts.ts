import * as openid from 'openid-client';
import { libraryRules } from '../../rules-library/library.ts';
import type { Json } from '../../server/base/json.ts';
import { inSentence } from './in-words.ts';
import { labelOf } from './known-claims.ts';

/** One value of the profile and who told it, as the shop's page lists it. */
export type KnownFact = { path: string; label: string; value: string; teller: string };

const tellers: Readonly<Record<string, string>> = {
  'google-oauth2': 'Google',
  facebook: 'Facebook',
  apple: 'Apple',
  twitter: 'X',
  github: 'GitHub',
};

/**
 * Asks the Management API, as this shop, where the values of a profile come from.
 *
 * @param sub the customer's id, as in the ID token
 */
export async function readKnownFacts(client: openid.Configuration, issuer: string, sub: string): Promise<KnownFact[]> {
  const audience = `${issuer}api/v2/`;
  const { access_token } = await openid.clientCredentialsGrant(client, { audience, scope: 'read:users' });
  const url = new URL(`users/${encodeURIComponent(sub)}/facts`, audience);
  const answer = await openid.fetchProtectedResource(client, access_token, url, 'GET');
  const facts: unknown = await answer.json();
  if (!answer.ok || !Array.isArray(facts)) throw new Error(`${url.pathname} answered ${answer.status}`);
  return facts.flatMap((fact: unknown) => (isFact(fact) && fact.wins && fact.path !== 'picture' ? [show(fact)] : []));
}

type Fact = { path: string; value: Json; source: string; origin: string; wins: boolean };

function isFact(value: unknown): value is Fact {
  return typeof value === 'object' && value !== null && 'path' in value && 'value' in value && 'origin' in value;
}

function show({ path, value, source, origin }: Fact): KnownFact {
  const teller = tellers[origin] ?? ruleOf(origin) ?? (source === 'customer' ? 'you' : 'Meridian');
  return { path, label: labelOf(path), value: inSentence(path, value), teller };
}

/** A rule of the library, by its name. */
function ruleOf(origin: string): string | undefined {
  const rule = libraryRules.find(({ id }) => origin === `library:${id}`);
  return rule && `the rule “${rule.name}”`;
}
