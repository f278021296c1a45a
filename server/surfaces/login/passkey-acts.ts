import type { FastifyReply } from 'fastify';
import { usedPasskey } from '../../../contract/passkeys.ts';
import { Problem } from '../../base/errors.ts';
import { beginPasskeyUse, type PasskeyUse, waysIn } from '../../features/accounts/accounts.ts';
import { advance } from './advance.ts';
import type { FlowPage } from './flow-page.ts';
import { credentialField } from './form.ts';
import type { PageVisit } from './page-visit.ts';
import { offerOf, offersPasskeys } from './portal-connections.ts';
import { conflictUse, secondUse, signInUse } from './prove-passkey.ts';
import { waitingOf } from './waiting.ts';

/** Signing in with a passkey: what the script of the pages asks for, and what it sends. */
export const passkeyActs: FlowPage['acts'] = {
  'passkey-options': (at) => sendOptions(at, signInUse(at.flow)),
  async passkey(at, form) {
    return advance(at, { by: 'passkey', used: credentialField(form, usedPasskey) });
  },
};

/** Proving the account that a conflict is about with its passkey. */
export const conflictPasskeyActs: FlowPage['acts'] = {
  'conflict-passkey-options': (at) => sendOptions(at, conflictUse(at.base, at.visit)),
  async 'conflict-passkey'(at, form) {
    return advance(at, { by: 'passkey_of_conflict', used: credentialField(form, usedPasskey) });
  },
};

/** The second step by a passkey of whoever waits: `name` is how the page's form ends its address. */
export function secondPasskeyActs(name: 'factor-passkey' | 'enrol-passkey'): FlowPage['acts'] {
  return {
    async [`${name}-options`](at) {
      const { customer } = (await waitingOf(at)) ?? {};
      if (!customer) throw new Problem('flow_expired');
      return sendOptions(at, secondUse(at.visit, customer.id));
    },
    async [name](at, form) {
      const waiting = await waitingOf(at);
      if (!waiting) throw new Problem('flow_expired');
      return advance(at, waiting.door({ by: 'passkey', used: credentialField(form, usedPasskey) }));
    },
  };
}

/** Has somebody who is known by now a passkey to go on with? */
export async function hasPasskey(
  { base, visit }: Pick<PageVisit, 'base' | 'visit'>,
  customer: string | undefined,
): Promise<boolean> {
  if (customer === undefined || !offersPasskeys(base, await offerOf(base, visit.portal))) return false;
  return (await waysIn(base.db, customer)).some(({ kind }) => kind === 'passkey');
}

// Asked for by the script, so that nothing is kept for those who sign in otherwise.
async function sendOptions({ base, reply }: PageVisit, use: PasskeyUse): Promise<FastifyReply> {
  return reply.header('cache-control', 'no-store').send(await beginPasskeyUse(base, use));
}
