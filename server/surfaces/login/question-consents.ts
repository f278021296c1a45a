import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { countMail } from '../../features/accounts/accounts.ts';
import {
  type Answer,
  allow,
  cachedEntries,
  currentConsents,
  type EntryInForce,
  textOf,
  withdraw,
} from '../../features/consents/consents.ts';
import type { Customer } from '../../features/customers/customers.ts';
import { type Asking, openEntries } from '../../features/questions/questions.ts';
import { postConfirmation } from './answering.ts';
import type { Coming } from './visit.ts';

/** The consents that fields ask for, by the key of the field. */
export type Consents = ReadonlyMap<string, readonly EntryInForce[]>;

/** The consents that the fields ask for and to which nothing was said yet, by the key of the field. */
export async function consentsOf(
  base: Base,
  brand: string,
  { fields, customer }: { readonly fields: Asking['fields']; readonly customer: Customer },
): Promise<Consents> {
  const asking = fields.flatMap((field) => ('path' in field ? [] : [field]));
  if (asking.length === 0) return new Map();
  const [entries, said] = await Promise.all([cachedEntries(base, brand), currentConsents(base.db, customer.id)]);
  return new Map(asking.map((field) => [field.key, openEntries(field, entries, said)]));
}

/**
 * Writes what was said yes and no to as consents.
 *
 * @returns the keys of the fields that were answered
 * @throws Problem `consent_changed`
 */
export async function writeConsents(
  base: Base,
  coming: Coming,
  said: {
    readonly customer: Customer;
    readonly subject: string;
    readonly consents: Consents;
    readonly answers: readonly Answer[];
  },
): Promise<string[]> {
  const { brand, portal, ip, at } = coming;
  const { customer, subject, consents, answers } = said;
  const telling = { customer: customer.id, subject, source: 'question', portal: portal.client_id, ip, at } as const;
  const answered = new Set<string>();
  for (const { consent, version, language, given } of answers) {
    const [key, entries = []] = [...consents].find(([, all]) => all.some(({ id }) => id === consent)) ?? [];
    const entry = entries.find(({ id }) => id === consent);
    if (key === undefined || !entry || entry.version !== version) throw new Problem('consent_changed');
    if (given) {
      if (entry.double_opt_in && customer.email) await countMail(base, customer.email, ip);
      const post = postConfirmation(base, coming);
      await allow(base, { ...telling, post }, { consent, version, language, brand });
    } else {
      const words = textOf(entry.texts[language] ?? { label: '' });
      const wording = words.replaceAll('{brand}', brand.name);
      const scope = { brand: entry.brand, purpose: entry.purpose, topic: entry.topic };
      await withdraw(base, telling, scope, { version, wording, language });
    }
    answered.add(key);
  }
  return [...answered];
}
