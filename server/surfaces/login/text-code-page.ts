import { beginPhoneCode } from '../../features/accounts/accounts.ts';
import type { FlowPage } from './flow-page.ts';
import { textField } from './form.ts';
import { typeCode } from './mailed-code-pages.ts';
import { showPage } from './page-visit.ts';
import { textConnectionOf } from './portal-connections.ts';
import { askedBy } from './visit.ts';

/** Sign-in by a code in a text message, where the portal offers it: any number gets one, good in this flow alone. */
export const textCodePage: FlowPage = {
  step: 'text',
  async show(at, again) {
    await textConnectionOf(at.base, at.visit.portal);
    return showPage(at, 'text', { number: again?.form.phone ?? '' }, again);
  },
  acts: {
    async text(at, form) {
      await textConnectionOf(at.base, at.visit.portal);
      const ask = { phone: textField(form, 'phone', 40), place: { flow: at.flow.id }, asked: askedBy(at.visit) };
      return typeCode(at, { ...(await beginPhoneCode(at.base, ask)), purpose: 'text' });
    },
  },
};
