import { usedPasskey } from '../../../contract/passkeys.ts';
import { now } from '../../base/clock.ts';
import { hasPasskeys } from '../../base/credentials/passkey.ts';
import { Problem } from '../../base/errors.ts';
import {
  beginStaffUse,
  checkFactor,
  checkStaffPasskey,
  findStep,
  passFactor,
  passPasskey,
  readWays,
  type Step,
} from '../../features/staff/staff.ts';
import { credentialField, textField } from '../login/login.ts';
import { enter, goTo, showPage, type Visit, type VisitPage } from './visit-page.ts';

/** The second factor of whoever is half in: a code of their app, a passkey, or a recovery code. */
export const factorPage: VisitPage = {
  path: 'factor',
  async show(at, again) {
    const step = await findStep(at.base.db, at.cookie, 'factor', now());
    if (!step) return goTo(at.reply, '/staff/sign-in');
    const kinds = (await readWays(at.base.db, step.staff.id)).map(({ kind }) => kind);
    const asked = again?.form.by ?? at.query.by;
    const model = {
      by: asked === 'recovery_code' || !kinds.includes('totp') ? (asked ?? '') : 'totp',
      has_app: kinds.includes('totp'),
      has_recovery: kinds.includes('recovery_codes'),
      passkeys: kinds.includes('passkey') && hasPasskeys(at.base.config),
      passkey_action: 'factor-passkey',
      email: step.staff.email,
    };
    return showPage(at, 'factor', model, again);
  },
  acts: {
    async factor(at, form) {
      const { staff } = await halfIn(at);
      const by = form.by === 'recovery_code' ? 'recovery_code' : 'totp';
      await checkFactor(at.base, { staff: staff.id, by, typed: textField(form, 'code', 100), ip: at.from.ip });
      const passed = await passFactor(at.base, { visit: at.cookie, from: at.from });
      return enter(at, { kind: 'in', ...passed });
    },
    async 'factor-passkey-options'(at) {
      const { staff } = await halfIn(at);
      const options = await beginStaffUse(at.base, { cookie: at.cookie, staff: staff.id });
      return at.reply.header('cache-control', 'no-store').send(options);
    },
    async 'factor-passkey'(at, form) {
      const { staff } = await halfIn(at);
      const used = credentialField(form, usedPasskey);
      const right = await checkStaffPasskey(at.base, { cookie: at.cookie, staff: staff.id, used, ip: at.from.ip });
      const passed = await passPasskey(at.base, { right, visit: at.cookie, from: at.from, returnTo: '' });
      return enter(at, { kind: 'in', ...passed });
    },
  },
};

async function halfIn({ base, cookie }: Visit): Promise<Step> {
  const step = await findStep(base.db, cookie, 'factor', now());
  if (!step) throw new Problem('flow_expired');
  return step;
}
