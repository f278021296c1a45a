import { partsOfPath } from '../../../contract/attribute-paths.ts';
import { allows, allowsAll, type PathRule } from '../../../contract/path-rule.ts';
import { Problem } from '../../base/errors.ts';
import { type Access, pathRule } from '../../features/staff/staff.ts';

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
const besides: ReadonlyMap<string, string> = new Map([
  ['email_verified', 'email'],
  ['password', 'email'],
  ['phone', 'phone_number'],
  ['phone_number_verified', 'phone_number'],
  ['phone_verified', 'phone_number'],
]);

// What Auth0's defaults and networks' names are made of, where nobody said another.
const identifiers = ['email', 'username', 'phone_number'];
const madeOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['name', identifiers],
  ['nickname', identifiers],
  ['preferred_username', identifiers],
  ['picture', ['email', 'name']],
]);

/** Does the caller see the value at this path (`given_name`, `app_metadata.tier`, `brands.<slug>.size`)? */
export function sees(sight: Sight, path: string): boolean {
  return isOwn(sight, path) && allows(sight.read, besides.get(path) ?? path);
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
  return [path, ...(madeOf.get(path) ?? [])];
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
    const written = besides.get(path) ?? path;
    const may = isOwn(sight, path) && allows(sight.write, written) && (!unique.has(written) || sees(sight, written));
    if (!may) throw denied(`You may not write ${path}.`);
  }
}

/**
 * Joining and parting customers moves values of every path, seen or not: it takes the right to write all of them.
 *
 * @throws Problem `access_denied`
 */
export function refuseUnlessWritesAll({ write }: Access): void {
  if (!allowsAll(write)) throw denied('Who joins or parts customers must be allowed to write every attribute.');
}

/**
 * What the catalogue calls sensitive is hidden by roles that say so. Nobody sees or writes more because they themselves
 * called it one or the other, and only who sees it makes it plain for everybody.
 *
 * @param is whether the catalogue calls this path sensitive: until now, and from now on
 * @throws Problem `access_denied`
 */
export function refuseOwnGain({ read, write }: Access, path: string, is: { before: boolean; after: boolean }): void {
  if (is.before === is.after) return;
  const may = ({ paths }: PathRule, isSensitive: boolean) => {
    return allows(pathRule(paths, new Set(isSensitive ? [path] : [])), path);
  };
  const gains = [read, write].some((rule) => may(rule, is.after) && !may(rule, is.before));
  if (gains || (is.before && !may(read, true))) throw denied(`You may not say whether ${path} is sensitive.`);
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
