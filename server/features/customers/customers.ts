import type { AttributeDraft, AttributePatch, FactSource } from '../../../contract/customers.ts';
import type { Db } from '../../base/db.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Customer, EndSessions, Identity } from './customer.ts';

// The signatures of the feature; the verbs follow behind them.
export type { Customer, EndSessions, FactSource, Identity };
export type FactDraft = {
  path: string;
  source: FactSource;
  /** Which one: connection name, client id, rule id, page. */
  origin: string;
  /** 0 to 1; 1 when left out. */
  confidence?: number | undefined;
  at: Date;
} & ({ kind?: 'said' | undefined; value: Json } | { kind: 'withdrawn' } | { kind: 'excluded'; value: Json });

export type AddressKind = 'email' | 'phone';
export type ProofDraft = {
  kind: AddressKind;
  address: string;
  how: 'code' | 'link' | 'provider' | 'import' | 'umbrella';
  /** Connection or client that vouched, or the page. */
  origin: string;
  at: Date;
};

export type IdentityDraft = {
  provider: string;
  connection: string;
  /** Left out: 24 new hexadecimal digits. */
  userIdAtProvider?: string | undefined;
  isSocial: boolean;
  profileData?: JsonObject | undefined;
  /** The provider's tokens, encrypted by the caller. */
  sealedTokens?: string | undefined;
  facts: readonly FactDraft[];
  proofs: readonly ProofDraft[];
  at: Date;
};

/** The customer that any `user_id` ever issued (and not erased) resolves to. */
export declare function findByUserId(db: Db, userId: string): Promise<Customer | undefined>;
export declare function findBySubject(db: Db, subject: string): Promise<Customer | undefined>;
/** Also by the id of a customer that was merged away: gives the living one. */
export declare function findById(db: Db, id: string): Promise<Customer | undefined>;
/** One query, for the door: `userIdAtProvider` is the raw id. */
export declare function findIdentity(
  db: Db,
  connection: string,
  userIdAtProvider: string,
): Promise<{ identity: Identity; customer: Customer } | undefined>;
/** By Auth0's (provider, user_id as shown in identities[]); several connections of one provider can hold the id. */
export declare function findIdentitiesByProvider(
  db: Db,
  provider: string,
  userId: string,
): Promise<{ identity: Identity; customer: Customer }[]>;
/** The primary first, then the oldest. */
export declare function identitiesOf(db: Db, customerId: string): Promise<Identity[]>;
export declare function identitiesOfMany(db: Db, customerIds: readonly string[]): Promise<Map<string, Identity[]>>;
/** Customers with a proof of this (normalised) address, at most 20. */
export declare function provenOwners(db: Db, kind: AddressKind, address: string): Promise<Customer[]>;
/** Customers whose current e-mail address this is, proven or not; oldest first, at most 100. */
export declare function customersByEmail(db: Db, email: string): Promise<Customer[]>;
/** Living customers, oldest first. */
export declare function listCustomers(db: Db, page: { offset: number; limit: number }): Promise<Customer[]>;
export declare function countCustomers(db: Db): Promise<number>;

/**
 * A new customer with one identity. Issues `userId` (imported; Problem already_exists if it was ever issued) or
 * `provider|id`, or `provider|<24 hex>` if that was ever issued. Problem already_exists: the identity is known.
 */
export declare function createCustomer(
  db: Db,
  draft: IdentityDraft & { userId?: string | undefined; reason: string },
): Promise<{ customer: Customer; subject: string }>;
/** A new identity joins this customer (safe link). Problem not_found, already_exists. */
export declare function addIdentity(
  db: Db,
  customerId: string,
  draft: IdentityDraft,
): Promise<{ subject: string; customer: Customer }>;

/**
 * Adds what was learned of a subject and folds anew. Unchanged facts and proofs write nothing: one read.
 * @returns the paths whose facts changed, `[]` if nothing was new (then the profile is unchanged, too)
 */
export declare function learn(
  db: Db,
  subject: string,
  facts: readonly FactDraft[],
  proofs?: readonly ProofDraft[],
): Promise<string[]>;
export declare function prove(db: Db, subject: string, proof: ProofDraft): Promise<Customer>;
/** Takes every proof of this address from the customer's subjects (the umbrella says it is not verified). */
export declare function disprove(db: Db, customerId: string, kind: AddressKind, address: string): Promise<Customer>;
export declare function proofsOf(db: Db, customerId: string): Promise<(ProofDraft & { subject: string })[]>;
/** Folds the profile anew; writes only if it changed. Every verb here does it itself. */
export declare function refold(db: Db, customerId: string): Promise<Customer>;

/** Counts a sign-in of this subject: counts, visit, device, what the network told raw. One statement. */
export declare function recordSignIn(
  db: Db,
  signIn: {
    subject: string;
    at: Date;
    ip: string | null;
    brand?: string | undefined;
    device?: { cookieHash: Buffer; userAgent: string } | undefined;
    profileData?: JsonObject | undefined;
    sealedTokens?: string | undefined;
  },
): Promise<{ loginsCount: number; device: string | null }>;
export declare function recordPasswordReset(db: Db, subject: string, at: Date): Promise<void>;
/** "Last time: Google": connections used on this device, the latest first. */
export declare function connectionsOfDevice(
  db: Db,
  cookieHash: Buffer,
): Promise<{ connection: string; lastSeen: Date }[]>;
export declare function visitsOf(
  db: Db,
  customerId: string,
): Promise<{ brand: string; firstAt: Date; lastAt: Date; count: number }[]>;
export declare function devicesOf(
  db: Db,
  customerId: string,
): Promise<{ device: string; userAgent: string; firstSeen: Date; lastSeen: Date }[]>;

