import { claimsOfScopes, reservedClaims, withheldClaims } from '../../../contract/claims.ts';
import { isJsonObject, type Json, type JsonObject, sameJson } from '../../base/json.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { Decided } from './decided.ts';

/** Scopes of the protocol itself, which every API shares. */
export const oidcScopes: readonly string[] = [...Object.keys(claimsOfScopes), 'offline_access'];

const reserved: ReadonlySet<string> = new Set(reservedClaims);
const withholdable: ReadonlySet<string> = new Set(Object.values(withheldClaims).flat());

/** What of a customer goes into claims. */
export type Told = Pick<
  Customer,
  'user_id' | 'attributes' | 'email' | 'email_verified' | 'phone_number' | 'phone_verified' | 'updated_at'
>;

/** Everything that may be said of a customer, whatever the scopes; empty values are left out. */
export function claimsOf(customer: Told): JsonObject {
  const { attributes } = customer;
  const claims: JsonObject = { sub: customer.user_id };
  for (const name of claimsOfScopes.profile) put(claims, name, attributes[name]);
  put(claims, 'updated_at', customer.updated_at.toISOString());
  put(claims, 'address', attributes.address);
  if (customer.email !== null) {
    claims.email = customer.email;
    claims.email_verified = customer.email_verified;
  }
  if (customer.phone_number !== null) {
    claims.phone_number = customer.phone_number;
    claims.phone_number_verified = customer.phone_verified;
  }
  return claims;
}

/** The claims of a customer that these scopes give, as `/userinfo` tells them. */
export function claimsFor(customer: Told, scopes: ReadonlySet<string>): JsonObject {
  const all = claimsOf(customer);
  const told: JsonObject = { sub: customer.user_id };
  for (const [scope, names] of Object.entries(claimsOfScopes)) {
    if (scopes.has(scope)) for (const name of names) put(told, name, all[name]);
  }
  return told;
}

/** What rules and actions added, without what only the protocol may say. */
export function ownClaims(added: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(added ?? {}).filter(([name]) => !reserved.has(name)));
}

/** The same of what an `own_claims` column keeps, with what is withheld. */
export function toOwnClaims(stored: Json): JsonObject {
  return isJsonObject(stored) ? { ...ownClaims(stored), ...withheldIn(stored) } : {};
}

/** Which of the profile's claims are withheld: null. */
export function withheldIn(claims: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(claims).filter(([name, value]) => isWithheld(name, value)));
}

/** The claims with what code tells over them, without what it withholds. */
export function toldOver(claims: Readonly<Record<string, unknown>>, byCode: JsonObject = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...claims, ...byCode }).filter(([name, value]) => !isWithheld(name, value)),
  );
}

function isWithheld(name: string, value: unknown): boolean {
  return value === null && withholdable.has(name);
}

/**
 * What code may repeat to an API of how a customer is reached: it has to be as it is known here, so that no code claims
 * an address of somebody else, or one that nobody has proven. `email` takes its scope, as at Auth0.
 */
export function repeatedClaims(added: JsonObject | undefined, customer: Told, asked: ReadonlySet<string>): JsonObject {
  const known = claimsOf(customer);
  const { email, phone, address } = claimsOfScopes;
  const names: readonly string[] = [...(asked.has('email') ? email : []), ...phone, ...address];
  return Object.fromEntries(
    Object.entries(added ?? {}).filter(([name, value]) => {
      const own = names.includes(name) ? known[name] : undefined;
      return own !== undefined && sameJson(own, value);
    }),
  );
}

/** Is it the name of a scope (RFC 6749, 3.3)? */
export function isScope(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]{1,280}$/.test(text);
}

/**
 * The scopes of an access token as rules and actions left them. Whether it is somebody's sign-in at all (`openid`), and
 * whether it is to last (`offline_access`), is the protocol's to say.
 */
export function ownScope(granted: string | undefined, { scopes }: Pick<Decided, 'scopes'> = {}): string | undefined {
  if (!scopes) return granted;
  const isProtocol = (scope: string) => scope === 'openid' || scope === 'offline_access';
  const kept = (granted ?? '').split(' ').filter((scope) => isProtocol(scope) || !scopes.removed.includes(scope));
  const added = scopes.added.filter((scope) => isScope(scope) && !isProtocol(scope));
  const all = [...new Set([...kept, ...added])].filter((scope) => scope !== '');
  return all.length > 0 ? all.join(' ') : undefined;
}

function put(claims: JsonObject, name: string, value: Json | undefined): void {
  if (value !== undefined && value !== null && value !== '') claims[name] = value;
}
