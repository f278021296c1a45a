import type { FastifyReply } from 'fastify';
import { qrImage } from '../../base/credentials/qr-image.ts';
import { Problem } from '../../base/errors.ts';
import { textChannels } from '../../base/text-provider.ts';
import {
  addFactor,
  beginAddress,
  beginTotp,
  confirmAddress,
  confirmTotp,
  detailOf,
  type Factor,
  factorsOf,
  maskedAddress,
  nameFactor,
  openTotp,
  type ProvenFactor,
  removeFactor,
  renewRecoveryCodes,
} from '../../features/accounts/accounts.ts';
import { proofsOf } from '../../features/customers/customers.ts';
import { askedBy, textField } from '../login/login.ts';
import { type AccountPage, type Again, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { openParts, sealParts } from './sealed-parts.ts';
import { whileSignedIn } from './while-signed-in.ts';
import { dayIn } from './words.ts';

const sendKeys = { sms: 'factors.sms_do', voice: 'factors.voice_do' } as const;

/**
 * The second step of signing in: apps, phones and addresses that prove it, and the recovery codes. Who has one must
 * have used it within the last ten minutes to change anything here.
 */
export const factorsPage: AccountPage = {
  path: '/factors',
  entry: { name: 'factors.title', hint: 'factors.hint' },
  fresh: false,
  strong: true,
  async show(at, again) {
    const factors = await factorsOf(at.base.db, at.owner.customer.id);
    const recovery = factors.find((one) => one.kind === 'recovery_codes');
    const model = {
      factors: factors.filter(({ kind }) => kind !== 'recovery_codes').map((factor) => toRow(at, factor)),
      codes_left: recovery?.kind === 'recovery_codes' ? String(recovery.left) : undefined,
      mails: (await addressesFor(at, factors)).map((address) => ({ value: address, to: maskedAddress(address) })),
      phone: (await textChannels(at.base)).map((value) => ({ value, key: sendKeys[value] })),
      number: again?.form.phone,
    };
    return showAccount(at, 'factors', model, again);
  },
  acts: {
    async 'factor-name'(at, form) {
      const name = (form.name ?? '').trim().slice(0, 100);
      const factor = textField(form, 'factor', 36);
      const act = {
        customer: at.owner.customer.id,
        factor,
        name: name === '' ? null : textField(form, 'name', 100).trim(),
      };
      await nameFactor(at.base.db, act);
      return goToAccount(at, '/factors', { done: 'factor_named' });
    },
    async 'factor-remove'(at, form) {
      const act = { customer: at.owner.customer.id, factor: textField(form, 'factor', 36), asked: askedBy(at.visit) };
      await whileSignedIn(at, (tx) => removeFactor(at.base, tx, act));
      return goToAccount(at, '/factors', { done: 'factor_removed' });
    },
    async 'factor-codes'(at) {
      const { customer, subject } = at.owner;
      const factors = await factorsOf(at.base.db, customer.id);
      if (factors.length === 0) throw new Problem('not_found');
      const act = { customer: customer.id, subject, asked: askedBy(at.visit) };
      return showCodes(at, await whileSignedIn(at, (tx) => renewRecoveryCodes(at.base, tx, act)));
    },
    async 'factor-app'(at) {
      const { customer } = at.owner;
      const label = customer.email ?? customer.name ?? customer.username ?? customer.user_id;
      return showApp(at, beginTotp(at.base, { flow: flowOf(at), issuer: at.brand.name, label }).draft);
    },
    async 'factor-mail'(at, form) {
      const factors = await factorsOf(at.base.db, at.owner.customer.id);
      const email = (await addressesFor(at, factors)).find((address) => address === form.address);
      if (!email) throw new Problem('not_found');
      return sendCode(at, { kind: 'email', email });
    },
    async 'factor-phone'(at, form) {
      const channel = (await textChannels(at.base)).find((one) => one === form.channel);
      if (!channel) throw new Problem('not_found');
      return sendCode(at, { kind: 'phone', phone: textField(form, 'phone', 40), channel });
    },
  },
};

/** The app that is being set up: it shows its first code. It travels in the form, sealed for this session. */
export const factorAppPage: AccountPage = {
  path: '/factor-app',
  under: '/factors',
  fresh: true,
  strong: true,
  show: async (at, again) => (again?.form.draft ? showApp(at, again.form.draft, again) : goToAccount(at, '/factors')),
  acts: {
    async 'factor-app-confirm'(at, form) {
      const proof = { flow: flowOf(at), draft: form.draft ?? '', typed: textField(form, 'code', 100) };
      return add(at, confirmTotp(at.base, proof));
    },
  },
};

/** The code that was sent to a phone or address that is being added. */
export const factorCodePage: AccountPage = {
  path: '/factor-code',
  under: '/factors',
  fresh: true,
  strong: true,
  async show(at, again) {
    const [code, to] = openParts(at, 'factor', again?.form.sent ?? '');
    if (code === undefined || to === undefined) return goToAccount(at, '/factors');
    return showAccount(at, 'factor-code', { sent: again?.form.sent, to }, again);
  },
  acts: {
    async 'factor-code-confirm'(at, form) {
      const [code] = openParts(at, 'factor', form.sent ?? '');
      if (code === undefined) throw new Problem('flow_expired');
      const typed = { code, typed: textField(form, 'code', 100), flow: flowOf(at), asked: askedBy(at.visit) };
      return add(at, await confirmAddress(at.base, typed));
    },
  },
};

/** Writes a proven factor; with the first one come recovery codes, which are shown. */
async function add(at: AccountVisit, proven: ProvenFactor): Promise<FastifyReply> {
  const { customer, subject } = at.owner;
  const act = { customer: customer.id, subject, asked: askedBy(at.visit) };
  const codes = await whileSignedIn(at, async (tx) => {
    await addFactor(at.base, tx, { ...act, proven });
    const hasCodes = (await factorsOf(tx, customer.id)).some(({ kind }) => kind === 'recovery_codes');
    return hasCodes ? undefined : renewRecoveryCodes(at.base, tx, { ...act, quiet: true });
  });
  return codes ? showCodes(at, codes) : goToAccount(at, '/factors', { done: 'factor_added' });
}

function showCodes(at: AccountVisit, codes: readonly string[]): FastifyReply {
  return showAccount(at, 'factor-codes', { codes });
}

function showApp(at: AccountVisit, draft: string, again?: Again): FastifyReply {
  const { secret, uri } = openTotp(at.base, { flow: flowOf(at), draft });
  const spaced = secret.replace(/(.{4})(?=.)/g, '$1 ');
  return showAccount(at, 'factor-app', { draft, qr: qrImage(uri), secret: spaced, uri }, again);
}

async function sendCode(at: AccountVisit, to: Parameters<typeof beginAddress>[1]['to']): Promise<FastifyReply> {
  const { customer, subject } = at.owner;
  const ask = { to, flow: flowOf(at), customer: customer.id, subject, asked: askedBy(at.visit) };
  const { code, to: masked } = await beginAddress(at.base, ask);
  return showAccount(at, 'factor-code', { sent: sealParts(at, 'factor', [code, masked]), to: masked });
}

/** Proven addresses that are no second factor yet. */
async function addressesFor({ base, owner }: AccountVisit, factors: readonly Factor[]): Promise<string[]> {
  const proofs = (await proofsOf(base.db, owner.customer.id)).filter(({ kind }) => kind === 'email');
  const there = factors.flatMap((factor) => (factor.kind === 'email' ? [factor.address] : []));
  return [...new Set(proofs.map(({ address }) => address))].filter((address) => !there.includes(address));
}

function toRow(at: AccountVisit, factor: Factor) {
  const { say } = at;
  const kinds = {
    totp: 'factors.totp',
    phone: 'factors.phone',
    email: 'factors.email',
    recovery_codes: 'factors.codes',
  };
  const what = detailOf(factor);
  const used = factor.lastUsedAt
    ? say('factors.used', { date: dayIn(at, factor.lastUsedAt) })
    : say('factors.never_used');
  const kind = say(kinds[factor.kind]);
  return {
    id: factor.id,
    name: factor.name ?? '',
    label: factor.name ?? kind,
    detail: [...(factor.name ? [kind] : []), ...(what ? [what] : []), used].join(' · '),
  };
}

function flowOf({ session }: AccountVisit): string {
  return formsOf(session).id;
}
