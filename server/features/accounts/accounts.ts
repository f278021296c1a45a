import type { SignUpProfile } from '../../../contract/accounts.ts';
import type { Base } from '../../base/base.ts';
import type { Db } from '../../base/db.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Language } from '../../base/languages.ts';
import type { Brand } from '../brands/brands.ts';
import type { Customer, EndSessions, ErasureVerb, FactDraft } from '../customers/customers.ts';

// The signatures of the feature; the verbs follow behind them. Every verb takes the time from base/clock itself.

/** The circumstances of a request: who is asked (the brand whose clothes mails wear), in which language, from where. */
export type Asked = { readonly brand: Brand; readonly language: Language; readonly ip: string };

/** A customer at the door, and as which of their subjects. */
export type AtDoor = { customer: Customer; subject: string };

// ---- password

/**
 * One hash of work and one answer, whether or not the account exists.
 *
 * @param identifier e-mail address or username, as typed
 * @returns also the way in that was used: call `recordUse` with it in the transaction that records the sign-in
 * @throws Problem wrong_credentials, too_many_attempts (extra: limit, remaining, reset), user_blocked, busy
 */
export declare function signInWithPassword(
  base: Base,
  door: { connection: string; identifier: string; password: string; asked: Asked },
): Promise<AtDoor & { methodId: string }>;
/** Notes when a way in was last used. */
export declare function recordUse(tx: Db, use: { subject: string; methodId: string; at: Date }): Promise<void>;
/** Throws password_weak (extra: reason 'short' | 'long' | 'address'). */
export declare function checkNewPassword(password: string, address?: string): void;
/** Throws wrong_credentials, too_many_attempts, password_weak. Ends sessions, tells all proven addresses. */
export declare function changePassword(
  base: Base,
  change: { subject: string; current: string; next: string; asked: Asked; endSessions: EndSessions },
): Promise<void>;
/**
 * A new account of a password connection, made by the management API or an import. Without `emailVerified` its address
 * is unproven, and so is its password.
 *
 * @throws Problem identifier_taken, already_exists (the user id), password_weak
 */
export declare function createAccount(
  base: Base,
  tx: Db,
  account: {
    connection: string;
    email?: string | undefined;
    username?: string | undefined;
    password?: string | undefined;
    emailVerified: boolean;
    userId?: string | undefined;
    userIdAtProvider?: string | undefined;
    facts: readonly FactDraft[];
    origin: string;
  },
): Promise<AtDoor>;
/** The umbrella sets a password (management API). It is proven only if the address is. Ends sessions. */
export declare function setPassword(
  base: Base,
  tx: Db,
  change: { subject: string; password: string; endSessions: EndSessions },
): Promise<void>;
/** The umbrella changes what an account signs in with. Throws identifier_taken. The new address is unproven. */
export declare function setIdentifiers(
  tx: Db,
  change: { subject: string; email?: string | null; username?: string | null },
): Promise<void>;

// ---- sign-up: nothing exists before the mailed code was typed in the browser that asked

/**
 * Mails a code, or to a known address that there is an account already, with a code that signs in there. Looks and
 * works the same either way.
 *
 * @throws Problem invalid_body (extra: field), password_weak, too_many_attempts, busy
 */
export declare function beginSignUp(
  base: Base,
  signUp: {
    connection: string;
    email: string;
    password: string;
    username?: string | undefined;
    profile?: SignUpProfile | undefined;
    flow: string;
    asked: Asked;
  },
): Promise<MailedCode>;
/** A code that was mailed: its id goes into the flow's state, the (normalised) address on the page. */
export type MailedCode = { code: string; address: string };
/** Another code for the same sign-up; the earlier one is dead. Throws code_expired, too_many_attempts. */
export declare function sendSignUpAgain(
  base: Base,
  again: { code: string; flow: string; asked: Asked },
): Promise<MailedCode>;
/** `new`: the address is proven; call `completeSignUp`. `known`: the account that had the address already. */
export type SignUpProof = { kind: 'new'; signUp: string; address: string } | ({ kind: 'known' } & AtDoor);
/** Throws code_wrong (extra: remaining), code_expired, too_many_attempts. */
export declare function redeemSignUp(base: Base, typed: TypedCode): Promise<SignUpProof>;
/** What came back: `code` is the id from `MailedCode`, `typed` what the person typed. */
export type TypedCode = { code: string; typed: string; flow: string; asked: Asked; endSessions: EndSessions };
/**
 * Makes the account, as a customer of its own or as a new identity of `joins` (whose proven address it is). When
 * somebody else made it in between, that account is signed in to: the address is proven.
 *
 * @throws Problem code_expired when it was completed before
 */
