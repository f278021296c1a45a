import type { UsedPasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { signInWithPassword } from '../../features/accounts/accounts.ts';
import type { Second } from './factor.ts';
import type { Attempt } from './flow-state.ts';
import { type Held, openHeld, takeUp } from './held.ts';
import { type KeptDoor, proveKept } from './hold-back.ts';
import { proveByPasswordOfConflict, proveByProfile, settleApart } from './prove-conflict.ts';
import { type ChosenWay, proveByFirstWay } from './prove-first-way.ts';
import { proveByMailedCode } from './prove-mailed-code.ts';
import { type NetworkParams, proveByNetwork } from './prove-network.ts';
import { proveByPasskey, proveByPasskeyOfConflict } from './prove-passkey.ts';
import { proveByMailedLink, proveByPortalCode, proveByTextCode } from './prove-passwordless.ts';
import { proveBySession, type SessionDoor } from './prove-session.ts';
import type { Demanded, Proven, Resume } from './proven.ts';
import { type Ahead, askAhead } from './rules/kept.ts';
import { askedBy, pagesOf, type Visit } from './visit.ts';

/** A way to say who one is, with what was handed over. */
export type Door =
  | { readonly by: 'password'; readonly connection: string; readonly identifier: string; readonly password: string }
  | { readonly by: 'passkey'; readonly used: UsedPasskey }
  | { readonly by: 'mailed_code'; readonly typed: string }
  /** What a new customer, whose code was typed, chose to come in with. */
  | { readonly by: 'first_way'; readonly chosen: ChosenWay }
  | { readonly by: 'mailed_link'; readonly ticket: string }
  /** A mailed code that the portal took itself. */
  | { readonly by: 'portal_code'; readonly email: string; readonly typed: string }
  /** The same of a text message. */
  | { readonly by: 'text_code'; readonly phone: string; readonly typed: string }
  | { readonly by: 'network'; readonly attempt: Attempt; readonly params: NetworkParams }
  /** The account that a conflict is about, by its password. */
  | { readonly by: 'password_of_conflict'; readonly password: string }
  /** The same by its passkey. */
  | { readonly by: 'passkey_of_conflict'; readonly used: UsedPasskey }
  /** One of the profiles to choose from. */
  | { readonly by: 'profile'; readonly number: number }
  /** The conflict's account is not theirs, or shall stay apart. */
  | { readonly by: 'apart' }
  /** A sign-in that waited for its second factor (of the flow, or of an `mfa_token`), or while a rule had it elsewhere. */
  | {
      readonly by: 'held';
      readonly held?: Held | undefined;
      readonly second?: Second | undefined;
      readonly resume?: Resume | undefined;
      /** What was said to a question of an action, which it goes on with. */
      readonly demanded?: Demanded | undefined;
    }
  | KeptDoor
  | SessionDoor;

/**
 * Step 1: who is at the door, and how that was proven.
 *
 * @throws Problem, a clear refusal: `wrong_credentials`, `passkey_refused`, `too_many_attempts`, `user_blocked`, `busy`, `code_wrong`,
 *   `code_expired`, `network_failed`, `network_refused`, `flow_expired` (there is nothing to be proven any more)
 */
export async function prove(base: Base, visit: Visit, door: Door): Promise<Proven> {
  switch (door.by) {
    case 'password':
      return proveByPassword(base, visit, door);
    case 'passkey':
      return proveByPasskey(base, visit, door.used);
    case 'mailed_code':
      return proveByMailedCode(base, visit, door.typed);
    case 'first_way':
      return proveByFirstWay(base, visit, door.chosen);
    case 'mailed_link':
      return proveByMailedLink(base, visit, door.ticket);
    case 'portal_code':
      return proveByPortalCode(base, visit, door);
    case 'text_code':
      return proveByTextCode(base, visit, door);
    case 'network':
      return proveByNetwork(base, visit, door);
    case 'password_of_conflict':
      return proveByPasswordOfConflict(base, visit, door.password);
    case 'passkey_of_conflict':
      return proveByPasskeyOfConflict(base, visit, door.used);
    case 'profile':
      return proveByProfile(base, visit, door.number);
    case 'apart':
      return settleApart(base, visit);
    case 'held':
      return proveHeld(base, visit, door);
    case 'kept':
      return proveKept(base, visit);
    case 'session':
      return proveBySession(base, visit, door);
  }
}

/** The sign-in that waits in this flow. Throws Problem `flow_expired` when none does. */
export function heldOf(base: Base, visit: Visit): Held {
  const { flow, state } = pagesOf(visit);
  if (!state.held) throw new Problem('flow_expired');
  return openHeld(base, flow.id, state.held.sealed);
}

async function proveHeld(base: Base, visit: Visit, door: Extract<Door, { by: 'held' }>): Promise<Proven> {
  const proven = await takeUp(base, door.held ?? heldOf(base, visit));
  return { ...proven, resume: door.resume, demanded: door.demanded ?? proven.demanded };
}

async function proveByPassword(
  base: Base,
  visit: Visit,
  { connection, identifier, password }: Extract<Door, { by: 'password' }>,
): Promise<Proven> {
  const asked = askedBy(visit);
  const device = visit.device?.cookieHash;
  let ahead: Promise<Ahead | undefined> | undefined;
  const typed = {
    ...{ connection, identifier, password, asked, device, keepsTries: true },
    lookedUp: (customer: string | undefined) => {
      ahead = askAhead(base, customer);
      ahead.catch(() => {});
    },
  };
  const { customer, subject, ...found } = await signInWithPassword(base, typed);
  const who = { kind: 'known', customer, subject } as const;
  return { who, amr: ['pwd'], connection, ...found, anew: true, welcome: true, ahead: await ahead };
}
