import { dayInWords } from '../../base/date-words.ts';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { showPage } from './page-visit.ts';

/** They asked to be erased and are back: keep the account, or leave it so? */
export const keepPage: FlowPage = {
  step: 'keep',
  async show(at, again) {
    const { leaving } = at.state;
    if (!leaving) return goTo(at, 'login?stay');
    const reader = { language: at.visit.language, zone: leaving.zone };
    return showPage(at, 'keep', { date: dayInWords(reader, new Date(leaving.eraseAt)) }, again);
  },
  acts: {
    async keep(at) {
      return advance(at, { by: 'kept' });
    },
    async leave(at) {
      return goTo(at, 'left', { leaving: undefined, held: undefined });
    },
  },
};

/** They left it so. */
export const leftPage: FlowPage = {
  step: 'left',
  show: async (at) => showPage(at, 'left', { back: at.visit.brand.website }),
  acts: {},
};
