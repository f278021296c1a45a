import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { allows } from '../../../contract/path-rule.ts';
import { Problem } from '../../base/errors.ts';
import { type Access, allowsAll } from '../../features/staff/staff.ts';

/**
 * What a caller sees of customers: the attributes that their rules name, of the brands that they are limited to. Every
 * shape in which a customer leaves the API asks for it, and every condition and order that reads attributes.
 */
export type Sight = Access & {
  /** Slugs of the brands in `brands`; null: all. */
  readonly slugs: ReadonlySet<string> | null;
  /** Paths that the catalogue gives to brands which are not among them. */
  readonly foreign: ReadonlySet<string>;
};

/** What is told beside an attribute says something about it: it is seen and written with it. */
const besides: Readonly<Record<string, string>> = {
  email_verified: 'email',
  password: 'email',
  phone: 'phone_number',
  phone_number_verified: 'phone_number',
  phone_verified: 'phone_number',
};

// What Auth0's defaults are made of, where nobody said another.
const madeOf: Readonly<Record<string, readonly string[]>> = {
  name: ['email', 'username', 'phone_number'],
  nickname: ['email', 'username', 'phone_number'],
  picture: ['email', 'name'],
};

/** Does the caller see the value at this path (`given_name`, `app_metadata.tier`, `brands.<slug>.size`)? */
export function sees(sight: Sight, path: string): boolean {
  return isOwn(sight, path) && allows(sight.read, besides[path] ?? path);
}

/** Does the caller see every attribute of every brand? Then nothing has to be taken out. */
export function seesAll({ read, brands }: Sight): boolean {
  return brands === null && allowsAll(read);
}

/** Is it this brand's (by id) that the caller may see, or nobody's in particular? */
export function seesBrand({ brands }: Pick<Access, 'brands'>, brand: string | null): boolean {
  return brands === null || brand === null || brands.has(brand);
}

/** The attributes that tell themselves to who finds or orders by this one. */
export function readsBehind(path: string): readonly string[] {
  return [path, ...(madeOf[path] ?? [])];
}

/**
 * Refuses to search, filter or sort by what is hidden: the answer would tell it. `name`, `nickname` and `picture` are
 * made of the address where nobody said another, so they tell it, too. The message is the same whether or not there is
 * such an attribute.
 *
 * @throws Problem `access_denied` naming the first such path
 */
export function refuseHidden(sight: Sight, paths: Iterable<string>): void {
  for (const path of paths) {
    if (!readsBehind(path).every((one) => sees(sight, one))) throw denied(`You may not look for customers by ${path}.`);
  }
}

/**
 * Refuses to write what the caller may not write. What must be unique (the address, the username) must be seen, too: "it
 * is taken" would tell it.
 *
 * @throws Problem `access_denied` naming the first such path, whether or not there is such an attribute
 */
export function refuseUnwritable(sight: Sight, paths: Iterable<string>): void {
  for (const path of paths) {
    const written = besides[path] ?? path;
    const may = isOwn(sight, path) && allows(sight.write, written) && (!unique.has(written) || sees(sight, written));
    if (!may) throw denied(`You may not write ${path}.`);
  }
}

const unique = new Set(['email', 'phone_number', 'username']);

function isOwn({ slugs, foreign }: Sight, path: string): boolean {
  if (slugs === null) return true;
  const parts = partsOfPath(path);
  return parts?.place === 'brands' ? slugs.has(parts.brand) : !foreign.has(path);
}

function denied(message: string): Problem {
  return new Problem('access_denied', message, { errorCode: 'insufficient_attributes' });
}
