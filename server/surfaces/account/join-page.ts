import type { FastifyReply } from 'fastify';
import { type UsedPasskey, usedPasskey } from '../../../contract/passkeys.ts';
import { Problem } from '../../base/errors.ts';
import type { TypedFactor } from '../../features/accounts/accounts.ts';
import {
  beginJoiningPasskey,
  credentialField,
  type Form,
  joinOther,
  lookAtJoining,
  type OtherFactors,
  readForm,
  sendJoiningCode,
  textField,
} from '../login/login.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { openParts, sealParts } from './sealed-parts.ts';

const sendKeys = { email: 'factor.send_mail', sms: 'factor.send_sms', voice: 'factor.send_voice' } as const;

/** How the other account's second factor is typed, as it stands in a form and in an address. */
type Way = 'app' | 'code' | 'recovery';

/** What was sent as its second proof. */
type Proof = { readonly typed: TypedFactor } | { readonly used: UsedPasskey };

/** What goes along: which account, and the code that was sent to it. */
type Along = { readonly handle: string; readonly code?: string | undefined; readonly to?: string | undefined };

/**
 * The network opens another account already: shall the two become one? Where that account has a second factor, it is
 * asked for here: as at a sign-in, a code is sent when its button is pressed, and a passkey of that account does.
 */
export const joinPage: AccountPage = {
  path: '/join',
  under: '/ways',
  fresh: true,
  async show(at, again) {
    const query = readForm(at.request.query);
    const joining = again?.form.joining ?? query.joining ?? '';
    const along = readAlong(at, joining);
    if (!along) return goToAccount(at, '/ways');
    const { name: network, factors } = await lookAtJoining(at.base, at.visit, at.owner, along.handle);
    const asked = factors && askFor(factors, along, again ? again.form.way : query.way);
    return showAccount(at, 'join', { joining, network, asked }, again);
  },
  acts: {
    async join(at, form) {
      const along = requireAlong(at, form);
      const typed = readTyped(along, form);
      return join(at, along, typed && { typed });
    },
    async 'join-passkey-options'(at, form) {
      const { handle } = requireAlong(at, form);
      const options = await beginJoiningPasskey(at.base, at.owner, { handle, flow: formsOf(at.session).id });
      return at.reply.header('cache-control', 'no-store').send(options);
    },
    async 'join-passkey'(at, form) {
      return join(at, requireAlong(at, form), { used: credentialField(form, usedPasskey) });
    },
    async 'join-send'(at, form) {
      const { handle } = requireAlong(at, form);
      const [by, factor = ''] = (form.to ?? '').split(' ');
      if (by !== 'email' && by !== 'sms' && by !== 'voice') throw new Problem('not_found');
      const ask = { handle, by, factor, flow: formsOf(at.session).id } as const;
      const { code, to } = await sendJoiningCode(at.base, at.visit, at.owner, ask);
      return goToAccount(at, '/join', {}, { joining: sealParts(at, 'join', [handle, code, to]), way: 'code' });
    },
  },
};

async function join(at: AccountVisit, { handle }: Along, proof: Proof | undefined): Promise<FastifyReply> {
  const second = proof && { ...proof, flow: formsOf(at.session).id };
  const { name } = await joinOther(at.base, at.visit, at.owner, { handle, second, endSessions: at.endOthers });
  return goToAccount(at, '/ways', { done: 'merged', what: name });
}

function readAlong(at: AccountVisit, joining: string): Along | undefined {
  const [handle, code, to] = openParts(at, 'join', joining);
  return handle === undefined ? undefined : { handle, code, to };
}

function requireAlong(at: AccountVisit, form: Form): Along {
  const along = readAlong(at, form.joining ?? '');
  if (!along) throw new Problem('flow_expired');
  return along;
}

function readTyped({ code }: Along, form: Form): TypedFactor | undefined {
  const { way } = form;
  if (way !== 'app' && way !== 'recovery' && way !== 'code') return undefined;
  const typed = textField(form, 'code', 100);
  if (way === 'app') return { by: 'totp', typed };
  if (way === 'recovery') return { by: 'recovery_code', typed };
  if (code === undefined) throw new Problem('code_expired');
  return { by: 'code', code, typed };
}

/** The form for one way, and what can be chosen beside it. */
function askFor({ app, recovery, passkey, sendings }: OtherFactors, { code, to }: Along, wish: string | undefined) {
  const way = wayOf(wish, app, code !== undefined);
  return {
    way,
    to,
    sends: sendings.map(({ by, factor, to: address }) => ({
      value: `${by} ${factor}`,
      key: sendKeys[by],
      to: address,
    })),
    app: app && way !== 'app',
    recovery: recovery && way !== 'recovery',
    passkey,
  };
}

function wayOf(wish: string | undefined, hasApp: boolean, isSent: boolean): Way | undefined {
  if (wish === 'recovery') return 'recovery';
  if (wish === 'code' && isSent) return 'code';
  return hasApp ? 'app' : undefined;
}
