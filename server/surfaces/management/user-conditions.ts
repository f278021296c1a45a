import type { Condition } from '../../../contract/conditions.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { listBrands } from '../../features/brands/brands.ts';
import { attributesIn, compile, type Fields, withoutAddresses } from '../../features/conditions/conditions.ts';
import { consentField } from '../../features/consents/consents.ts';
import { customerField, lastSignIn, type Where } from '../../features/customers/customers.ts';
import { tagField } from '../../features/notes/notes.ts';
import type { MayRead } from './may-read.ts';

/**
 * A filter of users as SQL over `customers`.
 *
 * @param seen ids of the brands that may be asked for; null: all
 * @throws Problem `access_denied` when it reads what the caller may not read, `invalid_query`
 */
export async function toWhere(
  base: Base,
  filter: Condition,
  may: MayRead,
  seen: ReadonlySet<string> | null,
): Promise<Where> {
  const hidden = attributesIn(filter).find((attribute) => !may(attribute));
  if (hidden !== undefined) throw new Problem('access_denied', `You may not filter by ${hidden}.`);
  return compile(filter, await conditionFields(base, may, seen));
}

const mostBrands = 1000;

/**
 * The attributes that a condition on users may ask for. Brands are named by their slugs. Who sees some brands alone asks
 * for what was said to those, and how customers came to those.
 */
export async function conditionFields({ db }: Base, may: MayRead, seen: ReadonlySet<string> | null): Promise<Fields> {
  const { brands: known } = await listBrands(db, { limit: mostBrands, offset: 0 }, seen);
  const brands = new Map(known.map(({ id, slug }) => [slug, id]));
  const last = lastSignIn(seen);
  const own = seen && [...seen];
  const idOf = (slug: string): string => {
    const id = brands.get(slug);
    if (id !== undefined) return id;
    throw new Problem('invalid_query', `There is no brand ${slug}.`);
  };
  return (attribute) => {
    if (attribute === 'consent') {
      const has = (values: readonly string[] | null) =>
        consentField(values?.map((one) => readConsent(one, idOf)) ?? null, own);
      return { type: 'set', has };
    }
    if (attribute === 'tag') return { type: 'set', has: tagField };
    const field = customerField(attribute, now(), last);
    if (attribute === 'brand' && field?.type === 'set') {
      return { type: 'set', has: (slugs) => field.has(slugs?.map(idOf) ?? own) };
    }
    // As they are not shown either (see `tellsAddress`).
    const isRoot = !attribute.includes('.') && attribute !== 'user_id';
    return field && isRoot && !may('email') ? withoutAddresses(field) : field;
  };
}

/** `email`: allowed to the umbrella; `northtrail:email`: to that brand. */
function readConsent(text: string, idOf: (slug: string) => string): { purpose: string; brand: string | null } {
  const [first = '', second] = text.split(':');
  return second === undefined ? { purpose: first, brand: null } : { purpose: second, brand: idOf(first) };
}
