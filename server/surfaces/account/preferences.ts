import { type Brand, cachedBrand } from '../../features/brands/brands.ts';
import {
  type CurrentConsent,
  consentHistory,
  currentConsents,
  type KeptConsent,
  type Preference,
  preferencesOf,
  wordsIn,
} from '../../features/consents/consents.ts';
import { visitsOf } from '../../features/customers/customers.ts';
import type { AccountVisit } from './account-visit.ts';
import { dayIn, momentIn } from './words.ts';

/** One thing that may be allowed or taken back, as the page shows it. */
type Item = {
  readonly id: string;
  readonly label: string;
  readonly details?: string | undefined;
  readonly link?: string | undefined;
  /** A mail is on its way. */
  readonly waits?: boolean;
  /** Where it stands, in words. */
  readonly state: string;
  readonly hint?: string | undefined;
  /** What the form sends to allow it; none: it cannot be allowed here. */
  readonly allow?: {
    readonly consent: string;
    readonly version: string;
    readonly language: string;
    readonly brand: string;
  };
  /** What the form sends to take it back; none: there is nothing to take back. */
  readonly withdraw?: { readonly brand: string; readonly purpose: string; readonly topic: string };
};

/** What belongs to one brand, or to all of them. */
export type Section = { readonly title: string; readonly items: readonly Item[] };

const firstRows = 30;
const mostRows = 1000;

/** Everything the customer may decide on, by brand: where they have been, and what was ever said. */
export async function preferencesIn(at: AccountVisit): Promise<Section[]> {
  const { base, owner, visit, brand } = at;
  const { customer } = owner;
  const current = await currentConsents(base.db, customer.id);
  const visited = (await visitsOf(base.db, customer.id)).map((one) => one.brand);
  const known = [brand.id, ...visited, ...current.flatMap((one) => one.brand ?? [])];
  const brands = (await Promise.all([...new Set(known)].map((id) => cachedBrand(base, id)))).filter(isThere);
  const ids = brands.map(({ id }) => id);
  const preferences = await preferencesOf(base.db, customer, { brands: ids, at: visit.at });
  const others = current.filter(
    (one) => one.state !== 'withdrawn' && !preferences.some(({ entry }) => isSame(entry, one)),
  );

  const sectionOf = (title: string, owner: Brand, whose: string | null): Section => ({
    title,
    items: [
      ...preferences.filter(({ entry }) => entry.brand === whose).map((one) => toItem(at, one, owner)),
      ...others.filter((one) => one.brand === whose).map((one) => toOther(at, one)),
    ],
  });
  return [
    ...brands.map((one) => sectionOf(one.name, one, one.id)),
    sectionOf(at.say('preferences.umbrella'), brand, null),
  ].filter(({ items }) => items.length > 0);
}

/** What was said so far in plain words, the newest first. */
export async function historyOf(at: AccountVisit, all: boolean) {
  const limit = all ? mostRows : firstRows;
  // One more tells whether there are more.
  const rows = await consentHistory(at.base.db, at.owner.customer.id, { offset: 0, limit: limit + 1 });
  const history = await Promise.all(rows.slice(0, limit).map((row) => toHistory(at, row)));
  return { history, has_more: !all && rows.length > limit };
}

function toItem(at: AccountVisit, { entry, standing, holds, askable }: Preference, brand: Brand): Item {
  const words = wordsIn(entry.texts, [at.language, brand.default_language], brand.name);
  const { label, details, link, language } = words;
  const { id, version } = entry;
  const isGiven = standing === 'allowed' || standing === 'outdated';
  return {
    id,
    label,
    details,
    link,
    waits: standing === 'pending',
    state: stateText(at, standing, isGiven ? holds : undefined),
    hint: isGiven && entry.required ? at.say('preferences.required', { name: brand.name }) : undefined,
    ...(standing !== 'allowed' && askable && { allow: { consent: id, version, language, brand: brand.id } }),
    ...((isGiven || standing === 'pending') && { withdraw: formOf(entry) }),
  };
}

const standings = { given: 'allowed', pending: 'pending', withdrawn: 'refused', under_age: 'refused' } as const;

/** What nobody asks any more, or a page on the way to a network asked: it can still be taken back. */
function toOther(at: AccountVisit, one: CurrentConsent): Item {
  const standing = standings[one.state];
  return { id: one.id, label: one.wording, state: stateText(at, standing, one), withdraw: formOf(one) };
}

function stateText(at: AccountVisit, standing: Preference['standing'], holds: { at: Date } | undefined): string {
  const day = holds ? dayIn(at, holds.at) : '';
  switch (standing) {
    case 'allowed':
      return at.say('preferences.allowed', { day });
    case 'outdated':
      return at.say('preferences.outdated', { day });
    case 'pending':
      return at.say('preferences.pending');
    default:
      return at.say('preferences.off');
  }
}

const ways: Readonly<Record<string, string>> = {
  sign_up: 'history.sign_up',
  sign_in: 'history.sign_in',
  connect: 'history.connect',
  question: 'history.question',
  account: 'history.account',
  mail: 'history.mail',
  merge: 'history.merge',
};

async function toHistory(at: AccountVisit, row: KeptConsent) {
  const { say } = at;
  const brand = row.brand === null ? undefined : await cachedBrand(at.base, row.brand);
  const way = row.client === null ? ways[row.source] : undefined;
  const how = way ? say(way) : say('history.told', { who: row.place ?? row.client ?? row.source });
  const [words, ...more] = row.wording.split('\n\n');
  const confirmed = row.confirmation ? say('history.confirmed', { address: row.confirmation.address }) : undefined;
  const details = [momentIn(at, row.at), brand?.name ?? say('preferences.umbrella'), how, confirmed];
  return {
    words,
    more: more.length > 0 ? more.join('\n\n') : undefined,
    language: row.language,
    what: say(row.given ? 'history.allowed' : 'history.refused'),
    details: details.filter((part) => part !== undefined).join(' · '),
    version: row.version,
  };
}

function formOf({ brand, purpose, topic }: Pick<CurrentConsent, 'brand' | 'purpose' | 'topic'>) {
  return { brand: brand ?? '', purpose, topic: topic ?? '' };
}

function isSame(a: Pick<CurrentConsent, 'brand' | 'purpose' | 'topic'>, b: typeof a): boolean {
  return a.brand === b.brand && a.purpose === b.purpose && a.topic === b.topic;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
