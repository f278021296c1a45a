import { normaliseEmail } from '../../../contract/email-address.ts';
import type { Db } from '../../base/db.ts';
import type { Customer, Identity } from './customer.ts';
import {
  countCustomerRows,
  readCustomer,
  readCustomerBySubject,
  readCustomerByUserId,
  readCustomersByEmail,
  readCustomersById,
  readLivingId,
  readProvenOwners,
  toCustomer,
} from './customers-store.ts';
import type { AddressKind } from './fact.ts';
import {
  type Found,
  readIdentities,
  readIdentitiesByProvider,
  readIdentitiesOf,
  readIdentity,
} from './identities-store.ts';
import { idAtProvider } from './identity-ids.ts';
import { readMembers } from './members-store.ts';

const mostOwners = 20;
const mostByEmail = 100;

/** The customer that a `user_id` resolves to; any that was ever issued and not erased does. One query. */
export async function findByUserId(db: Db, userId: string): Promise<Customer | undefined> {
  const row = await readCustomerByUserId(db, userId);
  return row && toCustomer(row);
}

/** The customer whose subject this is now. */
export async function findBySubject(db: Db, subject: string): Promise<Customer | undefined> {
  const row = await readCustomerBySubject(db, subject);
  return row && toCustomer(row);
}

/** The customer with this internal id; the id of a merged one gives the living one. */
export async function findById(db: Db, id: string): Promise<Customer | undefined> {
  const row = await readCustomer(db, id);
  if (row) return toCustomer(row);
  const living = await readLivingId(db, id);
  const found = living ? await readCustomer(db, living) : undefined;
  return found && toCustomer(found);
}

/** The living customers with these internal ids, by them. */
export async function findManyById(db: Db, ids: readonly string[]): Promise<Map<string, Customer>> {
  const rows = ids.length > 0 ? await readCustomersById(db, ids) : [];
  return new Map(rows.map((row) => [row.id, toCustomer(row)]));
}

/** The identity with this (raw) id at the provider in this connection, and its customer. One query. */
export function findIdentity(db: Db, connection: string, userIdAtProvider: string): Promise<Found | undefined> {
  return readIdentity(db, connection, userIdAtProvider);
}

/** Identities by Auth0's pair (provider, user_id as `identities[]` shows it); connections may share a provider. */
export async function findIdentitiesByProvider(db: Db, provider: string, userId: string): Promise<Found[]> {
  const found = await readIdentitiesByProvider(db, provider, idAtProvider(provider, userId));
  return found.filter(({ identity }) => identity.user_id === userId);
}

/** The customer's identities, the primary first, then the oldest. */
export async function identitiesOf(db: Db, customerId: string): Promise<Identity[]> {
  return (await readIdentities(db, customerId)).map(({ identity }) => identity);
}

/** The identities of many customers at once, by customer id; for lists. */
export function identitiesOfMany(db: Db, customerIds: readonly string[]): Promise<Map<string, Identity[]>> {
  return readIdentitiesOf(db, customerIds);
}

/** Every subject of the customer, identities and others. */
export function subjectsOf(db: Db, customerId: string): Promise<string[]> {
  return readMembers(db, customerId);
}

/** Customers that proved this (normalised) address, the oldest first, at most 20. */
export async function provenOwners(db: Db, kind: AddressKind, address: string): Promise<Customer[]> {
  return (await readProvenOwners(db, kind, address, mostOwners)).map(toCustomer);
}

/** Customers whose e-mail address this is now, proven or not, the oldest first, at most 100. */
export async function customersByEmail(db: Db, email: string): Promise<Customer[]> {
  const address = normaliseEmail(email);
  return address ? (await readCustomersByEmail(db, address, mostByEmail)).map(toCustomer) : [];
}

/** How many living customers there are. */
export function countCustomers(db: Db): Promise<number> {
  return countCustomerRows(db);
}

/** The providers' tokens of a customer, encrypted as their caller gave them, by subject. */
export async function sealedTokensOf(db: Db, customerId: string): Promise<Map<string, string>> {
  const kept = await readIdentities(db, customerId);
  return new Map(
    kept.flatMap(({ identity, sealedTokens }) =>
      sealedTokens === undefined ? [] : [[identity.subject, sealedTokens]],
    ),
  );
}
