import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { beginEmailChange, completeEmailChange, signInAddresses } from '../../features/accounts/accounts.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { askedBy, emailField, offerOf, readForm, textField } from '../login/login.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { openParts, sealParts } from './sealed-parts.ts';

/** Another address to sign in with, or the first: nothing changes before the code that is mailed to it was typed. */
export const emailPage: AccountPage = {
  path: '/email',
  under: '/ways',
  fresh: true,
  strong: true,
  async show(at, again) {
    const place = await placeOf(at);
    if (!place) return goToAccount(at, '/ways');
    return showAccount(at, 'email', { username: again?.form.username, is_first: place.isFirst }, again);
  },
  acts: {
    async email(at, form) {
      const place = await placeOf(at);
      if (!place) throw new Problem('access_denied');
      const { subject } = place;
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
  strong: true,
  async show(at, again) {
    const mailed = again?.form.mailed ?? readForm(at.request.query).mailed ?? '';
    const [, address] = openParts(at, 'email', mailed);
    return address === undefined ? goToAccount(at, '/email') : showAccount(at, 'verify', { address, mailed }, again);
  },
  acts: {
    async verify(at, form) {
      const [code] = openParts(at, 'email', form.mailed ?? '');
      if (code === undefined) throw new Problem('flow_expired');
      await completeEmailChange(at.base, {
        code,
        typed: textField(form, 'code', 100),
        flow: formsOf(at.session).id,
        connection: await storeOf(at),
        asked: askedBy(at.visit),
        endSessions: at.endOthers,
        isSignedIn: (tx: Db) => isSessionAlive(tx, at.session.uid),
      });
      return goToAccount(at, '/ways', { done: 'email' });
    },
  },
};

/** Can an address be changed or added here? Who came by networks alone gets an account, where any are made. */
export async function canChangeEmail(at: AccountVisit): Promise<boolean> {
  return (await placeOf(at)) !== undefined;
}

/** The account whose address it will be, or the identity they came by where an account is made for it. */
async function placeOf(at: AccountVisit): Promise<{ subject: string; isFirst: boolean } | undefined> {
  const { base, owner } = at;
  const [held] = await signInAddresses(base.db, owner.customer.id);
  if (held) return { subject: held.subject, isFirst: false };
  const isFirst = owner.customer.email === null;
  const account = (await identitiesOf(base.db, owner.customer.id)).find(({ provider }) => provider === 'auth0');
  if (account) return { subject: account.subject, isFirst };
  return (await storeOf(at)) === undefined ? undefined : { subject: owner.subject, isFirst };
}

/** The connection in which accounts are made here. */
export async function storeOf({ base, visit }: AccountVisit): Promise<string | undefined> {
  return (await offerOf(base, visit.portal)).store?.name;
}
