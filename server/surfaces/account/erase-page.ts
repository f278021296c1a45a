import type { FastifyInstance } from 'fastify';
import { inSeconds } from '../../base/clock.ts';
import { askErasure, readErasureDays } from '../../features/accounts/accounts.ts';
import { askedBy } from '../login/login.ts';
import { endSessions, forgetSession } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountParts, lookOfStranger } from './account-visit.ts';
import { pages } from './texts.ts';
import { dayIn } from './words.ts';

/** What erasing means, and the button that asks for it. */
export const erasePage: AccountPage = {
  path: '/erase',
  under: '/data',
  fresh: true,
  async show(at, again) {
    const days = await readErasureDays(at.base.db);
    return showAccount(at, 'erase', { days, date: dayIn(at, inSeconds(days * 86_400)) }, again);
  },
  acts: {
    async erase(at) {
      const { customer, subject } = at.owner;
      await askErasure(at.base, { customer: customer.id, subject, asked: askedBy(at.visit), endSessions });
      forgetSession(at.base, at.reply);
      return goToAccount(at, '/erasing');
    },
  },
};

/** They are signed out by now: what will happen, said to somebody who is nobody. */
export function serveErasing(app: FastifyInstance, { base }: AccountParts): void {
  app.get('/account/erasing', async (request, reply) => {
    const { dress, language, say } = await lookOfStranger(base, request);
    const model = { title: say('erasing.title'), lead: say('erasing.lead'), quiet: true };
    return pages.send(reply, 'message', model, { dress, language });
  });
}
