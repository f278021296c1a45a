import { startReset } from '../../features/accounts/accounts.ts';
import { goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { identifierField } from './form.ts';
import { showPage } from './page-visit.ts';
import { offerOf, passwordConnectionOf } from './portal-connections.ts';
import { askedBy } from './visit.ts';

/** A forgotten password: whoever asks is told the same. */
export const forgotPage: FlowPage = {
  step: 'forgot',
  async show(at, again) {
    const { login_hint = '' } = at.flow.params;
    const { store } = await offerOf(at.base, at.visit.portal);
    const names = store?.options.requires_username === true;
    return showPage(at, 'forgot', { username: again?.form.username ?? login_hint, names }, again);
  },
  acts: {
    async forgot(at, form) {
      const { name: connection } = await passwordConnectionOf(at.base, at.visit.portal);
      const identifier = identifierField(form);
      await startReset(at.base, { connection, identifier, asked: askedBy(at.visit) });
      return goTo(at, 'forgot-sent', { asked: identifier });
    },
  },
};

/** After that: where to look. */
export const forgotSentPage: FlowPage = {
  step: 'forgot-sent',
  show: async (at) => (at.state.asked ? showPage(at, 'forgot-sent', { address: at.state.asked }) : goTo(at, 'forgot')),
  acts: {},
};