export declare function completeSignUp(
  tx: Db,
  act: { signUp: string; flow: string; joins?: string | undefined; endSessions: EndSessions },
): Promise<AtDoor & { isNew: boolean }>;

// ---- sign-in by mailed code

/** Mails a code to any address; who it belongs to is only looked at afterwards. Throws too_many_attempts, invalid_body. */
export declare function beginCodeSignIn(
  base: Base,
  signIn: { email: string; flow: string; asked: Asked },
): Promise<MailedCode>;
/**
 * @returns whose proven address it is: none (then `completeCodeSignUp` may make one), one, or several to choose from.
 *   An account of `connection` that held the address unproven becomes theirs, stripped of what was not proven.
 * @throws Problem code_wrong, code_expired, too_many_attempts
 */
export declare function redeemCodeSignIn(
  base: Base,
  typed: TypedCode & { connection?: string | undefined },
): Promise<{ address: string; owners: AtDoor[] }>;
/** A new account without password, for an address that `redeemCodeSignIn` has proven. Throws code_expired. */
export declare function completeCodeSignUp(
  tx: Db,
  act: { code: string; flow: string; connection: string; joins?: string | undefined; endSessions: EndSessions },
): Promise<AtDoor & { isNew: boolean }>;

// ---- links: forgotten password, verification, unblocking

/** Mails a link, or that there is no such account. Throws too_many_attempts, invalid_body. */
export declare function startReset(
  base: Base,
  ask: { connection: string; identifier: string; asked: Asked },
): Promise<void>;
export type TicketPurpose = 'reset_password' | 'verify_email' | 'unblock';
/** A link for the umbrella to hand on (management API): `url` is on this server. */
export declare function createTicket(
  base: Base,
  tx: Db,
  ticket: {
    purpose: 'reset_password' | 'verify_email';
    subject: string;
    address: string;
    seconds?: number | undefined;
    resultUrl?: string | undefined;
    portal?: string | undefined;
  },
): Promise<{ ticket: string; url: string }>;
/** What a link is for, without using it up; undefined when it is no longer good. */
export declare function lookAtTicket(
  base: Base,
  purpose: TicketPurpose,
  ticket: string,
): Promise<{ address: string; subject: string; resultUrl?: string; portal?: string } | undefined>;
/**
 * Sets the password, proves the address by link, ends all sessions, drops what was not proven and every pending code
 * and address change, lifts blocks, tells all proven addresses.
 *
 * @throws Problem code_expired, password_weak, busy
 */
export declare function completeReset(
  base: Base,
  reset: { ticket: string; password: string; asked: Asked; endSessions: EndSessions },
): Promise<AtDoor>;
/** Mails a link that proves the account's address (5 days). Throws too_many_attempts, not_found. */
export declare function startVerification(base: Base, ask: { subject: string; asked: Asked }): Promise<void>;
/**
 * Proves the address by link. An account that was made elsewhere loses what was not used in this proof: name in `used`
 * the subjects whose ways in were proven in this browser within the last 10 minutes.
 *
 * @returns a reset ticket when its password was dropped, so that the person can choose one at once
 */
export declare function completeVerification(
  base: Base,
  act: { ticket: string; used?: readonly string[]; asked: Asked; endSessions: EndSessions },
): Promise<AtDoor & { choosePassword?: string; resultUrl?: string }>;
/** The mailed link that lifts a block. Throws code_expired. */
export declare function completeUnblock(base: Base, act: { ticket: string }): Promise<void>;

