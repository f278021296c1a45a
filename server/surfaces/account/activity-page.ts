import { browserName } from '../../../contract/browser-names.ts';
import { consentPurpose } from '../../../contract/consents.ts';
import { placeInWords } from '../../base/geo.ts';
import { isJsonObject } from '../../base/json.ts';
import { buttonOf, connectionByName, isStore, isText } from '../../features/connections/connections.ts';
import { type CurrentConsent, currentConsents } from '../../features/consents/consents.ts';
import {
  type Attribute,
  type TimelineClass,
  type TimelineEntry,
  timelineClasses,
  timelineOf,
} from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { readForm } from '../login/login.ts';
import { type AccountPage, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { catalogueOf, mayDo, nameOf } from './known-values.ts';
import { ruleOf, toldByRule } from './library-values.ts';
import { purposeKeys } from './purposes.ts';
import { texts } from './texts.ts';
import { topicInWords } from './topic-words.ts';
import { momentIn } from './words.ts';

/** What happened, the newest first: a sentence each. */
export const activityPage: AccountPage = {
  path: '/activity',
  entry: { name: 'activity.title', hint: 'activity.hint' },
  fresh: false,
  async show(at, again) {
    const { kind = '', before } = readForm(at.request.query);
    const asked = timelineClasses.find((one) => one === kind);
    const classes = asked && [asked];
    const { entries, next } = await timelineOf(at.base.db, at.owner.customer.id, { perPage, before, classes });
    const told = {
      catalogue: await catalogueOf(at),
      // Topics are called as they were asked for, which only what was said of them knows.
      consents: entries.some(({ data }) => typeof data.topic === 'string')
        ? await currentConsents(at.base.db, at.owner.customer.id)
        : [],
    };
    const model = {
      kinds: [
        { href: '/account/activity', label: at.say('activity.all'), here: asked === undefined },
        ...timelineClasses.map((one) => ({
          href: `/account/activity?kind=${one}`,
          label: at.say(kindNames[one]),
          here: asked === one,
        })),
      ],
      entries: await Promise.all(entries.map((entry) => toRow(at, entry, told))),
      next: next && `/account/activity?${new URLSearchParams({ ...(asked && { kind: asked }), before: next })}`,
      is_first: before === undefined,
    };
    return showAccount(at, 'activity', model, again);
  },
  acts: {},
};

const perPage = 20;

const kindNames = {
  sign_in: 'activity.sign_in',
  profile: 'activity.profile',
  security: 'activity.security',
} as const satisfies Record<TimelineClass, string>;

/** What tells the names of what entries are about. */
type Told = {
  readonly catalogue: ReadonlyMap<string, Attribute>;
  readonly consents: readonly CurrentConsent[];
};

async function toRow(at: AccountVisit, entry: TimelineEntry, told: Told) {
  const { name, data, occurredAt, ip, userAgent } = entry;
  const changed = name === 'profile_changed' ? changedIn(at, data, told.catalogue) : undefined;
  // Who goes back to the portal refuses all that it requires.
  const isNamed = changed !== undefined || (name === 'consent_refused' && data.purpose !== undefined);
  const known = Object.hasOwn(texts.en, `event.${name}`) ? `event.${name}` : 'event.other';
  const workedOut = changed === undefined ? undefined : ruleOf(at.base, data.by)?.tells?.from?.[at.language];
  const key = workedOut ? 'event.profile_changed_from' : isNamed ? `event.${name}_what` : known;
  const from = [
    browserName(userAgent ?? ''),
    placeOf(at, data) ?? ip,
    entry.portal === null ? undefined : (await portal(at.base, entry.portal))?.name,
  ];
  return {
    sentence: at.say(key, { what: changed ?? (await whatOf(at, entry, told)), from: workedOut ?? '' }),
    when: momentIn(at, occurredAt),
    instant: occurredAt.toISOString(),
    from: from.filter((part) => part).join(' · '),
    is_new_device: data.new_device === true,
    is_unusual: data.new_place === true || data.impossible_travel !== undefined,
  };
}

/** Which values were changed, of those that the customer is shown, by their labels; undefined for none. */
function changedIn(
  at: AccountVisit,
  { paths, by }: TimelineEntry['data'],
  catalogue: ReadonlyMap<string, Attribute>,
): string | undefined {
  const all = Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
  const may = (path: string) => mayDo(path, catalogue.get(path), toldByRule(at.base, path, by));
  const shown = all.filter((path) => may(path) !== 'nothing');
  const labels = [...new Set(shown.map((path) => nameOf(at, catalogue, path)))];
  if (labels.length === 0) return undefined;
  const named = labels.slice(0, mostNamed).join(', ');
  return labels.length > mostNamed ? `${named} …` : named;
}

const mostNamed = 8;

/** What it was about: a value by its label, a passkey by its name, a network by its own, a consent by purpose and topic. */
async function whatOf(
  at: AccountVisit,
  { brand, data: { path, name, connection, purpose, topic } }: TimelineEntry,
  { catalogue, consents }: Told,
): Promise<string> {
  if (typeof path === 'string') return nameOf(at, catalogue, path);
  if (typeof name === 'string') return name;
  const { data: consented } = consentPurpose.safeParse(purpose);
  if (consented) {
    const about = { purpose: consented, topic: typeof topic === 'string' ? topic : null };
    const said = consents.find(
      (one) => one.brand === brand && one.purpose === about.purpose && one.topic === about.topic,
    );
    return at.say(purposeKeys[consented]) + (await topicInWords(at, { ...about, wording: said?.wording ?? '' }));
  }
  const found = typeof connection === 'string' ? await connectionByName(at.base, connection) : undefined;
  if (!found) return at.say('activity.unnamed');
  if (isStore(found)) return at.say('ways.store');
  return isText(found) ? at.say('ways.text') : buttonOf(found).label;
}

/** The place as it was told at that time; IP addresses are forgotten before it. */
function placeOf({ language }: AccountVisit, { place }: TimelineEntry['data']): string | undefined {
  if (!isJsonObject(place) || typeof place.country !== 'string') return undefined;
  const city = typeof place.city === 'string' ? place.city : undefined;
  return placeInWords({ country: place.country, city }, language);
}
