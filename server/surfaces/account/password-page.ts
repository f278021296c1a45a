import { Problem } from '../../base/errors.ts';
import { changePassword, waysIn } from '../../features/accounts/accounts.ts';
import { askedBy, passwordField } from '../login/login.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';

/** A new password, for who knows the present one. */
export const passwordPage: AccountPage = {
  path: '/password',
  under: '/ways',
  fresh: true,
  async show(at, again) {
    if (!(await passwordOf(at))) return goToAccount(at, '/ways');
    return showAccount(at, 'password', { address: at.owner.customer.email }, again);
  },
  acts: {
    async password(at, form) {
      const password = await passwordOf(at);
      if (!password) throw new Problem('not_found', undefined, { text: 'problem.no_password' });
      const [current, next] = [passwordField(form, 'current'), passwordField(form)];
      const change = { subject: password.subject, current, next, asked: askedBy(at.visit), endSessions: at.endOthers };
      await changePassword(at.base, change).catch((error: unknown) => {
        throw besideField(error);
      });
      return goToAccount(at, '/ways', { done: 'password' });
    },
  },
};

async function passwordOf({ base, owner }: AccountVisit): Promise<{ subject: string } | undefined> {
  return (await waysIn(base.db, owner.customer.id)).find(({ kind }) => kind === 'password');
}

/** A wrong present password is said beside its field. */
function besideField(error: unknown): unknown {
  const isWrong = error instanceof Problem && error.code === 'wrong_credentials';
  return isWrong ? new Problem(error.code, undefined, { field: 'current', text: 'problem.current_wrong' }) : error;
}
