import type { MadePasskey } from '../../../contract/passkeys.ts';
import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { type FirstWay, firstPasskey, firstPassword, multiFactorAcr } from '../../features/accounts/accounts.ts';
import { dressOf } from './brand-style.ts';
import type { Found, PageNeeded } from './found.ts';
import { type Newcomer, openNewcomer, sealNewcomer } from './newcomer.ts';
import type { Proven } from './proven.ts';
import { pages } from './texts.ts';
import { pagesOf, type Visit } from './visit.ts';

// Who signs up without a password chooses, once the mailed code was typed, what to come in with from now on. Until then
// the flow keeps them, and nothing exists.

/** What they chose. */
export type ChosenWay =
  | { readonly kind: 'passkey'; readonly made: MadePasskey }
  | { readonly kind: 'password'; readonly password: string }
  /** A mailed code each time. */
  | { readonly kind: 'none' };

type SignUp = Extract<Newcomer, { kind: 'sign_up' }>;

/** Is this somebody new who has not chosen yet? Whoever joins an account comes in by its ways. */
export function isWayDue(found: Found): found is { kind: 'new'; newcomer: SignUp } {
  return found.kind === 'new' && found.newcomer.kind === 'sign_up' && found.newcomer.way === 'due';
}

/** The page where they choose. */
export function askForWay(base: Base, visit: Visit, newcomer: SignUp, { who, amr }: Proven): PageNeeded {
  const sealed = sealNewcomer(base.vault, pagesOf(visit).flow.id, newcomer);
  const settled = { mailed: undefined, conflict: undefined, choice: undefined };
  const apart = who.kind === 'newcomer' && who.settled === 'apart';
  return { page: 'first-way', remember: { ...settled, wayDue: { newcomer: sealed, amr: [...amr], apart } } };
}

/** Who is choosing in this flow. Throws Problem `flow_expired` when nobody is. */
export function choosing(base: Base, visit: Visit): { newcomer: SignUp; amr: readonly string[]; apart: boolean } {
  const { flow, state } = pagesOf(visit);
  const newcomer = state.wayDue && openNewcomer(base.vault, flow.id, state.wayDue.newcomer);
  if (!state.wayDue || newcomer?.kind !== 'sign_up') throw new Problem('flow_expired');
  const { amr, apart } = state.wayDue;
  return { newcomer, amr, apart };
}

/** The newcomer, with what they chose. A passkey that was just made is a proof beside the mailed code. */
export async function proveByFirstWay(base: Base, visit: Visit, chosen: ChosenWay): Promise<Proven> {
  const { newcomer, amr, apart } = choosing(base, visit);
  const { way, ...proof } = await takeWay(base, visit, newcomer, chosen);
  const settled = apart ? 'apart' : undefined;
  const who = { kind: 'newcomer', newcomer: { ...newcomer, way }, settled } as const;
  const { connection } = newcomer;
  const { isMultiFactor } = proof;
  const how = { amr: [...amr, ...(proof.amr ?? [])], acr: isMultiFactor ? multiFactorAcr : undefined, isMultiFactor };
  return { ...how, who, connection, anew: true, welcome: true };
}

type Taken = { way: FirstWay; amr?: readonly string[]; isMultiFactor?: boolean };

async function takeWay(
  base: Base,
  visit: Visit,
  { signUp, address, connection }: SignUp,
  chosen: ChosenWay,
): Promise<Taken> {
  if (chosen.kind === 'none') return { way: {} };
  if (chosen.kind === 'password') {
    const { password } = chosen;
    return { way: await firstPassword(base, { password, address, connection, personal: [visit.brand.name] }) };
  }
  const unnamed = pages.say('first_way.unnamed', visit.language, dressOf(visit.brand));
  return firstPasskey(base, { signUp, flow: pagesOf(visit).flow.id, made: chosen.made, unnamed });
}
