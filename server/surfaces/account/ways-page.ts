import { Problem } from '../../base/errors.ts';
import { checkNotLastWayIn, keepFactors, tellOfLink, waysIn } from '../../features/accounts/accounts.ts';
import { buttonOf, connectionByName, isStore, isText } from '../../features/connections/connections.ts';
import { type Identity, identitiesOf, lastSignInsOf, proofsOf, unlink } from '../../features/customers/customers.ts';
import { askedBy, beginLink, offerOf, textField } from '../login/login.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import type { AccountVisit } from './account-visit.ts';
import { canChangeEmail } from './email-pages.ts';
import { addressForPassword } from './password-page.ts';
import { canChangePhone } from './phone-pages.ts';
import { whileSignedIn } from './while-signed-in.ts';
import { dayIn } from './words.ts';

/** By which ways one comes in: all of them, adding and removing one. */
export const waysPage: AccountPage = {
  path: '/ways',
  entry: { name: 'ways.title', hint: 'ways.hint' },
  fresh: false,
  async show(at, again) {
    const { customer } = at.owner;
    const identities = await identitiesOf(at.base.db, customer.id);
    const ways = await waysIn(at.base.db, customer.id);
    const password = ways.find((way) => way.kind === 'password');
    const used = await lastSignInsOf(at.base.db, customer.id);
    const { networks } = await offerOf(at.base, at.visit.portal);
    const linked = new Set(identities.map(({ connection }) => connection));
    // The account itself, which stands above, is no way of its own beside its password and its address.
    const listed = identities.length > 1 ? identities : identities.filter(({ provider }) => provider !== 'auth0');
    const model = {
      email: customer.email,
      email_verified: customer.email_verified,
      identities: await Promise.all(
        listed.map(async (identity) => {
          const last = used.get(identity.subject);
          return { ...(await toRow(at, identity)), used: last && dayIn(at, last) };
        }),
      ),
      can_unlink: identities.length > 1,
      password: password && { used: password.lastUsedAt && dayIn(at, password.lastUsedAt) },
      can_remove_password: password !== undefined && ways.length > 1,
      can_set_password: !password && (await addressForPassword(at)) !== undefined,
      passkeys: ways.filter(({ kind }) => kind === 'passkey'),
      can_change_email: await canChangeEmail(at),
      phone: customer.phone_number,
      phone_verified: customer.phone_verified,
      can_change_phone: await canChangePhone(at),
      networks: networks
        .filter(({ name }) => !linked.has(name))
        .map((network) => ({ connection: network.name, strategy: network.strategy, label: buttonOf(network).label })),
    };
    return showAccount(at, 'ways', model, again);
  },
  acts: {
    async link(at, form) {
      const { url, label } = await beginLink(at.base, at.visit, at.owner, textField(form, 'connection', 128));
      return showAccount(at, 'travel', { url, network: label });
    },
    async unlink(at, form) {
      const { customer } = at.owner;
      const subject = textField(form, 'identity', 36);
      const identity = (await identitiesOf(at.base.db, customer.id)).find((one) => one.subject === subject);
      if (!identity) throw new Problem('not_found', undefined, { text: 'problem.identity_gone' });
      const { label } = await toRow(at, identity);
      await whileSignedIn(at, async (tx) => {
        await checkNotLastWayIn(tx, customer.id, { subject });
        // Told before it goes, so that the address it proved is told, too.
        const accounts = [customer.email ?? customer.name ?? customer.user_id, label] as const;
        await tellOfLink(at.base, tx, { customer: customer.id, what: 'unlinked', accounts, asked: askedBy(at.visit) });
        const act = { by: 'customer', origin: 'account', at: at.visit.at, endSessions: at.endOthers } as const;
        await keepFactors(tx, customer.id, subject);
        await unlink(tx, customer.id, subject, act);
      });
      return goToAccount(at, '/ways', { done: 'unlinked', what: label });
    },
  },
};

async function toRow(at: AccountVisit, { subject, connection, profile_data }: Identity) {
  const found = await connectionByName(at.base, connection);
  if (found && isStore(found)) return { subject, strategy: 'mail', label: at.say('ways.store') };
  if (found && isText(found)) {
    const proofs = await proofsOf(at.base.db, at.owner.customer.id);
    const phone = proofs.find((proof) => proof.subject === subject && proof.kind === 'phone')?.address;
    return { subject, strategy: 'sms', label: at.say('ways.text'), detail: phone };
  }
  const told = profile_data.email ?? profile_data.name;
  return {
    subject,
    strategy: found?.strategy ?? 'oidc',
    label: found ? buttonOf(found).label : connection,
    detail: typeof told === 'string' ? told : undefined,
  };
}
