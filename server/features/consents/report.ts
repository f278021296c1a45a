import type { ConsentReport } from '../../../contract/consents.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Brand } from '../brands/brands.ts';
import { findById, lockCustomers, subjectsOf } from '../customers/customers.ts';
import { type Entry, listEntries } from './catalogue.ts';
import { holdEntries } from './catalogue-store.ts';
import { allowed, decisive, type Scope, sameScope } from './consent.ts';
import { isUnderAge } from './due.ts';
import { circumstancesOf, readSaid } from './said.ts';
import { type PostConfirmation, say } from './say.ts';
import { listWordings } from './wordings.ts';
import { textOf, wordsIn } from './words.ts';

/** Clocks of machines may be ahead of ours by this much. */
const aheadMs = 60_000;

/**
 * Writes down what a machine was told (at a till, by an import): marked so, with the machine's client id. A yes to what
 * needs a double opt-in is mailed, unless it is said to be `confirmed`. What holds already is written once.
 *
 * @param told `brand`: the one it is about, or whose name stands in words of the umbrella; `subject`: as which of the
 *   customer's subjects
 * @throws Problem `invalid_body` (words that the catalogue does not have, in the future, no address to mail to);
 *   `conflict` when the customer is too young
 */
export function reportConsent(
  base: Pick<Base, 'config' | 'db' | 'vault'>,
  told: {
    customer: string;
    subject: string;
    client: string;
    brand: Pick<Brand, 'id' | 'name'>;
    post: PostConfirmation;
  },
  report: Omit<ConsentReport, 'brand'> & Pick<Scope, 'brand'>,
): Promise<void> {
  const at = report.at === undefined ? now() : new Date(report.at);
  if (at.getTime() > now().getTime() + aheadMs) throw wrong('at', 'This is in the future');
  return transact(base.db, async (tx) => {
    const [id = told.customer] = await lockCustomers(tx, [told.customer]);
    await holdEntries(tx);
    const { brand, purpose, topic, given, place, ip } = report;
    const scope = { brand, purpose, topic };
    const entry = (await listEntries(tx, { brand })).find((one) => sameScope(one, scope));
    const words = await wordsOf(tx, entry, report, told.brand.name);
    const [customer, { rows }] = [await findById(tx, id), await readSaid(tx, id, now())];
    if (given && entry && customer && isUnderAge(entry, circumstancesOf(customer, at).age)) {
      throw new Problem('conflict', 'By the birthday in the profile this customer is too young to allow it.');
    }
    const holds = given ? allowed(rows, scope, words.version) : decisive(rows, scope)?.given === false;
    const isRepeated = rows.some((row) => sameScope(row, scope) && row.given === given && +row.at === +at);
    if (holds || isRepeated) return;
    const needsMail = given && entry?.double_opt_in === true && !report.confirmed;
    if (needsMail && !customer?.email) throw wrong('confirmed', 'There is no address to mail a link to');
    const { label, ...kept } = words;
    const confirmBy =
      needsMail && customer?.email ? { address: customer.email, label, brand: told.brand.name } : undefined;
    const telling = { subject: told.subject, source: 'api', place, client: told.client, ip, at } as const;
    await say(base, tx, telling, [{ ...scope, given, ...kept, confirmBy }], {
      subjects: await subjectsOf(tx, id),
      post: told.post,
    });
  });
}

/** What was shown: as the machine says, or as the catalogue has it. */
async function wordsOf(
  tx: Db,
  entry: (Entry & { version: string | null }) | undefined,
  { version: named, wording, language }: Pick<ConsentReport, 'version' | 'wording' | 'language'>,
  brandName: string,
): Promise<{ version: string; wording: string; language: string; label: string }> {
  const version = named ?? entry?.version ?? undefined;
  if (version === undefined) throw wrong('version', 'The catalogue has none in force: name one');
  if (wording !== undefined) return { version, wording, language, label: wording };
  const found = entry && (await listWordings(tx, entry.id)).find((one) => one.version === version);
  if (!found?.published_at) throw wrong('wording', 'The catalogue has no such version: say what was shown');
  const words = wordsIn(found.texts, [language], brandName);
  if (words.language !== language) throw wrong('language', 'This version is not written in this language');
  return { version, wording: textOf(words), language, label: words.label };
}

function wrong(property: string, what: string): Problem {
  return new Problem('invalid_body', `Payload validation error: '${what}' on property ${property}.`);
}
