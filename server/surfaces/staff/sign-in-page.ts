import { normaliseEmail } from '../../../contract/email-address.ts';
import { usedPasskey } from '../../../contract/passkeys.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import {
  beginStaffUse,
  checkPassword,
  checkStaffPasskey,
  passPasskey,
  passPassword,
} from '../../features/staff/staff.ts';
import { credentialField, passwordField, textField } from '../login/login.ts';
import { say } from './pages.ts';
import { returnTo } from './return-to.ts';
import { enter, showPage, type VisitPage } from './visit-page.ts';

/** Where staff signs in: address and password, or a passkey, which the browser offers where the address is typed. */
export const signInPage: VisitPage = {
  path: 'sign-in',
  async show(at, again) {
    const { username = '' } = again?.form ?? {};
    const { signed_out, again: isAgain, done } = at.query;
    const notice = signed_out ? 'sign_in.signed_out' : done === 'password' ? 'sign_in.password_set' : undefined;
    const model = {
      username,
      return_to: returnTo(again?.form.return_to ?? at.query.return_to),
      passkeys: hasPasskeys(at.base.config),
      passkey_action: 'passkey',
      notice: notice && say(notice),
      again: isAgain,
    };
    return showPage(at, 'sign-in', model, again);
  },
  acts: {
    async 'sign-in'(at, form) {
      const typed = textField(form, 'username', 320).trim();
      const password = passwordField(form);
      // What cannot be an address is nobody's: it counts and answers like any other that nobody has.
      const email = normaliseEmail(typed) ?? typed.toLowerCase();
      const { staff, way } = await checkPassword(at.base, { email, password, ip: at.from.ip });
      const act = { staff: staff.id, way, from: at.from, returnTo: returnTo(form.return_to) };
      return enter(at, await passPassword(at.base, act));
    },
    async 'passkey-options'(at) {
      return at.reply.header('cache-control', 'no-store').send(await beginStaffUse(at.base, { cookie: at.cookie }));
    },
    async passkey(at, form) {
      const used = credentialField(form, usedPasskey);
      const right = await checkStaffPasskey(at.base, { cookie: at.cookie, used, ip: at.from.ip });
      const act = { right, from: at.from, returnTo: returnTo(form.return_to) };
      return enter(at, { kind: 'in', ...(await passPasskey(at.base, act)) });
    },
  },
};
