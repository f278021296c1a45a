import { dayInWords } from '../../base/date-words.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import { beginCodeSignIn, sendAccountProof } from '../../features/accounts/accounts.ts';
import { buttonOf, connectionByName } from '../../features/connections/connections.ts';
import { findById } from '../../features/customers/customers.ts';
import { advance, goTo } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import type { Conflict, Mailed } from './flow-state.ts';
import { passwordField, textField } from './form.ts';
import { typeCode } from './mailed-code-pages.ts';
import { networkButtons } from './network-buttons.ts';
import { travel } from './network-page.ts';
import { problemOnReturn } from './network-return.ts';
import type { Newcomer } from './newcomer.ts';
import { type PageVisit, showPage } from './page-visit.ts';
import { conflictPasskeyActs } from './passkey-acts.ts';
import { networkOf, offerOf, offersPasskeys } from './portal-connections.ts';
import { conflictOf } from './prove-conflict.ts';
import { askedBy } from './visit.ts';

/** There is an account that the newcomer may belong to: prove it, or stay apart. Which ways it has is not told. */
export const conflictPage: FlowPage = {
  step: 'conflict',
  async show(at, again) {
    if (!at.state.conflict) return goTo(at, 'login?stay');
    const { conflict, newcomer } = conflictOf(at.base, at.visit);
    const offer = await offerOf(at.base, at.visit.portal);
    const own = newcomer.kind === 'network' ? newcomer.told.connection : undefined;
    const byMail = newcomer.kind !== 'network';
    const model = {
      address: conflict.address,
      network: own && (await labelOf(at, own)),
      // A code to this address has been typed before, and was not enough.
      code: !byMail,
      password: !byMail && offer.store !== undefined,
      passkeys: offersPasskeys(at.base, offer),
      networks: (await networkButtons(at)).filter(({ connection }) => connection !== own),
      ...(again ? {} : { problem: await problemOnReturn(at) }),
    };
    return showPage(at, 'conflict', model, again);
  },
  acts: {
    async 'conflict-password'(at, form) {
      return advance(at, { by: 'password_of_conflict', password: passwordField(form) });
    },
    async 'conflict-network'(at, form) {
      const network = await networkOf(at.base, at.visit.portal, textField(form, 'connection', 128));
      return travel(at, network, { purpose: 'conflict' });
    },
    async 'conflict-code'(at) {
      const { conflict, newcomer } = conflictOf(at.base, at.visit);
      if (newcomer.kind !== 'network') throw new Problem('access_denied');
      return typeCode(at, await mailCode(at, conflict, newcomer));
    },
    ...conflictPasskeyActs,
    async 'conflict-apart'(at) {
      return advance(at, { by: 'apart' });
    },
  },
};

/** Several profiles share the address that was proven: which one is it? */
export const choosePage: FlowPage = {
  step: 'choose',
  async show(at, again) {
    const { choice } = at.state;
    if (!choice) return goTo(at, 'login?stay');
    const owners = await Promise.all(choice.owners.map(({ customer }) => findById(at.base.db, customer)));
    const profiles = owners.flatMap((customer, number) => {
      if (!customer) return [];
      const { name, created_at, last_login, attributes } = customer;
      const day = (date: Date) => dayInWords({ language: at.visit.language, zone: attributes.zoneinfo }, date);
      return [{ number, name, since: day(created_at), last: last_login && day(last_login) }];
    });
    return showPage(at, 'choose', { address: choice.address, profiles, apart: choice.apart }, again);
  },
  acts: {
    async choose(at, form) {
      const chosen = textField(form, 'profile', 10);
      if (chosen === 'apart' && at.state.choice?.apart) return advance(at, { by: 'apart' });
      if (!/^\d{1,2}$/.test(chosen)) throw new Problem('access_denied');
      return advance(at, { by: 'profile', number: Number(chosen) });
    },
  },
};

type NetworkNewcomer = Extract<Newcomer, { kind: 'network' }>;

/**
 * One account: a code that proves just it, bound to the identity that is to be joined. Several that share the address:
 * a code that proves the address, after which one is chosen.
 */
async function mailCode(at: PageVisit, conflict: Conflict, newcomer: NetworkNewcomer): Promise<Mailed> {
  const { base } = at;
  const { address, nonce } = conflict;
  const [flow, asked] = [at.flow.id, askedBy(at.visit)];
  const [customer, another] = conflict.candidates;
  if (customer === undefined || another !== undefined) {
    return { ...(await beginCodeSignIn(base, { email: address, flow, asked })), purpose: 'conflict' };
  }
  const { connection, answer } = newcomer.told;
  const about = JSON.stringify([connection, answer.userId, nonce]);
  try {
    const mailed = await sendAccountProof(base, { customer, address, about, flow, asked });
    return { ...mailed, purpose: 'account', customer, about };
  } catch (error) {
    // The account has the address only by what a network claimed: a mail there proves nothing about the account.
    if (isProblem(error, 'not_found')) throw new Problem('access_denied', undefined, { text: 'conflict.not_by_mail' });
    throw error;
  }
}

async function labelOf({ base }: PageVisit, name: string): Promise<string> {
  const connection = await connectionByName(base, name);
  return connection ? buttonOf(connection).label : name;
}
