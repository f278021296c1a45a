import type { Language } from '../../../contract/brands.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import type { Brand } from '../brands/brands.ts';
import { findById, lockCustomers, subjectsOf } from '../customers/customers.ts';
import { type EntryInForce, entriesInForce } from './catalogue.ts';
import { holdEntries } from './catalogue-store.ts';
import { dueOf } from './due.ts';
import { circumstancesOf, readSaid } from './said.ts';
import { type PostConfirmation, type Saying, say, type Telling } from './say.ts';
import { textOf, wordsIn } from './words.ts';

/** What was answered to one entry, and what was shown. */
export type Answer = {
  /** The entry's id. */
  readonly consent: string;
  readonly version: string;
  readonly language: Language;
  readonly given: boolean;
};

/** Who answers, where. */
export type Answering = Telling & {
  readonly customer: string;
  readonly brand: Pick<Brand, 'id' | 'name'>;
  readonly isNewcomer: boolean;
  readonly post: PostConfirmation;
};

type Ground = Pick<Base, 'config' | 'db' | 'vault'>;

/**
 * Writes down the answers to a page that asked what was due: all of it or nothing. Who has answered in another tab
 * meanwhile has answered.
 *
 * @throws Problem `consent_changed` when something else is due than was shown (a version was published or withdrawn
 *   meanwhile); `invalid_body` (extra: field) for a no to what is required
 */
export function answerDue(base: Ground, answering: Answering, answers: readonly Answer[]): Promise<void> {
  return answer(base, answering, (due) => {
    const pairs = due.flatMap((entry) => pairOf(entry, answers));
    if (due.length > 0 && (pairs.length < due.length || answers.length > due.length)) {
      throw new Problem('consent_changed');
    }
    const missing = pairs.find(({ entry, given }) => entry.required && !given);
    if (missing) {
      throw new Problem('invalid_body', 'What is required must be agreed to.', { field: missing.entry.id });
    }
    return pairs;
  });
}

/**
 * Writes down answers that were given before there was a customer (on the sign-up page), as far as they are still what
 * is asked; the rest is asked again. They change nothing that the customer has said before.
 */
export function answerAhead(base: Ground, answering: Answering, answers: readonly Answer[]): Promise<void> {
  return answer(base, answering, (due) =>
    due.flatMap((entry) => pairOf(entry, answers)).filter(({ entry, given }) => given || !entry.required),
  );
}

type Pair = Answer & { readonly entry: EntryInForce };

function answer(
  base: Ground,
  { customer, brand, isNewcomer, post, ...telling }: Answering,
  choose: (due: readonly EntryInForce[]) => readonly Pair[],
): Promise<void> {
  return transact(base.db, async (tx) => {
    // Of two tabs the later one sees what the earlier wrote; and nobody withdraws a version in between.
    const [id = customer] = await lockCustomers(tx, [customer]);
    await holdEntries(tx);
    const person = await findById(tx, id);
    if (!person) throw new Problem('flow_expired');
    const said = await readSaid(tx, id, telling.at);
    const entries = await entriesInForce(tx, brand.id);
    const pairs = choose(dueOf(entries, said, circumstancesOf(person, telling.at, isNewcomer)));
    const sayings = pairs.map((pair) => sayingOf(pair, brand.name, person.email));
    await say(base, tx, telling, sayings, { subjects: await subjectsOf(tx, id), post });
  });
}

function pairOf(entry: EntryInForce, answers: readonly Answer[]): Pair[] {
  const found = answers.find(({ consent, version }) => consent === entry.id && version === entry.version);
  return found ? [{ ...found, entry }] : [];
}

/** An answer with the words it was given to. */
export function sayingOf(
  { entry, language, given }: Omit<Pair, 'consent' | 'version'>,
  brandName: string,
  email: string | null,
): Saying {
  const { brand, purpose, topic, version, texts } = entry;
  const words = wordsIn(texts, [language], brandName);
  const said = { brand, purpose, topic, given, version, wording: textOf(words), language: words.language };
  const needsMail = given && entry.double_opt_in && email !== null;
  return needsMail ? { ...said, confirmBy: { address: email, label: words.label, brand: brandName } } : said;
}
