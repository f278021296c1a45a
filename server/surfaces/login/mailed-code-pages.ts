import type { FastifyReply } from 'fastify';
import { Problem } from '../../base/errors.ts';
import {
  beginCodeSignIn,
  beginPhoneCode,
  beginSignUp,
  type MailedCode,
  sendAccountProof,
  sendSignUpAgain,
} from '../../features/accounts/accounts.ts';
import { consentsAtSignUp } from '../../features/consents/consents.ts';
import { advance, goTo } from './advance.ts';
import { answersIn, boxesOf, checkAnswers } from './consent-form.ts';
import type { FlowPage } from './flow-page.ts';
import type { EarlyConsents, Mailed } from './flow-state.ts';
import { emailField, passwordField, textField } from './form.ts';
import { networkButtons } from './network-buttons.ts';
import { type PageVisit, showPage } from './page-visit.ts';
import { offerOf, offersPasskeys, passwordConnectionOf, requireSignUp } from './portal-connections.ts';
import { askedBy } from './visit.ts';

/** Sign-up: nothing is made before the mailed code was typed. */
export const signUpPage: FlowPage = {
  step: 'signup',
  async show(at, again) {
    const offer = await offerOf(at.base, at.visit.portal);
    requireSignUp(await passwordConnectionOf(at.base, at.visit.portal));
    const { login_hint = '' } = at.flow.params;
    const username = again?.form.username ?? login_hint;
    const boxes = boxesOf(await consentsAtSignUp(at.base.db, at.visit.brand.id), at.visit, again?.form);
    const ways = { networks: await networkButtons(at), can_passkey: offersPasskeys(at.base, offer) };
    return showPage(at, 'signup', { username, boxes, ...ways }, again);
  },
  acts: {
    async signup(at, form) {
      const store = await passwordConnectionOf(at.base, at.visit.portal);
      requireSignUp(store);
      const offer = await offerOf(at.base, at.visit.portal);
      const withPasskey = form.with === 'passkey' && offersPasskeys(at.base, offer);
      const [email, password] = [emailField(form), withPasskey ? undefined : passwordField(form)];
      const answers = answersIn(form);
      checkAnswers(await consentsAtSignUp(at.base.db, at.visit.brand.id), answers);
      const asked = askedBy(at.visit);
      const mailed = await beginSignUp(at.base, {
        connection: store.name,
        email,
        password,
        flow: at.flow.id,
        asked,
      });
      const consents = { answers, ip: at.visit.ip, at: at.visit.at.toISOString() };
      return typeCode(at, { ...mailed, purpose: 'sign_up' }, answers.length > 0 ? consents : undefined);
    },
  },
};

/** Sign-in by a mailed code: any address gets one. */
export const codePage: FlowPage = {
  step: 'code',
  async show(at, again) {
    const { login_hint = '' } = at.flow.params;
    return showPage(at, 'code', { username: again?.form.username ?? login_hint }, again);
  },
  acts: {
    async code(at, form) {
      const asked = askedBy(at.visit);
      const mailed = await beginCodeSignIn(at.base, { email: emailField(form), flow: at.flow.id, asked });
      return typeCode(at, { ...mailed, purpose: 'sign_in' });
    },
  },
};

/** Typing a code, whatever it was mailed for. */
export const verifyPage: FlowPage = {
  step: 'verify',
  async show(at, again) {
    const { mailed } = at.state;
    if (!mailed) return goTo(at, 'login?stay');
    const sentAgain = new URL(at.request.url, 'http://here').searchParams.has('again');
    const back = { sign_up: 'signup', sign_in: 'code', text: 'text', account: 'conflict', conflict: 'conflict' }[
      mailed.purpose
    ];
    const notice = sentAgain && !again ? at.say('verify.sent_again') : undefined;
    const byText = mailed.purpose === 'text';
    const title = byText ? at.say('text.sent_title') : at.say('verify.title');
    return showPage(at, 'verify', { title, address: mailed.address, by_text: byText, back, notice }, again);
  },
  acts: {
    async verify(at, form) {
      return advance(at, { by: 'mailed_code', typed: textField(form, 'code', 100) });
    },
    async 'verify-again'(at) {
      const { mailed } = at.state;
      if (!mailed) throw new Problem('flow_expired');
      return goTo(at, 'verify?again', { mailed: { ...mailed, ...(await sendAgain(at, mailed)) } });
    },
  },
};

/** A code is on its way; what typing it right will prove is kept in the flow. */
export function typeCode(at: PageVisit, mailed: Mailed, consents?: EarlyConsents): Promise<FastifyReply> {
  const keepsConflict = mailed.purpose === 'account' || mailed.purpose === 'conflict';
  const anew = { conflict: undefined, choice: undefined, wayDue: undefined, consents };
  return goTo(at, 'verify', { mailed, ...(keepsConflict ? {} : anew) });
}

function sendAgain(at: PageVisit, { code, address, purpose, customer, about }: Mailed): Promise<MailedCode> {
  const { base } = at;
  const [flow, asked] = [at.flow.id, askedBy(at.visit)];
  if (purpose === 'sign_up') return sendSignUpAgain(base, { code, flow, asked });
  if (purpose === 'text') return beginPhoneCode(base, { phone: address, place: { flow }, asked });
  if (purpose !== 'account') return beginCodeSignIn(base, { email: address, flow, asked });
  if (customer === undefined || about === undefined) throw new Problem('flow_expired');
  return sendAccountProof(base, { customer, address, about, flow, asked });
}
