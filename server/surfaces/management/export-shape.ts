import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import type { JsonParts } from '../../base/json-stream.ts';
import {
  hideAttributes,
  hideDefaults,
  hideFromBrands,
  hideFromDetails,
  hideFromRaw,
  hideInside,
  type Made,
  seesFactOf,
} from './hide.ts';
import { type Sight, sees, seesAll, seesBrand } from './sight.ts';

/** What is left of a row of a part; undefined: nothing. `made`: of the customer whose it is. */
type HideRow = (row: JsonObject, sight: Sight, made: Made) => JsonObject | undefined;

// Every part of an export by its name. One that is not here goes only to who sees everything.
const rows: Readonly<Record<string, HideRow>> = {
  changes_by_umbrella: (row, sight, made) => ({ at: row.at ?? null, ...pathsOf(row, sight, made) }),
  consents: hideConsent,
  consents_to_confirm: hideConsent,
  facts: (row, sight, made) => (seesFactOf(made, textOf(row.path), row.value ?? null, sight) ? row : undefined),
  identifiers: (row, sight) => (seesAddress(sight, textOf(row.kind)) ? row : undefined),
  identities: (row, sight) => ({ ...row, profile_data: hideFromRaw(objectOf(row.profile_data), sight) }),
  made_for: (row, sight) => (seesBrand(sight, brandOf(row)) ? row : undefined),
  proofs: (row, sight) => (seesAddress(sight, textOf(row.kind)) ? row : undefined),
  second_factors: (row, sight) => {
    const hidden = [...(sees(sight, 'phone_number') ? [] : ['phone']), ...(sees(sight, 'email') ? [] : ['address'])];
    return without(row, hidden);
  },
  timeline: (row, sight) => {
    if (!seesBrand(sight, brandOf(row))) return undefined;
    const seen = { ...row, data: hideFromDetails(objectOf(row.data), sight) };
    return sees(sight, 'last_ip') ? seen : without(seen, ['ip']);
  },
  visits: (row, sight) => (seesBrand(sight, brandOf(row)) ? { ...row, ...lastSignInOf(row, sight) } : undefined),
  ways_in: (row, sight) => (sees(sight, 'email') && sees(sight, 'phone_number') ? row : without(row, ['address'])),
};

/** What a caller may see of everything that is kept of a customer, one part after the other. */
export async function* hideFromExport(
  parts: AsyncIterable<JsonParts>,
  sight: Sight,
): AsyncGenerator<JsonParts, void, undefined> {
  let made: Made = { email: null, phone_number: null, username: null };
  for await (const part of parts) {
    if (seesAll(sight)) {
      yield part;
      continue;
    }
    const shown: Record<string, Json | AsyncIterable<Json>> = {};
    for (const [name, value] of Object.entries(part)) {
      const hide = rows[name];
      if (name === 'customer' && isObject(value)) {
        made = madeOf(value);
        shown[name] = hideColumns(value, made, sight);
      } else if (name === 'user_ids') shown[name] = value;
      else if (hide && isStream(value)) shown[name] = hideStream(value, (row) => hide(row, sight, made));
      else if (hide && Array.isArray(value))
        shown[name] = value.flatMap((row) => hidden(row, (one) => hide(one, sight, made)));
    }
    yield shown;
  }
}

type Hide = (row: JsonObject) => JsonObject | undefined;

async function* hideStream(stream: AsyncIterable<Json>, hide: Hide): AsyncGenerator<Json, void, undefined> {
  for await (const row of stream) yield* hidden(row, hide);
}

function hidden(row: Json, hide: Hide): Json[] {
  const seen = isJsonObject(row) ? hide(row) : undefined;
  return seen ? [seen] : [];
}

// Columns of the customer that are no attributes.
const counted =
  'id user_id primary_subject logins_count last_login last_password_reset blocked erase_at created_at updated_at';
const plain = new Set(counted.split(' '));
const named: ReadonlyMap<string, string> = new Map([
  ['birth_month', 'birthdate'],
  ['birth_day', 'birthdate'],
]);

function madeOf({ email = null, phone_number = null, username = null }: JsonObject): Made {
  return { email: textOrNull(email), phone_number: textOrNull(phone_number), username: textOrNull(username) };
}

function hideColumns(customer: JsonObject, made: Made, sight: Sight): JsonObject {
  const attributes = hideDefaults(hideAttributes(objectOf(customer.attributes), sight), made, sight);
  const places = {
    attributes,
    name: attributes.name ?? null,
    user_metadata: hideInside('user_metadata', objectOf(customer.user_metadata), sight),
    app_metadata: hideInside('app_metadata', objectOf(customer.app_metadata), sight),
    brand_values: hideFromBrands(objectOf(customer.brand_values), sight),
    // At whichever brand it was: of those that are seen, the visits tell it.
    ...(sight.brands === null ? lastSignInOf(customer, sight) : { last_sign_in: null }),
  };
  const columns = Object.entries(customer).filter(([name, value]) => {
    return !(name in places) && (plain.has(name) || seesFactOf(made, named.get(name) ?? name, value, sight));
  });
  return { ...Object.fromEntries(columns), ...places };
}

/** Where somebody was is told by their address. */
function lastSignInOf({ last_sign_in = null }: JsonObject, sight: Sight): JsonObject {
  const isHidden = isJsonObject(last_sign_in) && !sees(sight, 'last_ip');
  return { last_sign_in: isHidden ? without(last_sign_in, ['country']) : last_sign_in };
}

function hideConsent(row: JsonObject, sight: Sight): JsonObject | undefined {
  if (!seesBrand(sight, brandOf(row))) return undefined;
  const ip = sees(sight, 'last_ip') ? [] : ['ip'];
  return without(row, ['confirmation', 'address', ...ip]);
}

function pathsOf({ paths, changes }: JsonObject, sight: Sight, made: Made): JsonObject {
  const seen = hideFromDetails({ paths: paths ?? [], changes: changes ?? {} }, sight);
  const told = Object.entries(objectOf(seen.changes)).filter(([path, change]) => {
    const { before = null, after = null } = objectOf(change);
    return [before, after].every((value) => seesFactOf(made, path, value, sight));
  });
  return { paths: seen.paths ?? [], changes: Object.fromEntries(told) };
}

function seesAddress(sight: Sight, kind: string): boolean {
  return sees(sight, kind === 'phone' ? 'phone_number' : kind);
}

function without(row: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: Json): string | null {
  return typeof value === 'string' ? value : null;
}

function brandOf({ brand }: JsonObject): string | null {
  return typeof brand === 'string' ? brand : null;
}

function isObject(value: Json | AsyncIterable<Json>): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isStream(value);
}

function isStream(value: Json | AsyncIterable<Json>): value is AsyncIterable<Json> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
