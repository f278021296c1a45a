import { madePasskey } from '../../../contract/passkeys.ts';
import { beginFirstPasskey } from '../../features/accounts/accounts.ts';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { credentialField, passwordField } from './form.ts';
import { showPage } from './page-visit.ts';
import { choosing } from './prove-first-way.ts';
import { askedBy } from './visit.ts';

/** Signing up without a password: a passkey, a password after all, or neither. */
export const firstWayPage: FlowPage = {
  step: 'first-way',
  async show(at, again) {
    if (!at.state.wayDue) return goTo(at, 'login?stay');
    const { signUp, address } = choosing(at.base, at.visit).newcomer;
    const asked = askedBy(at.visit);
    const options = await beginFirstPasskey(at.base, { signUp, flow: at.flow.id, address, asked });
    return showPage(at, 'first-way', { options: JSON.stringify(options), address }, again);
  },
  acts: {
    async 'first-passkey'(at, form) {
      const made = credentialField(form, madePasskey);
      return advance(at, { by: 'first_way', chosen: { kind: 'passkey', made } });
    },
    async 'first-password'(at, form) {
      return advance(at, { by: 'first_way', chosen: { kind: 'password', password: passwordField(form) } });
    },
    async 'first-none'(at) {
      return advance(at, { by: 'first_way', chosen: { kind: 'none' } });
    },
  },
};
