import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import { eraseMails } from '../../base/mail.ts';
import { eraseTexts } from '../../base/text-message.ts';
import { type Erased, identitiesOf } from '../customers/customers.ts';
import { deleteCountersOf } from './attempt-store.ts';
import { deleteCodesOf } from './code-store.ts';
import { factorsOf } from './factors/factors.ts';
import { deleteMfaTokens } from './factors/mfa-token.ts';
import { forgetDevices } from './factors/remembered-devices.ts';
import { deleteAccountsOf, readIdentifiers } from './store.ts';
import { waysIn } from './ways-in.ts';

/**
 * Deletes what this feature holds of an erased customer: ways in, second factors, identifiers, codes, counters,
 * remembered devices, mails and text messages.
 */
export async function eraseAccounts(tx: Db, { customers, subjects, emails, phones }: Erased): Promise<void> {
  await deleteAccountsOf(tx, subjects);
  await deleteCodesOf(tx, customers, emails);
  await deleteCountersOf(tx, customers);
  await forgetDevices(tx, customers);
  await deleteMfaTokens(tx, customers);
  await eraseTexts(tx, { subjects, phones });
  await eraseMails(tx, { subjects, addresses: emails });
}

/** What this feature holds of a customer, to be handed to them: no secrets. Instants are ISO texts. */
export async function exportAccounts(db: Db, customerId: string): Promise<JsonObject> {
  const subjects = (await identitiesOf(db, customerId)).map((identity) => identity.subject);
  const identifiers = await readIdentifiers(db, subjects);
  return {
    identifiers: identifiers.map(({ connection, kind, value }) => ({ connection, kind, value })),
    ways_in: (await waysIn(db, customerId)).map((way) => {
      if (way.kind === 'code') return { kind: way.kind, address: way.address };
      if (way.kind === 'network') return { kind: way.kind, connection: way.connection };
      const lastUsed = way.lastUsedAt?.toISOString() ?? null;
      const opened = { kind: way.kind, connection: way.connection, last_used_at: lastUsed };
      if (way.kind === 'password') return opened;
      return { ...opened, name: way.name, created_at: way.createdAt.toISOString() };
    }),
    second_factors: (await factorsOf(db, customerId)).map((factor) => ({
      kind: factor.kind,
      name: factor.name,
      ...(factor.kind === 'phone' && { phone: factor.phone }),
      ...(factor.kind === 'email' && { address: factor.address }),
      created_at: factor.createdAt.toISOString(),
      last_used_at: factor.lastUsedAt?.toISOString() ?? null,
    })),
  };
}
