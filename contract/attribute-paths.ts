import { z } from 'zod';
import { brandSlug } from './brands.ts';

/** Where a value stands in a profile: a root attribute, or one level inside a place that somebody owns. */
export type PathParts =
  | { place: 'root'; key: string }
  | { place: 'user_metadata' | 'app_metadata'; key: string }
  | { place: 'brands'; brand: string; key: string };

/** Root names that are no attributes: told by other means (proofs, counts, ids), or places of their own. */
const reserved = new Set([
  'app_metadata',
  'blocked',
  'brand_values',
  'brands',
  'computed',
  'consents',
  'created_at',
  'email_verified',
  'id',
  'identities',
  'last_ip',
  'last_login',
  'last_password_reset',
  'logins_count',
  'phone_number_verified',
  'phone_verified',
  'sub',
  'updated_at',
  'user_id',
  'user_metadata',
]);

const rootName = /^[A-Za-z0-9_:-]{1,64}$/;
// Any text is a metadata key, as at Auth0, so a path is split at its first dot only.
const metadataKey = /^[^\p{Cc}]{1,255}$/u;

/**
 * Takes a fact's path apart: `given_name`, `user_metadata.<any key>`, `app_metadata.<any key>`,
 * `brands.<slug>.<any key>`. Undefined when it is none of these, or a name that is not ours to set.
 */
export function partsOfPath(path: string): PathParts | undefined {
  const [head, rest] = splitAtDot(path);
  if (rest === undefined) return rootName.test(head) && !reserved.has(head) ? { place: 'root', key: head } : undefined;
  if (head === 'user_metadata' || head === 'app_metadata') {
    return isMetadataKey(rest) ? { place: head, key: rest } : undefined;
  }
  if (head !== 'brands') return undefined;
  const [brand, key] = splitAtDot(rest);
  if (key === undefined || !brandSlug.safeParse(brand).success || !isMetadataKey(key)) return undefined;
  return { place: 'brands', brand, key };
}

function splitAtDot(text: string): [string, string | undefined] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

function isMetadataKey(key: string): boolean {
  return metadataKey.test(key) && key.isWellFormed();
}

/** A path as a schema, for requests that name one. */
export const attributePath = z
  .string()
  .max(400)
  .refine((path) => partsOfPath(path) !== undefined, 'This is not the path of an attribute');
