import { z } from 'zod';
import { consentPurpose, consentTopic, wordingVersion } from '../../../contract/consents.ts';
import { type Db, transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { languages } from '../../base/languages.ts';
import { countMail } from '../../features/accounts/accounts.ts';
import { cachedBrand } from '../../features/brands/brands.ts';
import { allow, listEntries, withdraw } from '../../features/consents/consents.ts';
import { identitiesOf, learn } from '../../features/customers/customers.ts';
import { type Form, postConfirmation, readForm } from '../login/login.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { historyOf, preferencesIn } from './preferences.ts';

/** What one has allowed at each brand: given and taken back with one click each, and what was said before. */
export const preferencesPage: AccountPage = {
  path: '/preferences',
  entry: { name: 'preferences.title', hint: 'preferences.hint' },
  fresh: false,
  easy: true,
  async show(at, again) {
    const asksAll = 'all' in readForm(at.request.query);
    const [sections, history] = await Promise.all([preferencesIn(at), historyOf(at, asksAll)]);
    return showAccount(at, 'preferences', { sections, ...history }, again);
  },
  acts: {
    async 'preferences-allow'(at, form) {
      const { consent, version, language, brand } = readWish(form);
      const named = await cachedBrand(at.base, brand);
      if (!named) throw new Problem('consent_changed');
      const { customer, subject } = at.owner;
      const entry = (await listEntries(at.base.db)).find(({ id }) => id === consent);
      if (entry?.double_opt_in && customer.email) await countMail(at.base, customer.email, at.visit.ip);
      const telling = { ...tellingOf(at), customer: customer.id, subject, post: postConfirmation(at.base, at.visit) };
      const state = await allow(at.base, telling, { consent, version, language, brand: named });
      return goToAccount(at, '/preferences', { done: state === 'pending' ? 'consent_to_confirm' : 'consent_given' });
    },
    async 'preferences-withdraw'(at, form) {
      const scope = readScope(form);
      await transact(at.base.db, async (tx) => {
        await withdraw({ ...at.base, db: tx }, { ...tellingOf(at), customer: at.owner.customer.id }, scope);
        if (scope.purpose === 'enrichment') await forgetWhatWasRead(tx, at, scope.topic);
      });
      return goToAccount(at, '/preferences', { done: 'consent_withdrawn' });
    },
  },
};

function tellingOf({ owner, visit }: AccountVisit) {
  const { ip, at, portal } = visit;
  return { subject: owner.subject, source: 'account', portal: portal.client_id, ip, at } as const;
}

/** What a network was read for, by the consent that was just taken back, goes with it. */
async function forgetWhatWasRead(tx: Db, { owner, visit }: AccountVisit, connection: string | null): Promise<void> {
  if (!('likes' in owner.customer.attributes)) return;
  for (const identity of await identitiesOf(tx, owner.customer.id)) {
    if (connection !== null && identity.connection !== connection) continue;
    const { connection: origin, subject } = identity;
    await learn(tx, subject, [{ path: 'likes', value: [], source: 'network', origin, at: visit.at }]);
  }
}

const wish = z.object({
  consent: z.uuid(),
  version: wordingVersion,
  language: z.literal(languages),
  brand: z.uuid(),
});

/** Throws Problem `consent_changed` for what our own form never sends. */
function readWish(form: Form): z.infer<typeof wish> {
  const read = wish.safeParse(form);
  if (!read.success) throw new Problem('consent_changed');
  return read.data;
}

const scope = z.object({
  brand: z.union([z.uuid(), z.literal('').transform(() => null)]),
  purpose: consentPurpose,
  topic: z.union([z.literal('').transform(() => null), consentTopic]),
});

function readScope(form: Form): z.infer<typeof scope> {
  const read = scope.safeParse(form);
  if (!read.success) throw new Problem('consent_changed');
  return read.data;
}
