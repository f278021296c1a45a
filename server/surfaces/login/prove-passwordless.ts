import type { Base } from '../../base/base.ts';
import {
  type AtDoor,
  type PhonePlace,
  redeemPhoneCode,
  redeemPortalCode,
  redeemSignInLink,
} from '../../features/accounts/accounts.ts';
import type { PasswordConnection } from '../../features/connections/connections.ts';
import { endSessions } from '../oidc/oidc.ts';
import type { Newcomer } from './newcomer.ts';
import { passwordConnectionOf, requireSignUp, textConnectionOf } from './portal-connections.ts';
import type { Proven, Who } from './proven.ts';
import { askedBy, type Visit } from './visit.ts';

/** By a mailed code that the portal took itself. Nobody can be asked anything: a newcomer gets a profile of their own. */
export async function proveByPortalCode(
  base: Base,
  visit: Visit,
  { email, typed }: { email: string; typed: string },
): Promise<Proven> {
  const store = await passwordConnectionOf(base, visit.portal);
  const portal = visit.portal.client_id;
  const act = { email, typed, portal, connection: store.name, asked: askedBy(visit), endSessions };
  const { owner, ...proof } = await redeemPortalCode(base, act);
  return provenBy(store, owner ? { kind: 'known', ...owner } : { ...newcomerOf(store, proof), settled: 'apart' });
}

/** By a code in a text message that the portal took itself, as `proveByPortalCode`; or that was typed in a flow. */
export async function proveByTextCode(
  base: Base,
  visit: Visit,
  { phone, typed, place = { portal: visit.portal.client_id } }: { phone: string; typed: string; place?: PhonePlace },
): Promise<Proven> {
  const text = await textConnectionOf(base, visit.portal);
  const { owner, ...proof } = await redeemPhoneCode(base, { phone, typed, place, asked: askedBy(visit) });
  if (!owner) requireSignUp(text);
  const newcomer = { kind: 'text', ...proof, connection: text.name } as const;
  const who: Who = owner ? { kind: 'known', ...owner } : { kind: 'newcomer', newcomer, settled: 'apart' };
  return { who, amr: ['sms'], connection: text.name, anew: true, welcome: true };
}

/** By a mailed link that a portal asked for. */
export async function proveByMailedLink(base: Base, visit: Visit, ticket: string): Promise<Proven> {
  const store = await passwordConnectionOf(base, visit.portal);
  const act = { ticket, portal: visit.portal.client_id, connection: store.name, endSessions };
  const { owners, ...proof } = await redeemSignInLink(base, act);
  return provenBy(store, whoOf(store, owners, proof));
}

/** Whose the proven address is; where it is nobody's, who may become somebody. */
export function whoOf(store: PasswordConnection, owners: readonly AtDoor[], proof: AddressProven): Who {
  const [owner, another] = owners;
  if (another) return { kind: 'several', address: proof.address, owners };
  return owner ? { kind: 'known', ...owner } : newcomerOf(store, proof);
}

type AddressProven = { readonly address: string; readonly code: string; readonly flow: string };

function newcomerOf(store: PasswordConnection, proof: AddressProven): { kind: 'newcomer'; newcomer: Newcomer } {
  requireSignUp(store);
  const { address, code, flow } = proof;
  return { kind: 'newcomer', newcomer: { kind: 'code', code, flow, address, connection: store.name } };
}

/** What every proof of an address by mail has in common. */
export function provenBy(store: PasswordConnection, who: Who): Proven {
  return { who, amr: ['otp'], connection: store.name, anew: true, welcome: true };
}
