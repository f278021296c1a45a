import { createHash } from 'node:crypto';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { isMadePicture } from '../../../contract/made-picture.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { type Sight, sees, seesAll } from './sight.ts';

// What of a customer somebody may see. A value is hidden by its path; what was made of it goes with it.

/** The parts of a customer that hold attributes, without those that are hidden. */
export type Seen = Pick<
  Customer,
  'attributes' | 'user_metadata' | 'app_metadata' | 'email' | 'phone_number' | 'username' | 'last_ip'
> & { readonly brand_values: Readonly<Record<string, JsonObject>>; readonly name: string | null };

/** A customer without what is hidden. */
export function hideFromCustomer(customer: Customer, sight: Sight): Seen {
  const { email, phone_number, username, last_ip } = customer;
  const attributes = hideDefaults(hideAttributes(customer.attributes, sight), customer, sight);
  return {
    attributes,
    user_metadata: hideInside('user_metadata', customer.user_metadata, sight),
    app_metadata: hideInside('app_metadata', customer.app_metadata, sight),
    brand_values: hideFromBrands(customer.brand_values, sight),
    email: sees(sight, 'email') ? email : null,
    phone_number: sees(sight, 'phone_number') ? phone_number : null,
    username: sees(sight, 'username') ? username : null,
    last_ip: sees(sight, 'last_ip') ? last_ip : null,
    name: typeof attributes.name === 'string' ? attributes.name : null,
  };
}

/** Root attributes. */
export function hideAttributes(attributes: JsonObject, sight: Sight): JsonObject {
  return keep(attributes, (key) => sees(sight, key));
}

/** The values of one place, e.g. `app_metadata`, by key. */
export function hideInside(place: string, values: JsonObject, sight: Sight): JsonObject {
  return keep(values, (key) => sees(sight, `${place}.${key}`));
}

/** `{<slug>: {<key>: value}}` */
export function hideFromBrands(brands: JsonObject, sight: Sight): Record<string, JsonObject> {
  const own = Object.entries(brands).map(([slug, values]) => {
    return [slug, isJsonObject(values) ? hideInside(`brands.${slug}`, values, sight) : {}] as const;
  });
  return Object.fromEntries(own.filter(([, values]) => Object.keys(values).length > 0));
}

// What a network calls its values is its own: of the raw profile only what OpenID Connect names can be judged.
const standardClaims = new Set(
  (
    'name given_name family_name middle_name nickname preferred_username profile picture website email ' +
    'email_verified gender birthdate zoneinfo locale phone_number phone_number_verified address username likes'
  ).split(' '),
);

/** What a network told raw. */
export function hideFromRaw(raw: JsonObject, sight: Sight): JsonObject {
  if (seesAll(sight)) return raw;
  const email = typeof raw.email === 'string' ? raw.email : null;
  const phone_number = typeof raw.phone_number === 'string' ? raw.phone_number : null;
  const username = typeof raw.username === 'string' ? raw.username : null;
  const seen = keep(raw, (key) => standardClaims.has(key) && sees(sight, key));
  return hideDefaults(seen, { email, phone_number, username }, sight);
}

// What the timeline's rows tell of their circumstances; they are no attributes, so no rule is about them.
const circumstances = new Set(
  (
    'act amr by channel client confirmed connection device error factor failures kind merge origin outcome portal portals ' +
    'purpose reason rule rule_name rules session state step strategy through topic version via way'
  ).split(' '),
);

/** The `data` of a row of the timeline: what it names by path, and what it calls like an attribute. */
export function hideFromDetails(details: JsonObject, sight: Sight): JsonObject {
  if (seesAll(sight)) return details;
  const { path, paths } = details;
  // A row about one hidden value says nothing more.
  if (typeof path === 'string' && !sees(sight, path)) return keep(details, (key) => circumstances.has(key));
  const shown = keep(
    details,
    (key) =>
      circumstances.has(key) || key === 'path' || (isSeenAs(key, path, sight) && !tellsAddress(details[key], sight)),
  );
  const named = Array.isArray(paths) ? paths.filter((one) => typeof one === 'string' && sees(sight, one)) : undefined;
  const changes = isJsonObject(details.changes) ? hideFromChanges(details.changes, sight) : undefined;
  return { ...shown, ...(named && { paths: named }), ...(changes && { changes }) };
}

/** What values were and became, by path; as facts are seen. */
function hideFromChanges(changes: JsonObject, sight: Sight): JsonObject {
  return keep(changes, (path) => {
    const change = changes[path];
    const values = isJsonObject(change) ? [change.before, change.after] : [change];
    return values.every((value) => seesFact(path, value, sight));
  });
}

const addresses: ReadonlyMap<string, readonly string[]> = new Map([
  ['address', ['email', 'phone_number']],
  ['identifier', ['email', 'username', 'phone_number']],
  ['ip', ['last_ip']],
  ['name', ['name']],
  // What the IP address told of where they are.
  ['place', ['last_ip']],
  ['new_place', ['last_ip']],
  ['impossible_travel', ['last_ip']],
]);

function isSeenAs(key: string, path: Json | undefined, sight: Sight): boolean {
  // What stands beside a path that is seen is of that path: its value, the one before.
  if (typeof path === 'string' && (key === 'value' || key === 'before' || key === 'after')) return true;
  return (addresses.get(key) ?? [key]).every((one) => sees(sight, one));
}

/** What defaults are made of. */
export type Made = Pick<Customer, 'email' | 'phone_number' | 'username'>;

/** Auth0's defaults tell what they are made of: a name that is the address, a nickname its beginning, its picture. */
export function hideDefaults(attributes: JsonObject, made: Made, sight: Sight): JsonObject {
  const hidden = (['email', 'phone_number', 'username'] as const).flatMap((path) => {
    const value = made[path];
    return value === null || sees(sight, path) ? [] : [value.toLowerCase()];
  });
  const told = new Set(hidden.flatMap((value) => [value, value.split('@')[0] ?? value]));
  const pictures = hidden.map((value) => createHash('md5').update(value).digest('hex'));
  return keep(attributes, (key) => {
    const value = attributes[key];
    if (key !== 'email' && tellsAddress(value, sight)) return false;
    if (typeof value !== 'string') return true;
    const text = value.toLowerCase();
    if (key === 'picture')
      return !pictures.some((hash) => text.includes(hash)) && (sees(sight, 'name') || !isMadePicture(text));
    return (key !== 'name' && key !== 'nickname' && key !== 'preferred_username') || !told.has(text);
  });
}

/** Does the caller see a fact of this value at this path? */
export function seesFact(path: string, value: Json | undefined, sight: Sight): boolean {
  return sees(sight, path) && (path.includes('.') || !tellsAddress(value, sight));
}

/** The same of a customer who is known: a name that is made of what is hidden is none of what is seen either. */
export function seesFactOf(made: Made, path: string, value: Json, sight: Sight): boolean {
  if (!seesFact(path, value, sight)) return false;
  return path.includes('.') || Object.hasOwn(hideDefaults({ [path]: value }, made, sight), path);
}

/** Networks, too, call people by their address: a text that is one, or what has one inside, is hidden with the addresses. */
export function tellsAddress(value: Json | undefined, sight: Sight): boolean {
  if (Array.isArray(value)) return value.some((one) => tellsAddress(one, sight));
  if (isJsonObject(value)) return Object.values(value).some((one) => tellsAddress(one, sight));
  return typeof value === 'string' && !sees(sight, 'email') && normaliseEmail(value) !== undefined;
}

function keep(values: JsonObject, isKept: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([key]) => isKept(key)));
}
