import { Problem } from '../../base/errors.ts';
import { findById } from '../../features/customers/customers.ts';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { type PageVisit, showPage } from './page-visit.ts';

/** Signed in at one brand, for the first time at another: one click. */
export const continuePage: FlowPage = {
  step: 'continue',
  async show(at, again) {
    const customer = await customerOf(at);
    if (!customer) return goTo(at, 'login?stay');
    const name = customer.name ?? customer.email ?? at.say('continue.unnamed');
    return showPage(at, 'continue', { name }, again);
  },
  acts: {
    async continue(at) {
      const customer = await customerOf(at);
      const { session } = at.flow;
      if (!customer || !session) throw new Problem('flow_expired');
      return advance(at, { by: 'session', customer, uid: session.uid, welcome: true });
    },
  },
};

async function customerOf({ base, flow }: PageVisit) {
  if (flow.prompt.name !== 'journey' || !flow.session) return undefined;
  const customer = await findById(base.db, flow.session.customerId);
  return customer?.user_id === flow.session.userId ? customer : undefined;
}
