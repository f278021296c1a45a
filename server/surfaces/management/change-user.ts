import { normaliseEmail } from '../../../contract/email-address.ts';
import type { UserPatch } from '../../../contract/users.ts';
import { now } from '../../base/clock.ts';
import { type Db, transact } from '../../base/db.ts';
import { isProblem, Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import {
  acceptFor,
  checkNumberFree,
  setIdentifiers,
  setPassword,
  startVerification,
} from '../../features/accounts/accounts.ts';
import * as customers from '../../features/customers/customers.ts';
import { askedBy } from './asked-by.ts';
import { actOf, type Caller } from './caller.ts';
import { checkTogether, targetOf } from './change-user-rules.ts';
import { pickFields } from './fields.ts';
import { showOne } from './find-user.ts';
import { passwordErrorOf } from './password-error.ts';
import type { Api, Circumstances } from './route.ts';
import { refuseUnwritable } from './sight.ts';
import { checkClient } from './ticket-subject.ts';
import { changesOf } from './user-changes.ts';
import { refuseChanged } from './version.ts';
import { wroteByApi } from './wrote-by-api.ts';

type Customer = customers.Customer;

// What is done rather than said of the customer: the scope alone allows it.
const instructions = new Set(['blocked', 'verify_email', 'verify_phone_number']);

/**
 * Changes a customer as the umbrella wishes: all of it or nothing.
 *
 * @throws Problem `invalid_body` in Auth0's words, `changed_meanwhile`
 */
export async function changeUser(
  api: Api,
  customer: Customer,
  patch: UserPatch,
  { caller, ip, ifMatch, note }: Circumstances,
): Promise<Customer> {
  const { base, endSessions } = api;
  const paths = pathsOf(patch).map(({ path }) => path);
  // First of all: of what is hidden and not to be written, nothing else is told.
  refuseUnwritable(
    caller.access,
    paths.filter((path) => !instructions.has(path)),
  );
  checkTogether(patch);
  const root = await rootOf(base.db, patch);
  const target = await targetOf(base, customer, patch);
  const address = typeof patch.email === 'string' ? normaliseEmail(patch.email) : undefined;
  await checkClient(api, caller.access, patch.client_id);
  const accepted =
    patch.password === undefined
      ? undefined
      : await acceptFor(base, { subject: target.subject, password: patch.password, address }).catch(inAuth0sWords);
  const at = now();
  const act = actOf(caller);
  const { origin } = act;
  const changed = await transact(base.db, async (tx) => {
    const { subject } = target;
    const { email, username, password, blocked } = patch;
    if (ifMatch !== undefined)
      await refuseOutdated({ ...api, base: { ...base, db: tx } }, caller, customer, patch, ifMatch);
    if (email !== undefined || username !== undefined) {
      const identifiers = { ...(email !== undefined && { email }), ...(username !== undefined && { username }) };
      const asked = await askedBy({ ...base, db: tx }, { caller, ip }, { customer, portal: patch.client_id });
      await setIdentifiers(base, tx, { subject, ...identifiers, asked });
    }
    if (typeof root.phone_number === 'string' && root.phone_number !== customer.phone_number) {
      await checkNumberFree(tx, root.phone_number);
    }
    if (password !== undefined) await setPassword(base, tx, { subject, password, accepted, endSessions });
    const { user_metadata, app_metadata } = patch;
    const said = { source: 'umbrella', origin, at } as const;
    // What an account signs in with belongs to it: it goes along should the account be unlinked.
    const [own, rest] = partOf(root, ['email', 'username']);
    if (Object.keys(own).length > 0) await customers.update(tx, customer.id, { root: own }, { ...said, of: subject });
    let result = await customers.update(tx, customer.id, { root: rest, user_metadata, app_metadata }, said);
    result = await sayVerified(tx, result, subject, patch, origin);
    if (blocked !== undefined) {
      result = await customers.setBlocked(tx, customer.id, blocked, { ...act, at });
      if (blocked) await endSessions(tx, customer.id);
    }
    await customers.appendTimeline(tx, [wroteByApi('profile_changed', subject, caller, at, pathsOf(patch))]);
    note.onPaths(paths);
    note.changes(changesOf(customer, result, paths));
    await note.write(tx);
    return result;
  }).catch(inAuth0sWords);
  if (patch.verify_email && changed.email !== null) {
    const asked = await askedBy(base, { caller, ip }, { customer: changed, portal: patch.client_id });
    await startVerification(base, { subject: target.subject, asked, isCounted: true });
  }
  return changed;
}

/** Of a customer something always changes: only what is changed here must be as the caller saw it. */
async function refuseOutdated(api: Api, caller: Caller, seen: Customer, patch: UserPatch, ifMatch: string) {
  const { db } = api.base;
  const [living = seen.id] = await customers.lockCustomers(db, [seen.id]);
  const shown = await showOne(api, caller, (await customers.findById(db, living)) ?? seen);
  const changed = pickFields(shown, { fields: Object.keys(patch).join(','), include_fields: true });
  refuseChanged(ifMatch, changed, shown);
}

/** Root values to be said: the named ones, and those that the catalogue knows. */
async function rootOf(db: Db, patch: UserPatch): Promise<Record<string, Json>> {
  const {
    user_metadata: _um,
    app_metadata: _am,
    blocked: _b,
    connection: _c,
    client_id: _ci,
    email_verified: _ev,
    phone_verified: _pv,
    password: _p,
    verify_email: _ve,
    verify_phone_number: _vp,
    ...root
  } = patch;
  const named = ['given_name', 'family_name', 'name', 'nickname', 'picture', 'phone_number', 'email', 'username'];
  const further = Object.keys(root).filter((name) => !named.includes(name));
  if (further.length > 0) {
    const listed = new Set((await customers.listAttributes(db)).map(({ path }) => path));
    const unknown = further.filter((name) => !listed.has(name) || name.includes('.'));
    if (unknown.length > 0) {
      const names = unknown.join(',');
      throw new Problem('invalid_body', `Payload validation error: 'Additional properties not allowed: ${names}'.`);
    }
  }
  const given: Record<string, Json> = {};
  for (const [name, value] of Object.entries(root)) if (value !== undefined) given[name] = value;
  return given;
}

/** The values of these names, and the others. */
function partOf(values: Record<string, Json>, names: readonly string[]): [Record<string, Json>, Record<string, Json>] {
  const entries = Object.entries(values);
  const [own, rest] = [true, false].map((wanted) => entries.filter(([name]) => names.includes(name) === wanted));
  return [Object.fromEntries(own ?? []), Object.fromEntries(rest ?? [])];
}

/**
 * `email_verified` and `phone_verified`: the umbrella vouches for the address that is there now, or says it does not.
 * The proof hangs on the subject that the address was learned of: another that is unlinked later must not keep it.
 */
async function sayVerified(
  tx: Db,
  customer: Customer,
  subject: string,
  patch: UserPatch,
  origin: string,
): Promise<Customer> {
  const said = [
    ['email', patch.email_verified, customer.email],
    ['phone', patch.phone_verified, customer.phone_number],
  ] as const;
  let result = customer;
  for (const [kind, verified, address] of said) {
    if (verified === undefined) continue;
    if (address === null)
      throw new Problem('invalid_body', `The user has no ${kind} to be verified (${kind}_verified).`);
    const path = kind === 'email' ? 'email' : 'phone_number';
    const told = (await customers.explain(tx, customer.id)).find((fact) => fact.path === path && fact.wins);
    const of = told?.subject ?? subject;
    result = verified
      ? await customers.prove(tx, of, { kind, address, how: 'umbrella', origin, at: now() })
      : await customers.disprove(tx, customer.id, kind, address);
  }
  return result;
}

function pathsOf({ user_metadata = {}, app_metadata = {}, ...root }: UserPatch): { path: string }[] {
  const paths = [
    ...Object.keys(root).filter((name) => name !== 'connection' && name !== 'client_id'),
    ...Object.keys(user_metadata).map((key) => `user_metadata.${key}`),
    ...Object.keys(app_metadata).map((key) => `app_metadata.${key}`),
  ];
  return paths.map((path) => ({ path }));
}

function inAuth0sWords(error: unknown): never {
  if (isProblem(error, 'identifier_taken')) {
    throw new Problem('invalid_body', 'The specified new email or username already exists', {
      errorCode: 'auth0_idp_error',
    });
  }
  throw passwordErrorOf(error);
}