export type Act = { by: 'customer' | 'api' | 'staff'; origin: string; at: Date };
/** Joins two customers; repeated it does nothing. Ids of merged customers mean the living one. Problem not_found. */
export declare function merge(
  db: Db,
  act: Act & {
    winner: string;
    loser: string;
    endSessions: EndSessions;
    settleConsents: (tx: Db, winner: string, loser: string) => Promise<unknown>;
  },
): Promise<Customer>;
export declare function unmerge(
  db: Db,
  mergeId: string,
  act: Act & { endSessions: EndSessions },
): Promise<{ winner: Customer; loser: Customer }>;
/** The subject becomes a customer of its own. Problem not_found (no identity of this customer), last_way_in. */
export declare function unlink(
  db: Db,
  customerId: string,
  subject: string,
  act: Act & { endSessions: EndSessions },
): Promise<{ remaining: Customer; separated: Customer }>;
/** Ids of customers that were merged into this one (`previous_subs`). */
export declare function previousIds(db: Db, customerId: string): Promise<string[]>;

export type CustomerPatch = {
  root?: Readonly<Record<string, Json>> | undefined;
  user_metadata?: Readonly<Record<string, Json>> | undefined;
  app_metadata?: Readonly<Record<string, Json>> | undefined;
  brands?: Readonly<Record<string, Readonly<Record<string, Json>>>> | undefined;
};
/**
 * Changes values; metadata merge one level, null deletes. An umbrella's new e-mail (or phone) excludes the addresses
 * that would outrank it. Problem not_found, invalid_body.
 */
export declare function update(
  db: Db,
  customerId: string,
  patch: CustomerPatch,
  said: { source: 'customer' | 'umbrella'; origin: string; at: Date },
): Promise<Customer>;
export declare function setBlocked(db: Db, customerId: string, blocked: boolean, act: Act): Promise<Customer>;

/** Who is erased: every uuid by which other tables may hold something of this person. */
export type Erased = {
  customer: string;
  /** The customer and those that were merged into it. */
  customers: readonly string[];
  subjects: readonly string[];
  userIds: readonly string[];
  emails: readonly string[];
  phones: readonly string[];
};
/** Deletes what one feature holds of an erased customer; runs in the erasing transaction. */
export type ErasureVerb = (tx: Db, erased: Erased) => Promise<unknown>;
/** Erases a customer for ever; its user_ids are retired. Problem not_found. */
export declare function removeCustomer(
  db: Db,
  customerId: string,
  options: { at: Date; endSessions: EndSessions; others: readonly ErasureVerb[] },
): Promise<void>;
/** Everything this feature holds of a customer. */
export declare function exportOf(db: Db, customerId: string): Promise<JsonObject | undefined>;

export type TimelineClass = 'sign_in' | 'profile' | 'security';
export type TimelineDraft = {
  class: TimelineClass;
  subject: string;
  brand?: string | null | undefined;
  portal?: string | null | undefined;
  source: string;
  name: string;
  occurredAt: Date;
  session?: string | null | undefined;
  device?: string | null | undefined;
  ip?: string | null | undefined;
  userAgent?: string | null | undefined;
  data?: JsonObject | undefined;
};
export type TimelineEntry = {
  id: string;
  class: string;
  subject: string;
  brand: string | null;
  portal: string | null;
  source: string;
  name: string;
  occurredAt: Date;
  receivedAt: Date;
  session: string | null;
  device: string | null;
  ip: string | null;
  userAgent: string | null;
  version: number;
  data: Json;
};
/** @returns the ids of the new rows */
export declare function appendTimeline(db: Db, rows: readonly TimelineDraft[]): Promise<string[]>;
/** Newest first, over all subjects of the customer. `next` continues (as `before`); absent at the end. */
export declare function timelineOf(
  db: Db,
  customerId: string,
  options: {
    perPage: number;
    page?: number | undefined;
    before?: string | undefined;
    classes?: readonly TimelineClass[] | undefined;
  },
): Promise<{ entries: TimelineEntry[]; next?: string }>;
export declare function countTimeline(db: Db, customerId: string, classes?: readonly TimelineClass[]): Promise<number>;
/** Makes the months' partitions ahead; a daily job. */
export declare function ensureTimeline(db: Db, at: Date): Promise<void>;

export type Explained = {
  path: string;
  kind: 'said' | 'withdrawn' | 'excluded';
  value: Json;
  source: FactSource;
  origin: string;
  confidence: number;
  at: Date;
  subject: string;
  /** `provider|id` of the identity it was learned of; null: of another kind of subject. */
  identity: string | null;
  /** Is it the fact that the current value comes from? */
  wins: boolean;
};
/** The current facts of the customer, by path, the winning one first. */
export declare function explain(db: Db, customerId: string): Promise<Explained[]>;

/** A row of the catalogue of attributes. */
export type Attribute = Required<Omit<AttributeDraft, 'brand'>> & {
  brand: string | null;
  isSystem: boolean;
  createdAt: Date;
  updatedAt: Date;
};
export declare function listAttributes(db: Db): Promise<Attribute[]>;
export declare function getAttribute(db: Db, path: string): Promise<Attribute | undefined>;
/** Problem already_exists. Bumps the settings. */
export declare function createAttribute(db: Db, draft: AttributeDraft, at: Date): Promise<Attribute>;
/** Problem not_found; invalid_body for the type of a system attribute. */
export declare function updateAttribute(db: Db, path: string, patch: AttributePatch, at: Date): Promise<Attribute>;
/** Problem not_found; access_denied for a system attribute. Facts at its path stay. */
export declare function removeAttribute(db: Db, path: string): Promise<void>;
/** After a change of a ranking: folds `limit` customers anew; returns where to go on, undefined at the end. */
export declare function refoldBatch(db: Db, after: string | undefined, limit: number): Promise<string | undefined>;
