import { normaliseEmail } from '../../../contract/email-address.ts';
import { checkPassword, letIn } from '../../features/staff/staff.ts';
import { passwordField, textField } from '../login/login.ts';
import { newVisitCookie, setSessionCookie } from './cookies.ts';
import { returnTo } from './return-to.ts';
import { goTo, showPage, type VisitPage } from './visit-page.ts';

/** Where staff signs in: address and password. */
export const signInPage: VisitPage = {
  path: 'sign-in',
  async show(at, again) {
    const { username = '' } = again?.form ?? {};
    const return_to = returnTo(again?.form.return_to ?? at.query.return_to);
    return showPage(at, 'sign-in', { username, return_to }, again);
  },
  acts: {
    async 'sign-in'(at, form) {
      const { base, reply, from } = at;
      const typed = textField(form, 'username', 320).trim();
      const password = passwordField(form);
      // What cannot be an address is nobody's: it counts and answers like any other that nobody has.
      const email = normaliseEmail(typed) ?? typed.toLowerCase();
      const { staff, way } = await checkPassword(base, { email, password, ip: from.ip });
      const token = await letIn(base, { staff: staff.id, way, amr: ['pwd'], from });
      setSessionCookie(base, reply, token);
      newVisitCookie(base, reply);
      return goTo(reply, returnTo(form.return_to));
    },
  },
};
