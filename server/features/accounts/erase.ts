import { deleteCountersOf } from '../../base/attempts.ts';
import type { Db } from '../../base/db.ts';
import { eraseMails } from '../../base/mail.ts';
import { eraseTexts } from '../../base/text-message.ts';
import type { Erased } from '../customers/customers.ts';
import { deleteCodesOf } from './code-store.ts';
import { deleteErasures, insertErasedAddresses } from './erasure-store.ts';
import { readFactorPhones } from './factors/factor-store.ts';
import { deleteMfaTokens } from './factors/mfa-token.ts';
import { forgetDevices } from './factors/remembered-devices.ts';
import { deleteAccountsOf, readIdentifiers } from './store.ts';

/**
 * Deletes what this feature holds of an erased customer: ways in, second factors, identifiers, codes, counters,
 * remembered devices, mails and text messages. Keyed hashes of their addresses and numbers stay.
 */
export async function eraseAccounts(tx: Db, erased: Erased): Promise<void> {
  const { customers, subjects, emails, phones } = erased;
  await holdAddresses(tx, erased);
  const numbers = [...phones, ...(await readFactorPhones(tx, subjects))];
  await deleteAccountsOf(tx, subjects);
  await deleteCodesOf(tx, { customers, subjects, addresses: [...emails, ...numbers] });
  await deleteCountersOf(tx, customers);
  await forgetDevices(tx, customers);
  await deleteMfaTokens(tx, customers);
  await eraseTexts(tx, { subjects, phones: numbers });
  await deleteErasures(tx, customers);
  await eraseMails(tx, { subjects, addresses: emails });
}

/** What stays of their addresses and numbers: nobody but themselves brings them back. */
async function holdAddresses(tx: Db, { subjects, emails, sharedEmails, phones, at }: Erased): Promise<void> {
  const identifiers = await readIdentifiers(tx, subjects);
  const claimed = identifiers.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  await insertErasedAddresses(tx, 'email', [...new Set([...emails, ...sharedEmails, ...claimed])], at);
  // A number that others have proven, too, goes on being theirs: a household's, say.
  await insertErasedAddresses(tx, 'phone', phones, at);
}
