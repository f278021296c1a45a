import { normaliseEmail } from '../../../contract/email-address.ts';
import { normalisePhone } from '../../../contract/phone-number.ts';
import type { UserDraft } from '../../../contract/users.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import {
  type AcceptedPassword,
  acceptPassword,
  createAccount,
  startVerification,
} from '../../features/accounts/accounts.ts';
import { queueActions } from '../../features/actions/actions.ts';
import type { PasswordConnection } from '../../features/connections/connections.ts';
import * as customers from '../../features/customers/customers.ts';
import { portal } from '../../features/portals/portals.ts';
import { beforeRegistration, type Registration, toJson } from '../triggers/triggers.ts';
import { askedBy } from './asked-by.ts';
import { actOf, type Caller, clientOf } from './caller.ts';
import { passwordConnection } from './password-connection.ts';
import { passwordErrorOf } from './password-error.ts';
import type { Api, Circumstances } from './route.ts';
import { refuseUnwritable } from './sight.ts';
import { wroteByApi } from './wrote-by-api.ts';

/**
 * Makes a customer with an account of a password connection, as the umbrella says it is.
 *
 * @throws Problem `invalid_body` in Auth0's words; `already_exists`
 */
export async function createUser(
  api: Api,
  draft: UserDraft,
  { caller, ip, note }: Circumstances,
): Promise<customers.Customer> {
  const { base } = api;
  const said = pathsOf(draft);
  refuseUnwritable(caller.access, [...identifiersOf(draft), ...said.map(([path]) => path)]);
  const connection = await passwordConnection(base, draft.connection);
  checkDraft(draft, connection);
  const accepted = await accept(base, draft, connection.name).catch(inAuth0sWords);
  const at = now();
  const act = actOf(caller);
  const { origin } = act;
  const registration = await registrationOf(base, draft, connection.name, caller, ip, at);
  const by = await beforeRegistration(base, registration).catch(inAuth0sWords);
  const facts: customers.FactDraft[] = [
    ...said.flatMap(([path, value]) =>
      by.paths.has(path) ? [] : [{ path, value, source: 'umbrella' as const, origin, at }],
    ),
    ...by.facts,
  ];
  const made = await transact(base.db, async (tx) => {
    const { customer, subject } = await createAccount(base, tx, {
      connection: connection.name,
      email: draft.email,
      username: draft.username,
      password: draft.password,
      passwordHash: accepted?.hash,
      emailVerified: draft.email_verified,
      ...(draft.user_id && { userId: `auth0|${draft.user_id}`, userIdAtProvider: draft.user_id }),
      facts,
      origin,
    });
    if (draft.phone_verified && draft.phone_number !== undefined) {
      const address = normalisePhone(draft.phone_number) ?? '';
      await customers.prove(tx, subject, { kind: 'phone', address, how: 'umbrella', origin, at });
    }
    if (draft.blocked) await customers.setBlocked(tx, customer.id, true, { ...act, at });
    await customers.insertMadeFor(tx, subject, await brandsOf(base, caller));
    await queueActions(base, tx, 'post-user-registration', { subject, connection: connection.name, ip });
    await customers.appendTimeline(tx, [wroteByApi('profile_created', subject, caller, at, facts)]);
    note.on(customer);
    note.changes(Object.fromEntries([...identifiersSaid(draft), ...said].map(([path, after]) => [path, { after }])));
    await note.write(tx);
    return { subject, customer: (await customers.findBySubject(tx, subject)) ?? customer };
  }).catch(inAuth0sWords);
  if (draft.email !== undefined && (draft.verify_email ?? !draft.email_verified)) {
    const asked = await askedBy(base, { caller, ip }, { customer: made.customer });
    await startVerification(base, { subject: made.subject, asked, isCounted: true });
  }
  return made.customer;
}

/** Judged and hashed before the transaction. */
async function accept(base: Base, draft: UserDraft, connection: string): Promise<AcceptedPassword | undefined> {
  const { password, username, name, given_name, family_name, nickname } = draft;
  if (password === undefined) return undefined;
  const address = draft.email === undefined ? undefined : normaliseEmail(draft.email);
  const personal = [username, name, given_name, family_name, nickname];
  return acceptPassword(base, { password, connection, address, personal });
}

function checkDraft(draft: UserDraft, connection: PasswordConnection): void {
  const missing = (name: string) =>
    new Problem('invalid_body', `Payload validation error: 'Missing required property: ${name}'.`);
  if (draft.username !== undefined && !connection.options.requires_username) {
    throw new Problem('invalid_body', 'Cannot set username for connection without requires_username.');
  }
  if (draft.email === undefined && draft.username === undefined) throw missing('email');
  if (draft.password === undefined) throw missing('password');
  if (draft.phone_verified && draft.phone_number === undefined) throw missing('phone_number');
  if (draft.email_verified && draft.email === undefined) throw missing('email');
}

/** What the draft says of the person, by path; the address and the username are the account's to say. */
function pathsOf(draft: UserDraft): [string, Json][] {
  const { given_name, family_name, name, nickname, picture, phone_number } = draft;
  const root = { given_name, family_name, name, nickname, picture, phone_number };
  const inside = (place: string, values: Readonly<Record<string, Json>>): [string, Json][] =>
    Object.entries(values).map(([key, value]) => [`${place}.${key}`, value]);
  const said = [
    ...Object.entries(root),
    ...inside('user_metadata', draft.user_metadata),
    ...inside('app_metadata', draft.app_metadata),
  ];
  return said.flatMap(([path, value]) => (value === undefined || value === null ? [] : [[path, value]]));
}

/** What the account signs in with, and what is vouched for. */
function identifiersOf({ email, username, email_verified, phone_verified }: UserDraft): string[] {
  return Object.entries({ email, username, email_verified, phone_verified }).flatMap(([path, value]) =>
    value ? [path] : [],
  );
}

function identifiersSaid({ email, username }: UserDraft): [string, Json][] {
  return Object.entries({ email, username }).flatMap(([path, value]) => (value === undefined ? [] : [[path, value]]));
}

/** As actions are told of it; a password is nobody's to see. */
async function registrationOf(
  base: Base,
  { password: _, connection: __, verify_email: ___, ...user }: UserDraft,
  connection: string,
  caller: Caller,
  ip: string,
  at: Date,
): Promise<Registration> {
  const client = clientOf(caller);
  const told = toJson(user);
  const from = client === undefined ? undefined : await portal(base, client);
  return { user: told, connection, portal: from, ip, body: told, at };
}

/** For which brands a customer is made: those that the caller is limited to, or the machine's own. */
async function brandsOf(base: Base, caller: Caller): Promise<Iterable<string>> {
  if (caller.access.brands) return caller.access.brands;
  const client = clientOf(caller);
  const own = client === undefined ? undefined : await portal(base, client);
  return own?.brand ? [own.brand] : [];
}

function inAuth0sWords(error: unknown): never {
  if (isProblem(error, 'identifier_taken', 'already_exists')) {
    throw new Problem('already_exists', 'The user already exists.', { errorCode: 'auth0_idp_error' });
  }
  if (isProblem(error, 'access_denied') && error.extra.reason === 'registration_refused') {
    throw new Problem('invalid_body', error.message, { errorCode: 'extensibility_error' });
  }
  throw passwordErrorOf(error);
}
