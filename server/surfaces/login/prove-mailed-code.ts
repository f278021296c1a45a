import type { Base } from '../../base/base.ts';
import { Problem } from '../../base/errors.ts';
import { redeemAccountProof, redeemCodeSignIn, redeemSignUp } from '../../features/accounts/accounts.ts';
import { endSessions } from '../oidc/oidc.ts';
import type { Mailed } from './flow-state.ts';
import { passwordConnectionOf } from './portal-connections.ts';
import { settledByOwners } from './prove-conflict.ts';
import { proveByTextCode, provenBy, whoOf } from './prove-passwordless.ts';
import type { Proven } from './proven.ts';
import { askedBy, pagesOf, type Visit } from './visit.ts';

/** Whose address the typed code proves: what follows depends on what it was mailed for. */
export async function proveByMailedCode(base: Base, visit: Visit, typed: string): Promise<Proven> {
  const { flow, state } = pagesOf(visit);
  const { mailed } = state;
  if (!mailed) throw new Problem('flow_expired');
  const proof = { code: mailed.code, typed, flow: flow.id, asked: askedBy(visit), endSessions: endSessions };
  switch (mailed.purpose) {
    case 'sign_up':
      return proveBySignUp(base, visit, proof);
    case 'sign_in':
      return proveByCode(base, visit, mailed, proof);
    case 'text':
      return proveByTextCode(base, visit, { phone: mailed.address, typed, place: { flow: flow.id } });
    case 'account': {
      const owner = await redeemAccountProof(base, { ...proof, about: mailed.about ?? '' });
      return settledByOwners(base, visit, [owner], ['otp']);
    }
    case 'conflict': {
      const { name } = await passwordConnectionOf(base, visit.portal);
      const { owners } = await redeemCodeSignIn(base, { ...proof, connection: name });
      return settledByOwners(base, visit, owners, ['otp']);
    }
  }
}

type Proof = Parameters<typeof redeemSignUp>[1];

async function proveBySignUp(base: Base, visit: Visit, proof: Proof): Promise<Proven> {
  const { name: connection } = await passwordConnectionOf(base, visit.portal);
  const proven = await redeemSignUp(base, proof);
  const common = { amr: ['otp'], connection, anew: true, welcome: true };
  if (proven.kind === 'known') {
    const { customer, subject } = proven;
    return { ...common, who: { kind: 'known', customer, subject } };
  }
  const { signUp, address, hasPassword } = proven;
  const way = hasPassword ? undefined : 'due';
  return { ...common, who: { kind: 'newcomer', newcomer: { kind: 'sign_up', signUp, address, connection, way } } };
}

async function proveByCode(base: Base, visit: Visit, mailed: Mailed, proof: Proof): Promise<Proven> {
  const store = await passwordConnectionOf(base, visit.portal);
  const { address, owners } = await redeemCodeSignIn(base, { ...proof, connection: store.name });
  return provenBy(store, whoOf(store, owners, { address, code: mailed.code, flow: proof.flow }));
}
