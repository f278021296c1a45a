import { z } from 'zod';
import { language as languageSchema } from '../../../contract/brands.ts';
import type { JsonObject } from '../../base/json.ts';
import { factorKinds } from '../../features/accounts/accounts.ts';

/** A try to be signed in by a network: single use, bound to this flow, this connection and what it is for. */
export const attempt = z.object({
  id: z.string(),
  connection: z.string(),
  /** `sign_in`, or to prove the account that a conflict is about. */
  purpose: z.literal(['sign_in', 'conflict']),
  /** What the customer answered, on the page before leaving, to reading more of them (likes). */
  likes: z.boolean().optional(),
});
export type Attempt = z.infer<typeof attempt>;

/** A code that was mailed in this flow (`text`: sent to a phone), and what typing it right will prove. */
const mailed = z.object({
  code: z.string(),
  address: z.string(),
  purpose: z.literal(['sign_up', 'sign_in', 'text', 'conflict', 'account']),
  /** For `account`: the customer to be proven, and the identity that is to be joined. */
  customer: z.string().optional(),
  about: z.string().optional(),
});
export type Mailed = z.infer<typeof mailed>;

/** One who was proven, and in which era of theirs: worth nothing in the next one. */
const atDoor = z.object({ customer: z.string(), subject: z.string(), era: z.number() });

/** An identity that was proven and may belong to a customer that is here already. */
const conflict = z.object({
  /** The newcomer, sealed. */
  newcomer: z.string(),
  /** The address they share. */
  address: z.string(),
  /** Uuids of the customers who have it. */
  candidates: z.array(z.string()),
  /** Names this conflict: what is mailed or proven for another is worth nothing here. */
  nonce: z.string(),
  /** How the newcomer was proven. */
  amr: z.array(z.string()),
});
export type Conflict = z.infer<typeof conflict>;

/** Profiles to choose from; all of them are proven. `apart`: a profile of one's own may be chosen, too. */
const choice = z.object({ address: z.string(), owners: z.array(atDoor), apart: z.boolean(), amr: z.array(z.string()) });
export type Choice = z.infer<typeof choice>;

/** The first steps are done: what was proven, sealed, until the second factor is. */
const held = z.object({ nonce: z.string(), sealed: z.string() });

/** A code that was sent as the second factor, or to add one. `waiting` names what it was sent for. */
const sent = z.object({
  code: z.string(),
  waiting: z.string(),
  /** Shown: the end of a number, the beginning of an address. */
  to: z.string(),
  way: z.literal(['email', 'sms', 'voice']),
  /** The factor it was sent to; none: one that is being added, at this number or address. */
  factor: z.string().optional(),
  address: z.string().optional(),
});
export type Sent = z.infer<typeof sent>;

/** A factor that is being added; nothing of it is written before the sign-in is. */
const enrolment = z.object({
  /** An app that has not typed its first code. */
  totp: z.string().optional(),
  /** The factor whose first code was typed, with the recovery codes; sealed. */
  proven: z.string().optional(),
});

/** Somebody who signed up without a password: what they come in with is still to be chosen. */
const wayDue = z.object({
  /** Sealed. */
  newcomer: z.string(),
  amr: z.array(z.string()),
  /** They have said already that no account with their address is to be joined. */
  apart: z.boolean(),
});

/** Somebody who asked to be erased and is back: what was proven, sealed, until they say whether to keep the account. */
const leaving = z.object({ sealed: z.string(), eraseAt: z.string(), zone: z.json().optional() });

/** A sign-in that a rule has sent elsewhere: where to, and how far it has come, sealed. */
export const away = z.object({
  /** What the other site must hand back; good once. */
  nonce: z.string(),
  url: z.string(),
  sealed: z.string(),
});
export type Away = z.infer<typeof away>;

/** A question that an action asks before it goes on, and how far the sign-in has come, sealed. */
export const demanded = z.object({
  /** Of this asking; good once. */
  nonce: z.string(),
  /** Id of the asking. */
  ask: z.string(),
  sealed: z.string(),
});
export type DemandedAsk = z.infer<typeof demanded>;

const claims = z.record(z.string(), z.json());
const names = z.array(z.string()).readonly();

/** What was decided for a session before a page was needed: finished rules are not run again. */
const ruled = z.object({
  customer: z.string(),
  decided: z.object({
    profile: claims.optional(),
    id_token: claims.optional(),
    access_token: claims.optional(),
    scopes: z.object({ added: names, removed: names }).optional(),
    multifactor: z
      .object({
        remembers: z.boolean(),
        kinds: z.array(z.literal(factorKinds)).readonly().optional(),
        adds: z.boolean().optional(),
      })
      .optional(),
  }),
});

/** How the journey ended; given again to whoever sends the same form twice. */
const done = z.object({
  customer: z.string(),
  subject: z.string(),
  signIn: z.string(),
  amr: z.array(z.string()),
  acr: z.string().optional(),
  proved: z.boolean(),
  connection: z.string(),
  /** Theirs when they came in: in the next one nothing more is shown or asked here. */
  era: z.number().default(-1),
  /** An action has asked something on the way: nothing else is asked at this sign-in. */
  asked: z.boolean().optional(),
});
export type Done = z.infer<typeof done>;

/** What was answered on the sign-up page, before there was a customer. */
const consents = z.object({
  answers: z.array(
    z.object({ consent: z.string(), version: z.string(), language: languageSchema, given: z.boolean() }),
  ),
  ip: z.string(),
  at: z.iso.datetime(),
});
export type EarlyConsents = z.infer<typeof consents>;

const flowState = z.object({
  attempts: z.array(attempt).default([]),
  mailed: mailed.optional(),
  /** What was typed to ask for a new password. */
  asked: z.string().optional(),
  conflict: conflict.optional(),
  choice: choice.optional(),
  held: held.optional(),
  sent: sent.optional(),
  enrolment: enrolment.optional(),
  wayDue: wayDue.optional(),
  consents: consents.optional(),
  leaving: leaving.optional(),
  away: away.optional(),
  demanded: demanded.optional(),
  ruled: ruled.optional(),
  done: done.optional(),
});

/** What the pages remember of one flow, so that a reload or a second tab goes on and repeats no finished step. */
export type FlowState = z.infer<typeof flowState>;

/** Reads what the flow's row holds. */
export function readState(stored: JsonObject): FlowState {
  return flowState.parse(stored);
}
