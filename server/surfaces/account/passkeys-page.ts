import { madePasskey, passkeyName } from '../../../contract/passkeys.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import {
  addPasskey,
  beginPasskey,
  removePasskey,
  renamePasskey,
  type WayIn,
  waysIn,
} from '../../features/accounts/accounts.ts';
import { askedBy, badField, credentialField, type Form, offerOf, offersPasskeys, textField } from '../login/login.ts';
import { isSessionAlive } from '../oidc/oidc.ts';
import { type AccountPage, goToAccount, showAccount } from './account-page.ts';
import { type AccountVisit, formsOf } from './account-visit.ts';
import { dayIn } from './words.ts';

/** The passkeys of this customer: named, and removed. Who has a second factor proves that, too. */
export const passkeysPage: AccountPage = {
  path: '/passkeys',
  under: '/ways',
  fresh: false,
  strong: true,
  async show(at, again) {
    const ways = await waysIn(at.base.db, at.owner.customer.id);
    const passkeys = ways.filter((way) => way.kind === 'passkey').map((way) => toRow(at, way));
    return showAccount(at, 'passkeys', { passkeys, can_add: await canAdd(at) }, again);
  },
  acts: {
    async 'passkey-name'(at, form) {
      const [name, method] = [nameField(form), textField(form, 'passkey', 36)];
      await renamePasskey(at.base, { customer: at.owner.customer.id, method, name, asked: askedBy(at.visit) });
      return goToAccount(at, '/passkeys', { done: 'passkey_named', what: name });
    },
    async 'passkey-remove'(at, form) {
      const method = textField(form, 'passkey', 36);
      const asked = askedBy(at.visit);
      const { name } = await removePasskey(at.base, { customer: at.owner.customer.id, method, asked });
      return goToAccount(at, '/passkeys', { done: 'passkey_removed', what: name });
    },
  },
};

/**
 * Making one more: the browser does it by a script of ours, and hands it over as the form. It can be two factors in one,
 * so it takes as much as a second factor does.
 */
export const passkeyPage: AccountPage = {
  path: '/passkey',
  under: '/ways',
  fresh: true,
  strong: true,
  async show(at, again) {
    if (!(await canAdd(at))) return goToAccount(at, '/passkeys');
    const { customer } = at.owner;
    const options = await beginPasskey(at.base, { customer, session: sessionOf(at), asked: askedBy(at.visit) });
    return showAccount(at, 'passkey', { options: JSON.stringify(options), name: again?.form.name }, again);
  },
  acts: {
    async passkey(at, form) {
      if (!(await canAdd(at))) throw new Problem('access_denied');
      const { customer, subject } = at.owner;
      const name = (form.name ?? '').trim() === '' ? undefined : nameField(form);
      const made = credentialField(form, madePasskey);
      const unnamed = at.say('passkeys.unnamed');
      const asked = askedBy(at.visit);
      const isSignedIn = (tx: Db) => isSessionAlive(tx, at.session.uid);
      const act = { customer: customer.id, subject, session: sessionOf(at), made, name, unnamed, isSignedIn, asked };
      const added = await addPasskey(at.base, act);
      return goToAccount(at, '/passkeys', { done: 'passkey_added', what: added.name });
    },
  },
};

async function canAdd({ base, visit }: AccountVisit): Promise<boolean> {
  return offersPasskeys(base, await offerOf(base, visit.portal));
}

/** Whose challenges these are. */
function sessionOf({ session }: AccountVisit): string {
  return formsOf(session).id;
}

function nameField(form: Form): string {
  const name = passkeyName.safeParse(textField(form, 'name', 200));
  if (!name.success) throw badField('name', 'problem.passkey_name');
  return name.data;
}

function toRow(at: AccountVisit, way: Extract<WayIn, { kind: 'passkey' }>) {
  const { say } = at;
  const { id, name, isSynced, createdAt, lastUsedAt } = way;
  const since = say('passkeys.since', { date: dayIn(at, createdAt) });
  const used = lastUsedAt ? say('passkeys.used', { date: dayIn(at, lastUsedAt) }) : say('passkeys.never_used');
  return { id, name, is_synced: isSynced, detail: `${since} · ${used}` };
}
