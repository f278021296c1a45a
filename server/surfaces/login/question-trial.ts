import type { Base } from '../../base/base.ts';
import { languages } from '../../base/languages.ts';
import type { Brand } from '../../features/brands/brands.ts';
import { dueConsents } from '../../features/consents/consents.ts';
import type { Customer, SignInContext } from '../../features/customers/customers.ts';
import { getPortal } from '../../features/portals/portals.ts';
import {
  type Chosen,
  chooseQuestion,
  type LiveQuestion,
  pauseDays,
  type Verdict,
} from '../../features/questions/questions.ts';
import { consentsOf } from './question-consents.ts';
import { isAccountPages } from './question-due.ts';
import { setsOf } from './question-guest.ts';
import { previewQuestion } from './question-preview.ts';

/** What a customer would be asked. */
export type Trial = {
  /** The number that the sign-in would have. */
  readonly number: number;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Ids of questions whose conditions cannot be evaluated. */
  readonly broken: ReadonlySet<string>;
  readonly chosen: Chosen<LiveQuestion> | undefined;
  /** What comes instead of any question, if anything does. */
  readonly instead: 'blocked' | 'consent' | 'account_pages' | undefined;
  /** The page that they would see, as HTML. */
  readonly html: string | undefined;
};

/**
 * What this customer would be asked if they came again now as they came last, and why not the others. Nothing is
 * written, and nobody is asked.
 *
 * @param questions in their order; each as it would be asked
 */
export async function tryQuestions(
  base: Base,
  who: {
    readonly customer: Customer;
    readonly signIn: SignInContext;
    readonly brand: Brand;
    readonly place: 'page' | 'embedded';
    readonly at: Date;
  },
  questions: readonly LiveQuestion[],
): Promise<Trial> {
  const { customer, signIn, brand, place, at } = who;
  const broken = new Set<string>();
  const number = customer.logins_count + 1;
  const guest = { customer, signIn, number, brand: brand.id, place, at, ...setsOf(base, customer.id) };
  const note = ({ id }: LiveQuestion) => void broken.add(id);
  const { chosen, verdicts } = await chooseQuestion(base, questions, guest, await pauseDays(base), note, {
    explains: true,
  });
  const [instead, html] = await Promise.all([
    insteadOfAll(base, who),
    chosen?.arm === 'asked' ? pageOf(base, who, chosen) : undefined,
  ]);
  return { number, verdicts, broken, chosen, instead, html };
}

async function insteadOfAll(
  base: Base,
  { customer, signIn, brand }: { readonly customer: Customer; readonly signIn: SignInContext; readonly brand: Brand },
): Promise<Trial['instead']> {
  if (customer.blocked) return 'blocked';
  const portal = signIn.portal === null ? undefined : await getPortal(base.db, signIn.portal);
  if (portal && isAccountPages({ portal })) return 'account_pages';
  const { due, barred } = await dueConsents(base, customer, { brand: brand.id, isNewcomer: async () => false });
  return barred || due.length > 0 ? 'consent' : undefined;
}

async function pageOf(
  base: Base,
  { customer, signIn, brand }: { readonly customer: Customer; readonly signIn: SignInContext; readonly brand: Brand },
  { variant, fields }: Chosen<LiveQuestion>,
): Promise<string> {
  const consents = await consentsOf(base, brand.id, { fields, customer });
  const language = languages.find((one) => one === signIn.language) ?? brand.default_language;
  return previewQuestion(base, { variant, brand, language, to: { customer, fields, consents } });
}