// ---- proving the account one has (conflict page, account page) and changing the address

/** Mails a code to an address of that customer. `about` names what it is for, e.g. the identity to be linked. */
export declare function sendAccountProof(
  base: Base,
  ask: { customer: string; address: string; about: string; flow: string; asked: Asked },
): Promise<MailedCode>;
/** Throws code_wrong, code_expired (also when `about` or `flow` is another), too_many_attempts. */
export declare function redeemAccountProof(base: Base, typed: TypedCode & { about: string }): Promise<AtDoor>;
/** Mails a code to the new address and a notice to the proven ones. Throws invalid_body, too_many_attempts. */
export declare function beginEmailChange(
  base: Base,
  change: { subject: string; email: string; flow: string; asked: Asked },
): Promise<MailedCode>;
/** The old address is no longer proven nor signs in; it is told. Throws identifier_taken and what codes throw. */
export declare function completeEmailChange(base: Base, typed: TypedCode): Promise<AtDoor>;

// ---- proofs

/**
 * An address was proven by one of the customer's subjects. Call it instead of `prove` of customers: the first proof of
 * an address drops what was claimed of it without proof (the account pre-hijacking attacks).
 *
 * @param used subjects whose ways in were proven in this very act, beside the address
 */
export declare function recordProof(
  tx: Db,
  proof: {
    customer: string;
    subject: string;
    address: string;
    how: 'code' | 'link' | 'provider';
    origin: string;
    used: readonly string[];
    endSessions: EndSessions;
  },
): Promise<{ customer: Customer; dropped: Dropped[] }>;
export type Dropped = { subject: string; what: 'password' | 'identity' | 'identifier' | 'sessions' };

// ---- ways in

export type WayIn =
  | {
      kind: 'password';
      id: string;
      subject: string;
      connection: string;
      provedAt: Date | null;
      lastUsedAt: Date | null;
    }
  | { kind: 'code'; subject: string; address: string }
  | { kind: 'network'; subject: string; connection: string };
export declare function waysIn(db: Db, customerId: string): Promise<WayIn[]>;
/** Throws last_way_in when nothing would be left without this password or (for unlinking) without this subject. */
export declare function checkNotLastWayIn(
  db: Db,
  customerId: string,
  without: { method: string } | { subject: string },
): Promise<void>;
/** Throws last_way_in, not_found. Tells all proven addresses. */
export declare function removePassword(
  base: Base,
  act: { customer: string; method: string; asked: Asked },
): Promise<void>;

// ---- notices

/** Tells all proven addresses of the customer; `accounts` names both accounts, in words for people. */
export declare function tellOfLink(
  base: Base,
  tx: Db,
  notice: {
    customer: string;
    what: 'linked' | 'unlinked' | 'merged';
    accounts: readonly [string, string];
    asked: Asked;
  },
): Promise<void>;

// ---- attack limits

/** Who is guessed at: all identifiers and factors of a customer count together. */
export type Guessed = { customer: string } | { connection: string; identifier: string };
/**
 * Runs one check of a guessed secret under the limits: counted before it runs, so that fifty at once never get more
 * than ten tries.
 *
 * @returns what `check` gives; undefined or false counts as a failure
 * @throws Problem too_many_attempts (extra: limit, remaining, reset in unix seconds), busy
 */
export declare function guess<T>(base: Base, who: Guessed, asked: Asked, check: () => Promise<T>): Promise<T>;
export type Block = { ip: string; until: Date };
export declare function blocksOf(base: Base, who: { customer: string } | { identifier: string }): Promise<Block[]>;
export declare function unblock(base: Base, who: { customer: string } | { identifier: string }): Promise<void>;

// ---- timeline, erasure, export

/** Names of timeline rows that concern signing in and accounts, with Auth0's log type code. */
export declare const timelineNames: Readonly<
  Record<string, { class: 'sign_in' | 'security' | 'profile'; type: string | null }>
>;
export declare const eraseAccounts: ErasureVerb;
export declare function exportAccounts(db: Db, customerId: string): Promise<JsonObject>;
