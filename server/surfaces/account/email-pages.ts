import { Problem } from '../../base/errors.ts';
import { beginEmailChange, completeEmailChange } from '../../features/accounts/accounts.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { askedBy, emailField, readForm, textField } from '../login/login.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { openParts, sealParts } from './sealed-parts.ts';

/** Another address to sign in with: nothing changes before the code that is mailed to it was typed. */
export const emailPage: AccountPage = {
  path: '/email',
  under: '/ways',
  fresh: true,
  async show(at, again) {
    if (!(await storeIdentity(at))) return goToAccount(at, '/ways');
    return showAccount(at, 'email', { username: again?.form.username, email: at.owner.customer.email }, again);
  },
  acts: {
    async email(at, form) {
      const subject = await storeIdentity(at);
      if (!subject) throw new Problem('not_found', undefined, { text: 'problem.no_password' });
      const change = { subject, email: emailField(form), flow: formsOf(at.session).id, asked: askedBy(at.visit) };
      const { code, address } = await beginEmailChange(at.base, change);
      return goToAccount(at, '/verify', {}, { mailed: sealParts(at, 'email', [code, address]) });
    },
  },
};

/** Typing the code that was mailed to the new address. */
export const verifyPage: AccountPage = {
  path: '/verify',
  under: '/ways',
  fresh: true,
  async show(at, again) {
    const mailed = again?.form.mailed ?? readForm(at.request.query).mailed ?? '';
    const [, address] = openParts(at, 'email', mailed);
    return address === undefined ? goToAccount(at, '/email') : showAccount(at, 'verify', { address, mailed }, again);
  },
  acts: {
    async verify(at, form) {
      const [code] = openParts(at, 'email', form.mailed ?? '');
      if (code === undefined) throw new Problem('flow_expired');
      const typed = textField(form, 'code', 100);
      const flow = formsOf(at.session).id;
      await completeEmailChange(at.base, { code, typed, flow, asked: askedBy(at.visit), endSessions: at.endOthers });
      return goToAccount(at, '/ways', { done: 'email' });
    },
  },
};

/** The identity of this customer that signs in with an address of its own. */
async function storeIdentity({ base, owner }: AccountVisit): Promise<string | undefined> {
  return (await identitiesOf(base.db, owner.customer.id)).find(({ provider }) => provider === 'auth0')?.subject;
}
