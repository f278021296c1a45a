import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { hashesOf, ticketId } from '../../base/credentials/one-time-code.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { appendTimeline, findBySubject, lockCustomers } from '../customers/customers.ts';
import { readEntries } from './catalogue-store.ts';
import { consumeConfirmation, readConfirmation, type WaitingConsent } from './confirmations-store.ts';
import { sameScope } from './consent.ts';
import { confirmPurpose } from './say.ts';
import { insertConsents } from './store.ts';
import { readWordings } from './wordings-store.ts';

/** What a mailed link would confirm, without using it up; undefined when it is no longer good. */
export async function lookAtConfirmation(
  base: Pick<Base, 'db' | 'vault'>,
  ticket: string,
): Promise<{ brand: string | null; portal: string | null; wording: string; language: string } | undefined> {
  const waiting = await find(base, base.db, ticket);
  if (!waiting || !(await stillStands(base.db, waiting))) return undefined;
  const { brand, portal, wording, language } = waiting;
  return { brand, portal, wording, language };
}

/**
 * The second half of a double opt-in: from now on the yes counts. Its proof holds both, the asking and the click.
 *
 * @throws Problem `code_expired`: used before, too old, taken back meanwhile, or its words were withdrawn
 */
export function confirmConsent(
  base: Pick<Base, 'db' | 'vault'>,
  { ticket, ip }: { ticket: string; ip: string },
): Promise<void> {
  return transact(base.db, async (tx) => {
    const waiting = await find(base, tx, ticket);
    const customer = waiting && (await findBySubject(tx, waiting.subject));
    if (!waiting || !customer) throw new Problem('code_expired');
    await lockCustomers(tx, [customer.id]);
    const at = now();
    if (!(await stillStands(tx, waiting)) || !(await consumeConfirmation(tx, waiting, at))) {
      throw new Problem('code_expired');
    }
    const { id: _, address, at: askedAt, ip: askedFrom, ...said } = waiting;
    const confirmation = { asked_at: askedAt.toISOString(), ip: askedFrom, address };
    await insertConsents(tx, [{ ...said, given: true, ip, at, confirmation }]);
    const { subject, brand, portal, purpose, topic, version } = waiting;
    const row = { class: 'profile', subject, brand, portal, source: 'consents', name: 'consent_given' } as const;
    await appendTimeline(tx, [{ ...row, occurredAt: at, ip, data: { purpose, topic, version, confirmed: true } }]);
  });
}

async function find({ vault }: Pick<Base, 'vault'>, db: Db, ticket: string): Promise<WaitingConsent | undefined> {
  const id = ticketId(ticket);
  if (!id) return undefined;
  const hashes = hashesOf(vault, id, ticket, { purpose: confirmPurpose });
  return readConfirmation(db, { id, hashes }, now());
}

/** A version that was withdrawn was a mistake: nobody is held to it. */
async function stillStands(db: Db, waiting: WaitingConsent): Promise<boolean> {
  const entry = (await readEntries(db, { brand: waiting.brand })).find((one) => isAbout(one, waiting));
  if (!entry) return true;
  const wording = (await readWordings(db, entry.id)).find(({ version }) => version === waiting.version);
  return !wording?.withdrawn_at;
}

function isAbout(entry: { brand: string | null; purpose: string; topic: string | null }, waiting: WaitingConsent) {
  return sameScope({ ...entry, purpose: waiting.purpose }, waiting) && entry.purpose === waiting.purpose;
}
