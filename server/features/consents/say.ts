import type { Language } from '../../../contract/brands.ts';
import type { Base } from '../../base/base.ts';
import { makeTicket } from '../../base/credentials/one-time-code.ts';
import type { Db } from '../../base/db.ts';
import { appendTimeline } from '../customers/customers.ts';
import { dropWaiting, insertConfirmation } from './confirmations-store.ts';
import type { Scope } from './consent.ts';
import { insertConsents } from './store.ts';

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
  for (const { brand, purpose, topic } of sayings) await dropWaiting(tx, subjects, { brand, purpose, topic });
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
    sayings.map(({ brand, purpose, topic, version, given, confirmBy }) => ({
      class: 'profile',
      subject,
      brand,
      portal: portal ?? client,
      source: source === 'api' ? 'api' : 'consents',
      name: confirmBy ? 'consent_to_confirm' : given ? 'consent_given' : 'consent_withdrawn',
      occurredAt: at,
      ip,
      data: { purpose, topic, version },
    })),
  );
}

const languages: readonly Language[] = ['en', 'de', 'es', 'fr'];
