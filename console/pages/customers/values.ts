import type { LibraryValue } from '../../../contract/rules.ts';
import type { Attribute, Fact, User } from './api.ts';
import { networkName } from './names.ts';
import { type Known, nameOfPath } from './value-names.ts';
import { isThere, type Kind, longList, ruleInWords, type ShortList, textAt } from './value-text.ts';

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
 * @param known what is known of paths
 * @param brandName what a brand is called, by its slug
 */
export function groupsOf(
  user: User,
  facts: readonly Fact[],
  known: Known,
  brandName: (slug: string) => string,
): Group[] {
  const winners = new Map(facts.filter(({ wins }) => wins).map((fact) => [fact.path, fact]));
  const listed = new Map(known.catalogue.map((attribute) => [attribute.path, attribute]));
  const line = (path: string, value: unknown): Line => {
    const fact = winners.get(path);
    const isTold = (one: LibraryValue) => one.path === path && fact?.origin === `library:${one.library}`;
    const kind = kindOf(path, listed.get(path), known.library.find(isTold));
    return {
      path,
      label: nameOfPath(path, known),
      text: textAt(path, value, kind),
      short: longList(value, kind),
      sensitive: listed.get(path)?.sensitive ?? false,
      fact,
    };
  };
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

/** What the value is: as the umbrella has listed it, or else as the ready rule says that told it. */
function kindOf(path: string, attribute: Attribute | undefined, told: LibraryValue | undefined): Kind {
  if (path === 'locale') return { type: 'language' };
  if (told?.choices && !attribute?.choices) return { type: 'choices', choices: told.choices };
  return attribute ?? { type: told?.type ?? undefined };
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
