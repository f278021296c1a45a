import { createHash } from 'node:crypto';
import { partsOfPath } from '../../../contract/attribute-paths.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { AddressKind, Proof } from './fact.ts';
import type { Folded } from './fold.ts';

/** What is counted over all subjects of a customer. */
export type Totals = {
  logins_count: number;
  last_login: Date | null;
  last_ip: string | null;
  last_password_reset: Date | null;
  last_asked_at: Date | null;
  /** Blocked is whoever has a blocked subject: joining or parting never lets anybody slip out. */
  blocked: boolean;
};

/** The columns of a customer that come from facts and proofs. */
export type Profile = {
  attributes: JsonObject;
  user_metadata: JsonObject;
  app_metadata: JsonObject;
  brand_values: JsonObject;
  email: string | null;
  email_verified: boolean;
  phone_number: string | null;
  phone_verified: boolean;
  username: string | null;
  name: string | null;
  given_name: string | null;
  family_name: string | null;
  birth_month: number | null;
  birth_day: number | null;
};

/** Every folded column of a customer. */
export type FoldedColumns = Profile & Totals;

/** Puts the winning values into their places, with Auth0's defaults where nobody said anything. */
export function profileOf({ winners, silenced }: Folded, proofs: readonly Proof[]): Profile {
  const places = { root: new Map<string, Json>(), user_metadata: new Map<string, Json>(), app_metadata: new Map() };
  const brands = new Map<string, Map<string, Json>>();
  for (const [path, { value }] of winners) {
    const parts = partsOfPath(path);
    if (parts?.place === 'brands') placeOf(brands, parts.brand).set(parts.key, value);
    else if (parts) places[parts.place].set(parts.key, value);
  }
  const said = places.root;
  for (const [key, value] of defaultsOf(said)) {
    if (!said.has(key) && !silenced.has(key)) said.set(key, value);
  }
  const email = textAt(said, 'email');
  const phone = textAt(said, 'phone_number');
  return {
    attributes: Object.fromEntries(said),
    user_metadata: Object.fromEntries(places.user_metadata),
    app_metadata: Object.fromEntries(places.app_metadata),
    brand_values: Object.fromEntries([...brands].map(([brand, values]) => [brand, Object.fromEntries(values)])),
    email,
    email_verified: isProven('email', email, proofs),
    phone_number: phone,
    phone_verified: isProven('phone', phone, proofs),
    username: textAt(said, 'username'),
    name: textAt(said, 'name'),
    given_name: textAt(said, 'given_name'),
    family_name: textAt(said, 'family_name'),
    ...birthdayOf(said.get('birthdate')),
  };
}

function placeOf(places: Map<string, Map<string, Json>>, name: string): Map<string, Json> {
  const found = places.get(name) ?? new Map<string, Json>();
  places.set(name, found);
  return found;
}

function textAt(values: ReadonlyMap<string, Json>, key: string): string | null {
  const value = values.get(key);
  return typeof value === 'string' ? value : null;
}

function isProven(kind: AddressKind, address: string | null, proofs: readonly Proof[]): boolean {
  return address !== null && proofs.some((proof) => proof.kind === kind && proof.address === address);
}

/** Does a customer have a value at this path, of which nobody said anything? */
export function isDefaulted(path: string): boolean {
  return path === 'name' || path === 'nickname' || path === 'picture';
}

/** Is what a customer has at this path no more than such a default? */
export function isDefaultAt({ attributes }: Pick<Profile, 'attributes'>, path: string): boolean {
  if (!isDefaulted(path)) return false;
  return defaultsOf(new Map(Object.entries(attributes))).some(([key, value]) => {
    return key === path && value === attributes[path];
  });
}

/** What is known of somebody, with what there is of everybody of whom so much is known. */
export function withDefaults(attributes: JsonObject): JsonObject {
  return { ...Object.fromEntries(defaultsOf(new Map(Object.entries(attributes)))), ...attributes };
}

/** Auth0's recorded defaults: `name` the e-mail address, `nickname` what stands before its @, `picture` by Gravatar. */
function defaultsOf(said: ReadonlyMap<string, Json>): [string, string][] {
  const email = textAt(said, 'email');
  const called = email ?? textAt(said, 'username') ?? textAt(said, 'phone_number');
  if (called === null) return [];
  const defaults: [string, string][] = [
    ['name', called],
    ['nickname', email ? (email.split('@')[0] ?? email) : called],
  ];
  if (email) defaults.push(['picture', pictureOf(email, textAt(said, 'name') ?? email)]);
  return defaults;
}

/** Gravatar's address for this e-mail, falling back to Auth0's picture of two letters. */
function pictureOf(email: string, name: string): string {
  const [first = '', second] = name.trim().split(/\s+/);
  const letters = (second ? first.slice(0, 1) + second.slice(0, 1) : first.slice(0, 2)).toLowerCase();
  const fallback = `https://cdn.auth0.com/avatars/${/^[a-z0-9]{2}$/.test(letters) ? letters : 'default'}.png`;
  const hash = createHash('md5').update(email).digest('hex');
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(fallback)}`;
}

/** Month and day of an OIDC `birthdate`: `YYYY-MM-DD`, or `0000-MM-DD` without the year. */
export function birthdayOf(value: Json | undefined): { birth_month: number | null; birth_day: number | null } {
  const [, year, month, day] = (typeof value === 'string' && /^(\d{4})-(\d{2})-(\d{2})$/.exec(value)) || [];
  // The 29th of February is a birthday in any year that is not known.
  const date = new Date(`${year === '0000' ? '2000' : year}-${month}-${day}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
  return exists ? { birth_month: Number(month), birth_day: Number(day) } : { birth_month: null, birth_day: null };
}
