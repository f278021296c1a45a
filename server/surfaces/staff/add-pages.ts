import { madePasskey, passkeyName } from '../../../contract/passkeys.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import { confirmTotp } from '../../base/credentials/totp-draft.ts';
import { transact } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { addStaffPasskey, addTotp, beginStaffPasskey, readStaffPasskey } from '../../features/staff/staff.ts';
import { badField, credentialField, type Form, textField } from '../login/login.ts';
import { appForm, unnamedApp } from './app-form.ts';
import type { Member, MemberPage } from './member-page.ts';
import { goTo, showPage } from './visit-page.ts';

/** One more authenticator app. */
export const appPage: MemberPage = {
  path: 'app',
  fresh: true,
  async show(at, again) {
    const { email } = at.who.staff;
    const model = {
      ...appForm(at.base, { flow: flowOf(at), email, draft: again?.form.draft }),
      name: again?.form.name,
    };
    return showPage(at, 'app', model, again);
  },
  acts: {
    app: {
      act: 'create',
      summary: 'Add an authenticator app of the own',
      async run(at, form, note) {
        const name = nameField(form) ?? unnamedApp;
        const typed = textField(form, 'code', 100);
        const proven = confirmTotp(at.base, { flow: flowOf(at), draft: form.draft ?? '', typed });
        const codes = await transact(at.base.db, async (tx) => {
          await note(tx);
          return addTotp(at.base, tx, { staff: at.who.staff.id, proven, name });
        });
        if (codes.length > 0) return showPage(at, 'recovery-codes', { codes, return_to: '/staff/security' });
        return goTo(at.reply, '/staff/security?done=added');
      },
    },
  },
};

/** One more passkey: the browser makes it by a script of ours, and hands it over as the form. */
export const passkeyPage: MemberPage = {
  path: 'add-passkey',
  fresh: true,
  async show(at, again) {
    if (!hasPasskeys(at.base.config)) return goTo(at.reply, '/staff/security');
    const options = await beginStaffPasskey(at.base, { staff: at.who.staff, cookie: at.cookie });
    return showPage(at, 'add-passkey', { options: JSON.stringify(options), name: again?.form.name }, again);
  },
  acts: {
    'add-passkey': {
      act: 'create',
      summary: 'Add a passkey of the own',
      async run(at, form, note) {
        if (!hasPasskeys(at.base.config)) throw new Problem('access_denied');
        const name = nameField(form);
        const made = credentialField(form, madePasskey);
        const staff = at.who.staff.id;
        const passkey = await readStaffPasskey(at.base, { staff, cookie: at.cookie, made });
        await transact(at.base.db, async (tx) => {
          await addStaffPasskey(at.base, tx, { staff, passkey, name });
          await note(tx);
        });
        return goTo(at.reply, '/staff/security?done=added');
      },
    },
  },
};

/** What the app that is being added is bound to. */
function flowOf({ cookie }: Member): string {
  return `staff session ${cookie}`;
}

function nameField(form: Form): string | undefined {
  if ((form.name ?? '').trim() === '') return undefined;
  const name = passkeyName.safeParse(form.name);
  if (!name.success) throw badField('name', 'problem.name_long');
  return name.data;
}
