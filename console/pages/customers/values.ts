import type { Attribute, Fact, User } from './api.ts';
import { networkName } from './names.ts';
import { isThere, longList, plain, ruleInWords, type ShortList, textAt } from './value-text.ts';

/** A value as a line of a profile: what it is called, what it is, and where it comes from. */
export type Line = {
  readonly path: string;
  readonly label: string;
  readonly text: string;
  /** Of a long list: its beginning, and how many there are. */
  readonly short: ShortList | undefined;
  readonly sensitive: boolean;
  readonly fact: Fact | undefined;
};

export type Group = { readonly title: string; readonly lines: readonly Line[] };

const about = [
  'name',
  'given_name',
  'middle_name',
  'family_name',
  'nickname',
  'birthdate',
  'gender',
  'locale',
  'zoneinfo',
  'address',
];
const contact = ['email', 'phone_number', 'username', 'preferred_username', 'website', 'profile'];
// Told elsewhere on the page, or no attribute of the person.
const elsewhere = new Set([
  'user_id',
  'identities',
  'user_metadata',
  'app_metadata',
  'brands',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'last_password_reset',
  'blocked',
  'email_verified',
  'phone_verified',
  'picture',
]);

/**
 * The customer's values in groups; each with the fact that it comes from, if the role may know that.
 *
 * @param brandName what a brand is called, by its slug
 */
export function groupsOf(
  user: User,
  facts: readonly Fact[],
  catalogue: readonly Attribute[],
  brandName: (slug: string) => string,
): Group[] {
  const winners = new Map(facts.filter(({ wins }) => wins).map((fact) => [fact.path, fact]));
  const known = new Map(catalogue.map((attribute) => [attribute.path, attribute]));
  const line = (path: string, value: unknown): Line => ({
    path,
    label: labelOf(path, known.get(path)),
    text: textAt(path, value, path === 'locale' ? 'language' : known.get(path)?.type),
    short: longList(value),
    sensitive: known.get(path)?.sensitive ?? false,
    fact: winners.get(path),
  });
  const roots = Object.entries(user).filter(([name, value]) => !elsewhere.has(name) && isThere(value));
  const pick = (names: readonly string[]) =>
    names.flatMap((name) => roots.filter(([root]) => root === name).map(([root, value]) => line(root, value)));
  const others = roots.filter(([name]) => !about.includes(name) && !contact.includes(name));
  return [
    { title: 'About', lines: pick(about) },
    { title: 'Contact', lines: pick(contact) },
    { title: 'More', lines: others.map(([name, value]) => line(name, value)) },
    { title: 'The customer’s own', lines: linesOf('user_metadata', user.user_metadata, line) },
    { title: 'The company’s', lines: linesOf('app_metadata', user.app_metadata, line) },
    ...Object.entries(user.brands ?? {}).map(([slug, values]) => {
      return { title: `Known to ${brandName(slug)}`, lines: linesOf(`brands.${slug}`, values, line) };
    }),
  ].filter(({ lines }) => lines.length > 0);
}

function linesOf(
  place: string,
  values: Readonly<Record<string, unknown>> | undefined,
  line: (path: string, value: unknown) => Line,
): Line[] {
  return Object.entries(values ?? {})
    .filter(([, value]) => isThere(value))
    .map(([key, value]) => line(`${place}.${key}`, value));
}

function labelOf(path: string, attribute: Attribute | undefined): string {
  const [language = 'en'] = navigator.language.split('-');
  const name = path.replace(/^(brands\.[^.]*|[^.]*)\./, '');
  return new Map(Object.entries(attribute?.labels ?? {})).get(language) ?? attribute?.labels.en ?? plain(name);
}

/** Who said it, in words. */
export function sourceOf({
  source,
  origin,
  origin_name: name,
  identity,
}: Pick<Fact, 'source' | 'origin' | 'origin_name' | 'identity'>): string {
  switch (source) {
    case 'customer':
      return 'the customer';
    case 'asked':
      return 'the customer, when asked';
    case 'umbrella':
      return origin.startsWith('staff|') ? 'staff' : 'the company';
    case 'network':
      return networkName({ provider: identity?.split('|')[0] ?? '', connection: origin });
    case 'rule':
      return ruleInWords(origin, name);
    case 'inferred':
      return 'worked out';
  }
}
