import type { FastifyReply } from 'fastify';
import { Problem } from '../../base/errors.ts';
import {
  type Factor,
  factorsOf,
  type PhoneChannel,
  sendFactorCode,
  type TypedFactor,
} from '../../features/accounts/accounts.ts';
import { advance, goTo } from './advance.ts';
import { isWanted } from './factor.ts';
import type { FlowPage } from './flow-page.ts';
import { type Form, textField } from './form.ts';
import { type Again, type PageVisit, showPage } from './page-visit.ts';
import { hasPasskey, secondPasskeyActs } from './passkey-acts.ts';
import { challengeable, sendingsTo, waitingFlow } from './second-ways.ts';
import { askedBy } from './visit.ts';
import { type Waiting, waitingOf } from './waiting.ts';

const sendKeys = { email: 'factor.send_mail', sms: 'factor.send_sms', voice: 'factor.send_voice' } as const;

/** A way to prove the second factor, as it stands in an address and in a button. */
type Way = 'app' | 'code' | 'recovery';

/**
 * The second factor. Each way is a form of its own and is checked by its own proof; "another way" only shows another
 * form. A code is sent when its button is pressed, never by looking.
 */
export const factorPage: FlowPage = {
  step: 'factor',
  async show(at, again) {
    const waiting = await waitingOf(at);
    if (!waiting?.customer) return goTo(at, 'login?stay');
    const { customer, wanted } = waiting;
    const usable = await challengeable(at.base, customer.id, waiting.amr, wanted?.kinds);
    if (usable.length === 0) return goTo(at, 'enrol');
    const sent =
      at.state.sent?.factor !== undefined && at.state.sent.waiting === waiting.nonce ? at.state.sent : undefined;
    const way = wayOf(at, again, usable, sent !== undefined);
    // A passkey begins the sign-in anew, and would end here again.
    const passkeys = !wanted?.kinds && (await hasPasskey(at, customer.id));
    const others = await choices(at, waiting, customer.id, usable, way);
    return showPage(at, 'factor', { way, sent, passkeys, ...others }, again);
  },
  acts: {
    factor: (at, form) => check(at, form, { by: 'totp', typed: textField(form, 'code', 100) }),
    'factor-recovery': (at, form) => check(at, form, { by: 'recovery_code', typed: textField(form, 'code', 100) }),
    async 'factor-code'(at, form) {
      const waiting = await requireWaiting(at);
      const { sent } = at.state;
      if (!sent?.factor || sent.waiting !== waiting.nonce) throw new Problem('code_expired');
      return check(at, form, { by: 'code', code: sent.code, typed: textField(form, 'code', 100) });
    },
    async 'factor-send'(at, form) {
      const waiting = await requireWaiting(at);
      if (!waiting.customer) throw new Problem('flow_expired');
      const [channel, id] = (form.to ?? '').split(' ');
      const usable = await challengeable(at.base, waiting.customer.id, waiting.amr, waiting.wanted?.kinds);
      const factor = usable.find((one) => one.id === id);
      if (factor?.kind !== 'phone' && factor?.kind !== 'email') throw new Problem('not_found');
      return sendCodeTo(at, waiting, waiting.customer.id, factor, channel === 'voice' ? 'voice' : 'sms');
    },
    ...secondPasskeyActs('factor-passkey'),
  },
};

async function check(at: PageVisit, form: Form, typed: TypedFactor): Promise<FastifyReply> {
  const waiting = await requireWaiting(at);
  return advance(at, waiting.door({ ...typed, remember: form.remember === 'yes' }));
}

async function sendCodeTo(
  at: PageVisit,
  { nonce }: Waiting,
  customer: string,
  factor: Factor,
  channel: PhoneChannel,
): Promise<FastifyReply> {
  const flow = waitingFlow(at.visit);
  const asked = askedBy(at.visit);
  const { code, to } = await sendFactorCode(at.base, { customer, factor: factor.id, channel, flow, asked });
  const way = factor.kind === 'email' ? 'email' : channel;
  return goTo(at, 'factor?way=code', { sent: { code, waiting: nonce, to, way, factor: factor.id } });
}

async function requireWaiting(at: PageVisit): Promise<Waiting> {
  const waiting = await waitingOf(at);
  if (!waiting) throw new Problem('flow_expired');
  return waiting;
}

/** The form that was sent, or the one that is asked for, or the best. */
function wayOf(at: PageVisit, again: Again | undefined, usable: readonly Factor[], isSent: boolean): Way | undefined {
  const url = new URL(at.request.url, 'http://here');
  const hasApp = usable.some(({ kind }) => kind === 'totp');
  if (again && url.pathname.endsWith('/factor-recovery')) return 'recovery';
  if (again && /factor-(code|send)$/.test(url.pathname)) return isSent ? 'code' : undefined;
  const asked = url.searchParams.get('way');
  if (asked === 'recovery') return 'recovery';
  if (asked === 'code' && isSent) return 'code';
  if (asked === 'other') return undefined;
  if (usable.every(({ kind }) => kind === 'recovery_codes')) return 'recovery';
  return hasApp ? 'app' : undefined;
}

/** What can be chosen beside the way that is shown. */
async function choices(
  { base }: PageVisit,
  { wanted }: Waiting,
  customer: string,
  usable: readonly Factor[],
  way: Way | undefined,
) {
  const all = await factorsOf(base.db, customer);
  const sends = (await sendingsTo(base, usable)).map(({ by, factor, to }) => ({
    value: `${by} ${factor}`,
    key: sendKeys[by],
    to,
  }));
  return {
    sends,
    has_app: way !== 'app' && usable.some(({ kind }) => kind === 'totp'),
    has_recovery:
      way !== 'recovery' &&
      isWanted(wanted, 'recovery_codes') &&
      all.some((one) => one.kind === 'recovery_codes' && one.left > 0),
  };
}
