import type { FastifyReply } from 'fastify';
import { qrImage } from '../../base/credentials/qr-image.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import {
  beginAddress,
  beginTotp,
  confirmAddress,
  confirmTotp,
  maskedAddress,
  openTotp,
  type PhoneChannel,
} from '../../features/accounts/accounts.ts';
import { advance, goTo } from './advance.ts';
import { provenInFlow, sealNewFactor } from './enrolment.ts';
import { isWanted } from './factor.ts';
import type { FlowPage } from './flow-page.ts';
import { badField, textField } from './form.ts';
import { type PageVisit, showPage } from './page-visit.ts';
import { hasPasskey, secondPasskeyActs } from './passkey-acts.ts';
import { challengeable, enrollable, waitingFlow } from './second-ways.ts';
import { askedBy } from './visit.ts';
import { type Waiting, waitingOf } from './waiting.ts';

const askKeys = { sms: 'enrol.sms_do', voice: 'enrol.voice_do' } as const;

/** Choosing a second factor, where one is asked for and none is there. */
export const enrolPage: FlowPage = {
  step: 'enrol',
  async show(at, again) {
    const waiting = await enrollingOf(at);
    // Who has got one meanwhile is asked for that.
    if (!waiting) return goTo(at, (await waitingOf(at)) ? 'factor' : 'login?stay');
    if (provenInFlow(at.base, at.visit)) return goTo(at, 'recovery-codes');
    const { customer, wanted } = waiting;
    const mails = (await addressesOf(at, waiting)).map((address, number) => {
      return { value: String(number), to: maskedAddress(address) };
    });
    const phone = (await channelsOf(at, waiting)).map((value) => ({ value, key: askKeys[value] }));
    const passkeys = !wanted?.kinds && (await hasPasskey(at, customer?.id));
    const app = isWanted(wanted, 'totp');
    return showPage(at, 'enrol', { app, mails, phone, passkeys, number: again?.form.phone }, again);
  },
  acts: {
    async enrol(at) {
      const { customer, wanted } = await requireEnrolling(at);
      if (!isWanted(wanted, 'totp')) throw new Problem('not_found');
      const label = customer?.email ?? customer?.name ?? customer?.username ?? at.say('enrol.label');
      const flow = waitingFlow(at.visit);
      const { draft } = beginTotp(at.base, { flow, issuer: at.visit.brand.name, label });
      return goTo(at, 'enrol-app', { enrolment: { totp: draft } });
    },
    async 'enrol-mail'(at, form) {
      const waiting = await requireEnrolling(at);
      const address = (await addressesOf(at, waiting))[Number(form.address)];
      if (!address) throw new Problem('not_found');
      return send(at, waiting.nonce, { kind: 'email', email: address });
    },
    async 'enrol-phone'(at, form) {
      const waiting = await requireEnrolling(at);
      const channel = (await channelsOf(at, waiting)).find((one) => one === form.channel);
      if (!channel) throw new Problem('not_found');
      return send(at, waiting.nonce, { kind: 'phone', phone: textField(form, 'phone', 40), channel });
    },
    ...secondPasskeyActs('enrol-passkey'),
  },
};

/** An authenticator app: it scans, and shows its first code. */
export const enrolAppPage: FlowPage = {
  step: 'enrol-app',
  async show(at, again) {
    const draft = at.state.enrolment?.totp;
    if (!(await enrollingOf(at)) || draft === undefined) return goTo(at, 'enrol');
    const { secret, uri } = openTotp(at.base, { flow: waitingFlow(at.visit), draft });
    const spaced = secret.replace(/(.{4})(?=.)/g, '$1 ');
    return showPage(at, 'enrol-app', { qr: qrImage(uri), secret: spaced, uri }, again);
  },
  acts: {
    async 'enrol-app'(at, form) {
      await requireEnrolling(at);
      if (provenInFlow(at.base, at.visit)) return goTo(at, 'recovery-codes');
      const draft = at.state.enrolment?.totp;
      if (draft === undefined) throw new Problem('flow_expired');
      const proven = confirmTotp(at.base, {
        flow: waitingFlow(at.visit),
        draft,
        typed: textField(form, 'code', 100),
      });
      return goTo(at, 'recovery-codes', { enrolment: { proven: sealNewFactor(at.base, at.visit, proven, 'otp') } });
    },
  },
};

