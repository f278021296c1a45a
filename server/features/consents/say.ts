import type { Language } from '../../../contract/brands.ts';
import type { Base } from '../../base/base.ts';
import { makeTicket } from '../../base/credentials/one-time-code.ts';
import type { Db } from '../../base/db.ts';
import { appendTimeline } from '../customers/customers.ts';
import { dropWaiting, insertConfirmation } from './confirmations-store.ts';
import { type Consent, covers, decisive, type Scope, scopesOf } from './consent.ts';
import { insertConsents, readConsents } from './store.ts';

/** How and where something is said. */
export type Telling = {
  /** As which of the customer's subjects. */
  readonly subject: string;
  readonly source: 'sign_up' | 'sign_in' | 'question' | 'account' | 'mail' | 'api';
  /** Client id. */
  readonly portal?: string | null | undefined;
  /** In words, as a machine tells it. */
  readonly place?: string | null | undefined;
  /** The machine that tells it. */
  readonly client?: string | null | undefined;
  readonly ip?: string | null | undefined;
  readonly at: Date;
};

/** A yes or no, with what was shown. */
export type Saying = Scope & {
  readonly given: boolean;
  readonly version: string;
  readonly wording: string;
  readonly language: string;
  /** A yes that needs a click on a mailed link: where the mail goes. */
  readonly confirmBy?: { readonly address: string; readonly label: string; readonly brand: string } | undefined;
};

/** Mails the link that confirms a yes, in the caller's transaction; the surface's, which has the mails. */
export type PostConfirmation = (
  tx: Db,
  letter: {
    readonly to: string;
    /** The subject whose mail it is. */
    readonly whose: string;
    readonly link: string;
    /** What is to be confirmed, in the words that were shown. */
    readonly what: string;
    readonly language: Language | undefined;
    readonly until: Date;
  },
) => Promise<unknown>;

/** The page that a confirming link opens, and how long it is good. */
export const confirmPage = 'confirm-consent';
export const confirmPurpose = 'confirm_consent';
const confirmWithinMs = 5 * 86_400_000;

/**
 * Writes down what a customer says, in the caller's transaction: what holds now, what waits for a mail, and that it was
 * said in the timeline. A no ends what was waiting.
 *
 * @param subjects all of the customer's
 */
export async function say(
  base: Pick<Base, 'config' | 'vault'>,
  tx: Db,
  telling: Telling,
  sayings: readonly Saying[],
  { subjects, post }: { subjects: readonly string[]; post?: PostConfirmation | undefined },
): Promise<void> {
  const { subject, source, portal = null, place = null, client = null, ip = null, at } = telling;
  const how = { subject, source, portal, place, client, ip, at };
  const plain = sayings.filter(({ confirmBy }) => !confirmBy);
  const before = sayings.some(({ given }) => !given) ? await readConsents(tx, subjects) : [];
  const names = new Map<Saying, string>();
  for (const saying of sayings) {
    const { brand, purpose, topic, given, confirmBy } = saying;
    const waited = await dropWaiting(tx, subjects, { brand, purpose, topic }, at);
    const no = waited || stoodGiven(before, saying, at) ? 'consent_withdrawn' : 'consent_refused';
    names.set(saying, confirmBy ? 'consent_to_confirm' : given ? 'consent_given' : no);
  }
  await insertConsents(
    tx,
    plain.map(({ confirmBy: _, ...saying }) => ({ ...saying, ...how, confirmation: null })),
  );
  for (const { confirmBy, given: _, ...saying } of sayings) {
    if (!confirmBy) continue;
    if (!post) throw new Error('A yes that needs a mail, and nobody to send it.');
    const { id, secret, hash } = makeTicket(base.vault, { purpose: confirmPurpose });
    const expiresAt = new Date(at.getTime() + confirmWithinMs);
    const { address, label } = confirmBy;
    await insertConfirmation(tx, { ...saying, ...how, id, address, secretHash: hash, expiresAt });
    const link = `${base.config.url}/u/${confirmPage}?ticket=${secret}`;
    const language = languages.find((one) => one === saying.language);
    await post(tx, { to: address, whose: subject, link, what: label, language, until: expiresAt });
  }
  await appendTimeline(
    tx,
    [...names].map(([{ brand, purpose, topic, version }, name]) => ({
      class: 'profile',
      subject,
      brand,
      portal: portal ?? client,
      source: source === 'api' ? 'api' : 'consents',
      name,
      occurredAt: at,
      ip,
      data: { purpose, topic, version },
    })),
  );
}

/** Was it, or something narrower, allowed by then? Only that can be taken back; any other no is none. */
function stoodGiven(rows: readonly Consent[], scope: Scope, at: Date): boolean {
  const byThen = rows.filter((row) => row.at <= at);
  return scopesOf(byThen).some((one) => covers(scope, one) && decisive(byThen, one)?.given);
}

const languages: readonly Language[] = ['en', 'de', 'es', 'fr'];
