import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import { beginPhoneCode, completePhoneChange } from '../../features/accounts/accounts.ts';
import { askedBy, readForm, textField } from '../login/login.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { openParts, sealParts } from './sealed-parts.ts';

/** Another phone number, or the first: it counts when the code that is sent to it was typed. */
export const phonePage: AccountPage = {
  path: '/phone',
  under: '/ways',
  fresh: true,
  strong: true,
  async show(at, again) {
    if (!(await canChangePhone(at))) return goToAccount(at, '/ways');
    return showAccount(at, 'phone', { number: again?.form.phone }, again);
  },
  acts: {
    async phone(at, form) {
      if (!(await canChangePhone(at))) throw new Problem('access_denied');
      const place = { flow: formsOf(at.session).id };
      const ask = { phone: textField(form, 'phone', 40), place, asked: askedBy(at.visit) };
      const { address } = await beginPhoneCode(at.base, ask);
      return goToAccount(at, '/phone-code', {}, { sent: sealParts(at, 'phone', [address]) });
    },
  },
};

/** Typing the code that was sent to the new number. */
export const phoneCodePage: AccountPage = {
  path: '/phone-code',
  under: '/ways',
  fresh: true,
  strong: true,
  async show(at, again) {
    const sent = again?.form.sent ?? readForm(at.request.query).sent ?? '';
    const [phone] = openParts(at, 'phone', sent);
    return phone === undefined ? goToAccount(at, '/phone') : showAccount(at, 'phone-code', { phone, sent }, again);
  },
  acts: {
    async 'phone-code'(at, form) {
      const [phone] = openParts(at, 'phone', form.sent ?? '');
      if (phone === undefined) throw new Problem('flow_expired');
      await completePhoneChange(at.base, {
        customer: at.owner.customer.id,
        phone,
        typed: textField(form, 'code', 100),
        flow: formsOf(at.session).id,
        asked: askedBy(at.visit),
        isSignedIn: (tx: Db) => isSessionAlive(tx, at.session.uid),
      });
      return goToAccount(at, '/ways', { done: 'phone' });
    },
  },
};

/** Can a number be proven here? Where somebody carries text messages. */
export async function canChangePhone({ base }: AccountVisit): Promise<boolean> {
  return (await textChannels(base)).includes('sms');
}