/** A code that was sent to the phone or address that is being added. */
export const enrolCodePage: FlowPage = {
  step: 'enrol-code',
  async show(at, again) {
    const waiting = await enrollingOf(at);
    const { sent } = at.state;
    if (!waiting || !sent || sent.factor !== undefined || sent.waiting !== waiting.nonce) return goTo(at, 'enrol');
    return showPage(at, 'enrol-code', { to: sent.to }, again);
  },
  acts: {
    async 'enrol-code'(at, form) {
      const { nonce } = await requireEnrolling(at);
      if (provenInFlow(at.base, at.visit)) return goTo(at, 'recovery-codes');
      const { sent } = at.state;
      if (!sent || sent.factor !== undefined || sent.waiting !== nonce) throw new Problem('code_expired');
      const proven = await confirmAddress(at.base, {
        code: sent.code,
        typed: textField(form, 'code', 100),
        flow: waitingFlow(at.visit),
        asked: askedBy(at.visit),
      });
      const how = sent.way === 'email' ? 'otp' : sent.way === 'sms' ? 'sms' : 'tel';
      const enrolment = { proven: sealNewFactor(at.base, at.visit, proven, how) };
      return goTo(at, 'recovery-codes', { enrolment, sent: undefined });
    },
  },
};

/** Ten codes for the day when the phone is gone: shown until they were kept, which is when the factor is written. */
export const recoveryCodesPage: FlowPage = {
  step: 'recovery-codes',
  async show(at, again) {
    const made = (await enrollingOf(at)) && provenInFlow(at.base, at.visit);
    if (!made) return goTo(at, 'enrol');
    return showPage(at, 'recovery-codes', { codes: made.codes }, again);
  },
  acts: {
    async 'recovery-codes'(at, form) {
      const waiting = await requireEnrolling(at);
      if (!provenInFlow(at.base, at.visit)) throw new Problem('flow_expired');
      if (form.kept !== 'yes') throw badField('kept', 'problem.codes_not_kept');
      return advance(at, waiting.door({ by: 'enrolled' }));
    },
  },
};

/** Addresses that may be added, if a mailbox does. */
async function addressesOf({ base }: PageVisit, { customer, amr, wanted }: Waiting): Promise<string[]> {
  return customer && isWanted(wanted, 'email') ? enrollable(base, customer.id, amr) : [];
}

/** The ways to a phone, if a phone does. */
async function channelsOf({ base }: PageVisit, { wanted }: Waiting): Promise<readonly PhoneChannel[]> {
  return isWanted(wanted, 'phone') ? textChannels(base) : [];
}

async function send(at: PageVisit, nonce: string, to: Parameters<typeof beginAddress>[1]['to']): Promise<FastifyReply> {
  const flow = waitingFlow(at.visit);
  const { code, to: masked } = await beginAddress(at.base, { to, flow, asked: askedBy(at.visit) });
  const way = to.kind === 'email' ? 'email' : to.channel;
  return goTo(at, 'enrol-code', { sent: { code, waiting: nonce, to: masked, way } });
}

/** Somebody who must add a factor: nobody who has one that they could be asked for, or of whom code wants one that is there. */
async function enrollingOf(at: PageVisit): Promise<Waiting | undefined> {
  const waiting = await waitingOf(at);
  if (waiting?.wanted?.kinds && !waiting.wanted.adds) return undefined;
  if (!waiting?.customer) return waiting;
  const has = (await challengeable(at.base, waiting.customer.id, waiting.amr)).length > 0;
  return has ? undefined : waiting;
}

async function requireEnrolling(at: PageVisit): Promise<Waiting> {
  const waiting = await enrollingOf(at);
  if (!waiting) throw new Problem('flow_expired');
  return waiting;
}
