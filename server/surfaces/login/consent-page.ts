import type { FastifyReply } from 'fastify';
import { Problem } from '../../base/errors.ts';
import { countMail, timelineNames } from '../../features/accounts/accounts.ts';
import { type Answer, answerDue, type EntryInForce } from '../../features/consents/consents.ts';
import { appendTimeline, type Customer, findByUserId } from '../../features/customers/customers.ts';
import { finishFlow } from '../oidc/oidc.ts';
import { goOn, goTo, leave } from './advance.ts';
import { postConfirmation } from './answering.ts';
import { comesFirst, whatIsDue } from './ask.ts';
import { answersIn, boxesOf, checkAnswers } from './consent-form.ts';
import type { FlowPage } from './flow-page.ts';
import type { Done } from './flow-state.ts';
import { type PageVisit, showPage } from './page-visit.ts';
import { isStillIn } from './question-kept.ts';
import { catchUp } from './rules/catch-up.ts';

/**
 * What a customer is asked to allow once they are signed in. A no to something optional goes on; whoever does not agree
 * to what is required goes back to the portal without tokens, and to their account page whenever they like.
 */
export const consentPage: FlowPage = {
  step: 'consent',
  afterwards: true,
  async show(at, again) {
    const signedIn = await signedInOf(at);
    if (!signedIn) return goTo(at, 'login?stay');
    const { due, barred } = await whatIsDue(at.base, at.visit, signedIn.customer, { fresh: true });
    if (barred) return showPage(at, 'consent-barred', {});
    if (due.length === 0) return leave(at, signedIn.done);
    const boxes = boxesOf(due, at.visit, again?.form);
    return showPage(at, 'consent', { boxes, has_required: due.some(({ required }) => required) }, again);
  },
  acts: {
    async consent(at, form) {
      const { done, customer } = await demandSignedIn(at);
      const { due, barred } = await whatIsDue(at.base, at.visit, customer, { fresh: true });
      if (barred) throw new Problem('access_denied');
      const answers = answersIn(form);
      // Nothing is due any more when another tab has answered.
      if (due.length > 0) checkAnswers(due, answers);
      if (customer.email && due.some((entry) => willMail(entry, answers))) {
        await countMail(at.base, customer.email, at.visit.ip);
      }
      const { visit } = at;
      await answerDue(
        at.base,
        {
          customer: customer.id,
          subject: done.subject,
          brand: visit.brand,
          isNewcomer: await comesFirst(at.base, visit, customer),
          source: 'sign_in',
          portal: visit.portal.client_id,
          ip: visit.ip,
          at: visit.at,
          post: postConfirmation(at.base, visit),
        },
        answers,
      );
      await catchUp(
        at.base,
        visit,
        done,
        due.filter((entry) => isGiven(entry, answers)),
      );
      // One thing is asked at a sign-in: a question waits for the next one.
      return leave(at, done);
    },
    async 'consent-leave'(at) {
      const { done, customer } = await demandSignedIn(at);
      const { due, barred } = await whatIsDue(at.base, at.visit, customer, { fresh: true });
      if (!barred && !due.some(({ required }) => required)) return goOn(at, done);
      return goWithout(at, done);
    },
  },
};

async function signedInOf({ base, state }: PageVisit): Promise<{ done: Done; customer: Customer } | undefined> {
  const { done } = state;
  const customer = done && (await findByUserId(base.db, done.customer));
  return customer && { done, customer };
}

async function demandSignedIn(at: PageVisit): Promise<{ done: Done; customer: Customer }> {
  const signedIn = await signedInOf(at);
  if (!signedIn || !isStillIn(signedIn.customer, signedIn.done.era)) throw new Problem('flow_expired');
  if (signedIn.customer.blocked) throw new Problem('user_blocked');
  return signedIn;
}

function willMail(entry: EntryInForce, answers: readonly Answer[]): boolean {
  return entry.double_opt_in && isGiven(entry, answers);
}

function isGiven({ id }: EntryInForce, answers: readonly Answer[]): boolean {
  return answers.some(({ consent, given }) => given && consent === id);
}

/** Back to the portal without tokens: nothing of the account changes. */
async function goWithout({ base, reply, flow, visit }: PageVisit, { subject }: Done): Promise<FastifyReply> {
  const { brand, portal, at, ip, userAgent } = visit;
  const name = 'consent_refused';
  const row = { class: timelineNames[name].class, subject, brand: brand.id, portal: portal.client_id, source: 'login' };
  await appendTimeline(base.db, [{ ...row, name, occurredAt: at, ip, userAgent }]);
  return finishFlow(base, reply, flow, {
    error: 'access_denied',
    error_description: 'The customer did not agree to what this brand requires.',
  });
}
