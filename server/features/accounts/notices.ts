import { browserName } from '../../../contract/browser-names.ts';
import type { Base } from '../../base/base.ts';
import { inSeconds, now } from '../../base/clock.ts';
import { momentInWords } from '../../base/date-words.ts';
import type { Db } from '../../base/db.ts';
import { placeInWords } from '../../base/geo.ts';
import { findById, identitiesOf, proofsOf, timelineOf } from '../customers/customers.ts';
import type { Asked } from './asked.ts';
import type { Circumstances, MailContent } from './mail-content.ts';
import { post } from './post.ts';
import { type TimelineName, timelineNames } from './timeline-names.ts';

/** Every proven e-mail address of the customer, each with the subject that proved it last. */
export async function provenAddressesOf(db: Db, customerId: string): Promise<{ address: string; subject: string }[]> {
  const proven = new Map<string, string>();
  for (const proof of await proofsOf(db, customerId)) {
    if (proof.kind === 'email') proven.set(proof.address, proof.subject);
  }
  return [...proven].map(([address, subject]) => ({ address, subject }));
}

/** The same; where none is proven, the one that the profile has. */
export async function addressesOf(db: Db, customerId: string): Promise<{ address: string; subject?: string }[]> {
  const proven = await provenAddressesOf(db, customerId);
  if (proven.length > 0) return proven;
  const email = (await findById(db, customerId))?.email;
  const [primary] = await identitiesOf(db, customerId);
  return email ? [{ address: email, ...(primary && { subject: primary.subject }) }] : [];
}

/** What a notice needs of the base: where places are known, it tells the place. */
type Ground = Pick<Base, 'config'> & Partial<Pick<Base, 'geo'>>;

/** Of whoever did it; `ip` and `userAgent` where it was a browser. */
type DoneBy = Pick<Asked, 'brand' | 'language'> & Partial<Pick<Asked, 'ip' | 'userAgent'>>;

/**
 * Tells all addresses of the customer (see `addressesOf`), those that were theirs until now included; with when, by
 * which browser and from where, so that they know whether it was them. What no browser did (the umbrella, say) is told
 * without.
 */
export async function tell(
  base: Ground,
  tx: Db,
  notice: { customer: string; content: MailContent; asked: DoneBy },
): Promise<void> {
  const { customer, content, asked } = notice;
  const circumstances = await circumstancesOf(base, tx, customer, asked);
  for (const { address, subject } of await addressesOf(tx, customer)) {
    await post(base, tx, { to: address, asked, content, circumstances, whose: subject });
  }
}

async function circumstancesOf(
  { geo }: Ground,
  tx: Db,
  customer: string,
  { language, ip, userAgent }: DoneBy,
): Promise<Circumstances | undefined> {
  const browser = browserName(userAgent ?? '');
  if (browser === undefined || ip === undefined) return undefined;
  const zone = (await findById(tx, customer))?.attributes.zoneinfo;
  const place = geo?.placeOf(ip);
  return {
    time: momentInWords({ language, zone }, now()),
    browser,
    place: place ? `${placeInWords(place, language)} (${ip})` : ip,
  };
}

/**
 * Tells the customer that a way in was added or taken away, or that two accounts are one now.
 *
 * @param notice `accounts` names both, in words for people: the account that stays, then what came or went
 */
export function tellOfLink(
  base: Ground,
  tx: Db,
  notice: {
    customer: string;
    what: 'linked' | 'unlinked' | 'merged';
    accounts: readonly [string, string];
    asked: DoneBy;
  },
): Promise<void> {
  const { customer, what, asked } = notice;
  const [first, second] = notice.accounts.map((name) => name.slice(0, 200));
  return tell(base, tx, { customer, content: { kind: what, first: first ?? '', second: second ?? '' }, asked });
}

/** Mails the link that confirms what somebody allowed; the link is the caller's. */
export function mailConsentLink(
  base: Pick<Base, 'config'>,
  tx: Db,
  letter: {
    to: string;
    /** The subject whose mail it is. */
    whose: string;
    link: string;
    /** What was allowed, in the words that were shown. */
    what: string;
    until: Date;
    asked: Pick<Asked, 'brand' | 'language'>;
  },
): Promise<void> {
  const { to, whose, link, what, until, asked } = letter;
  return post(base, tx, { to, whose, until, asked, content: { kind: 'confirm_consent', link, what } });
}

const repeated = {
  profile_changed: ['value_corrected', 'value_deleted', 'value_excluded'],
  data_downloaded: ['data_downloaded'],
} as const satisfies Record<string, readonly TimelineName[]>;
const quietSeconds = 600;

/**
 * Tells the customer of what is done over and over from one session (that what is known of them was changed, or
 * downloaded): the first time, then not for ten minutes. No counter of mails is asked, for strangers use those up
 * (anybody may have codes mailed to an address), and no other session's doing counts: so nobody keeps this mail from
 * its owner. Call it with the customer locked, before the act is written to the timeline.
 */
export async function tellOnce(
  base: Ground,
  tx: Db,
  notice: { customer: string; kind: keyof typeof repeated; asked: DoneBy & Pick<Asked, 'session'> },
): Promise<void> {
  const { customer, kind, asked } = notice;
  const names: readonly string[] = repeated[kind];
  const classes = [...new Set(repeated[kind].map((name) => timelineNames[name].class))];
  const { entries } = await timelineOf(tx, customer, { perPage: 100, classes });
  const since = inSeconds(-quietSeconds);
  const isTold = ({ name, session, occurredAt }: (typeof entries)[number]) =>
    names.includes(name) && occurredAt > since && session !== null && session === asked.session;
  if (!entries.some(isTold)) await tell(base, tx, { customer, content: { kind }, asked });
}
