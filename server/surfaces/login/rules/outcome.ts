import { profileClaims, withheldClaims } from '../../../../contract/claims.ts';
import { isJsonObject, isStorable, type Json, type JsonObject } from '../../../base/json.ts';
import { mostClaims, type RulesInput } from '../../../features/rules/rules.ts';
import { type Decided, isScope } from '../../oidc/oidc.ts';

/** The sign-in is refused: what the portal is told. */
export type Refusal = { readonly error: 'access_denied'; readonly description: string };

/** What code decided: for the tokens, and where the browser is to go first. */
export type Verdict = {
  readonly decided: Decided;
  readonly redirect?: string | undefined;
  /** `context.primaryUser`. */
  readonly primary?: string | undefined;
};

/** Something that code decided cannot be done; it counts as its failure. */
export class BadVerdict extends Error {}

/** Told where the reason is nobody's but the umbrella's. */
export const failed: Refusal = {
  error: 'access_denied',
  description: 'The sign-in could not be checked. Please try again later.',
};

/** Told where code refuses: its own words, on one line. */
export function refusedWith(message: string): Refusal {
  const description = message
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 1000)
    .toWellFormed()
    .trim();
  return { error: 'access_denied', description: description || 'Unauthorized' };
}

/**
 * Reads what rules made of `user` and `context`. Of scopes only what they changed counts, since what is granted in the end
 * depends on the API that was asked for.
 *
 * @param before as they were given it
 * @throws BadVerdict
 */
export function verdictOf(before: RulesInput, { user, context }: RulesInput): Verdict {
  const { scope, ...access } = objectAt(context, 'accessToken');
  const asked = textsOf(objectAt(before.context, 'accessToken').scope);
  const now = Array.isArray(scope) ? textsOf(scope) : asked;
  const added = now.filter((one) => isScope(one) && !asked.includes(one));
  const removed = asked.filter((one) => !now.includes(one));
  const decided: Decided = {
    ...readClaims('profile', changesOf(before.user, user)),
    ...readClaims('id_token', objectAt(context, 'idToken')),
    ...readClaims('access_token', access),
    ...(added.length + removed.length > 0 && { scopes: { added, removed } }),
    ...multifactorOf(context.multifactor),
  };
  const { primaryUser } = context;
  const primary = typeof primaryUser === 'string' ? primaryUser : undefined;
  return { decided, redirect: redirectOf(context.redirect), primary };
}

/**
 * What they told otherwise of the profile: texts only, and never how the customer is reached or who it is. What they took
 * away is null: no portal is told of it, nor of how the customer is reached.
 */
function changesOf(before: JsonObject, after: JsonObject): JsonObject {
  const changed: JsonObject = {};
  for (const name of profileClaims) {
    const value = after[name];
    if (typeof value === 'string' && value !== '' && value !== before[name]) changed[name] = value;
  }
  for (const [name, claims] of Object.entries(withheldClaims)) {
    if (isNone(before[name]) || !isNone(after[name])) continue;
    for (const claim of claims) changed[claim] = null;
  }
  return changed;
}

function isNone(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Claims as they may be kept. @throws BadVerdict */
export function readClaims(name: 'profile' | 'id_token' | 'access_token', values: JsonObject): Decided {
  if (Object.keys(values).length === 0) return {};
  // First: what is nested too deep cannot be written either.
  if (!isStorable(values)) throw new BadVerdict(`The claims of ${name} hold what is no text, or are nested too deep.`);
  if (JSON.stringify(values).length > mostClaims) throw new BadVerdict(`The claims of ${name} are too large.`);
  return { [name]: values };
}

/** `context.multifactor = { provider: 'any', allowRememberBrowser: false }`; which provider it is, is the customer's to choose. */
function multifactorOf(value: Json | undefined): Decided {
  if (!isJsonObject(value) || typeof value.provider !== 'string' || value.provider === 'none') return {};
  return { multifactor: { remembers: value.allowRememberBrowser !== false && value.ignoreCookie !== true } };
}

function redirectOf(value: Json | undefined): string | undefined {
  if (!isJsonObject(value) || value.url === undefined || value.url === null || value.url === '') return undefined;
  return readRedirect(value.url);
}

/** An address outside, by http or https. @throws BadVerdict */
export function readRedirect(address: Json): string {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!isWeb || url.username !== '' || url.password !== '') {
    throw new BadVerdict('The customer was to be sent to what is no web address.');
  }
  return url.href;
}

function objectAt(context: JsonObject, name: string): JsonObject {
  const value = context[name];
  return isJsonObject(value) ? value : {};
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
