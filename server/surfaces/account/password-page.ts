import type { Db } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import {
  addPassword,
  changePassword,
  passwordToAdd,
  removePassword,
  waysIn,
} from '../../features/accounts/accounts.ts';
import { askedBy, type Form, passwordField } from '../login/login.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { storeOf } from './email-pages.ts';

/** A new password for who knows the present one; a first one for who has none; none for who comes in by other ways. */
export const passwordPage: AccountPage = {
  path: '/password',
  under: '/ways',
  fresh: true,
  strong: true,
  async show(at, again) {
    if (await passwordOf(at)) return showAccount(at, 'password', { address: at.owner.customer.email }, again);
    const address = await addressForPassword(at);
    if (address === undefined) return goToAccount(at, '/ways');
    return showAccount(at, 'password', { address, is_first: true }, again);
  },
  acts: {
    async password(at, form) {
      const password = await passwordOf(at);
      // The form that was shown says which of the two it is: a present password is never done without.
      if (form.first === 'yes') return setFirst(at, form);
      if (!password) throw new Problem('not_found', undefined, { text: 'problem.no_password' });
      const [current, next] = [passwordField(form, 'current'), passwordField(form)];
      const change = { subject: password.subject, current, next, asked: askedBy(at.visit), endSessions: at.endOthers };
      await changePassword(at.base, change).catch((error: unknown) => {
        throw besideField(error);
      });
      return goToAccount(at, '/ways', { done: 'password' });
    },
    async 'password-remove'(at) {
      const password = await passwordOf(at);
      if (!password) throw new Problem('not_found', undefined, { text: 'problem.no_password' });
      const act = { customer: at.owner.customer.id, method: password.id, asked: askedBy(at.visit) };
      await removePassword(at.base, act);
      return goToAccount(at, '/ways', { done: 'password_removed' });
    },
  },
};

/** The address with which a first password could be used here; undefined when there is none, or a password already. */
export async function addressForPassword(at: AccountVisit): Promise<string | undefined> {
  const { customer } = at.owner;
  try {
    const address = await passwordToAdd(at.base.db, customer.id);
    const hasPlace = (await storeOf(at)) !== undefined || address !== customer.email;
    return hasPlace ? address : undefined;
  } catch (error) {
    if (isProblem(error, 'already_exists')) return undefined;
    throw error;
  }
}

async function setFirst(at: AccountVisit, form: Form) {
  const { customer } = at.owner;
  const connection = await storeOf(at);
  const isSignedIn = (tx: Db) => isSessionAlive(tx, at.session.uid);
  const act = {
    customer: customer.id,
    connection,
    password: passwordField(form),
    asked: askedBy(at.visit),
    isSignedIn,
  };
  await addPassword(at.base, act).catch((error: unknown) => {
    // Another window has set one: the form for that is shown.
    throw isProblem(error, 'already_exists', 'value_changed')
      ? new Problem('value_changed', undefined, { text: 'problem.password_there' })
      : error;
  });
  return goToAccount(at, '/ways', { done: 'password_added' });
}

async function passwordOf({ base, owner }: AccountVisit) {
  return (await waysIn(base.db, owner.customer.id)).find((way) => way.kind === 'password');
}

/** A wrong present password is said beside its field. */
function besideField(error: unknown): unknown {
  const isWrong = error instanceof Problem && error.code === 'wrong_credentials';
  return isWrong ? new Problem(error.code, undefined, { field: 'current', text: 'problem.current_wrong' }) : error;
}
