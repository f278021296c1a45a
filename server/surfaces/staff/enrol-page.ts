import { madePasskey } from '../../../contract/passkeys.ts';
import { now } from '../../base/clock.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import { confirmTotp } from '../../base/credentials/totp-draft.ts';
import { Problem } from '../../base/errors.ts';
import {
  addStaffPasskey,
  addTotp,
  beginStaffPasskey,
  findStep,
  firstRecoveryCodes,
  passEnrolment,
  readStaffPasskey,
  type Step,
} from '../../features/staff/staff.ts';
import { credentialField, textField } from '../login/login.ts';
import { appForm, unnamedApp } from './app-form.ts';
import { beIn, goTo, showPage, type Visit, type VisitPage } from './visit-page.ts';

/** Whoever has no second factor adds one before anything else: an app, or a passkey. */
export const enrolPage: VisitPage = {
  path: 'enrol',
  async show(at, again) {
    const step = await findStep(at.base.db, at.cookie, 'enrolment', now());
    if (!step) return goTo(at.reply, '/staff/sign-in');
    const { staff } = step;
    const passkeys = hasPasskeys(at.base.config);
    const options = passkeys ? await beginStaffPasskey(at.base, { staff, cookie: at.cookie }) : undefined;
    const model = {
      ...appForm(at.base, { flow: flowOf(at), email: staff.email, draft: again?.form.draft }),
      passkeys,
      options: options && JSON.stringify(options),
    };
    return showPage(at, 'enrol', model, again);
  },
  acts: {
    async enrol(at, form) {
      await halfIn(at);
      const typed = textField(form, 'code', 100);
      const proven = confirmTotp(at.base, { flow: flowOf(at), draft: form.draft ?? '', typed });
      const passed = await passEnrolment(at.base, {
        visit: at.cookie,
        amr: ['otp', 'mfa'],
        from: at.from,
        add: (tx, staff) => addTotp(at.base, tx, { staff, proven, name: unnamedApp }),
      });
      return welcome(at, passed);
    },
    async 'enrol-passkey'(at, form) {
      const { staff } = await halfIn(at);
      const made = credentialField(form, madePasskey);
      const passkey = await readStaffPasskey(at.base, { staff: staff.id, cookie: at.cookie, made });
      const passed = await passEnrolment(at.base, {
        visit: at.cookie,
        amr: [passkey.isSynced ? 'swk' : 'hwk', 'user', 'mfa'],
        from: at.from,
        async add(tx, id) {
          await addStaffPasskey(at.base, tx, { staff: id, passkey, name: undefined });
          return firstRecoveryCodes(tx, id);
        },
      });
      return welcome(at, passed);
    },
  },
};

/** In, with the recovery codes, which are shown this once. */
async function welcome(at: Visit, passed: { session: string; returnTo: string; added: readonly string[] }) {
  await beIn(at, passed.session);
  if (passed.added.length === 0) return goTo(at.reply, passed.returnTo);
  return showPage(at, 'recovery-codes', { codes: passed.added, return_to: passed.returnTo });
}

/** What the app that is being added is bound to. */
function flowOf({ cookie }: Visit): string {
  return `staff visit ${cookie}`;
}

async function halfIn({ base, cookie }: Visit): Promise<Step> {
  const step = await findStep(base.db, cookie, 'enrolment', now());
  if (!step) throw new Problem('flow_expired');
  return step;
}
