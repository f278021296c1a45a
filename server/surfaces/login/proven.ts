import type { Vault } from '../../base/crypto.ts';
import type { AtDoor, FirstWay } from '../../features/accounts/accounts.ts';
import type { NetworkAnswer } from '../../features/connections/connections.ts';
import type { Decided } from '../oidc/oidc.ts';
import type { Found } from './resolve.ts';

/** What the network told in this sign-in, of whoever it is. */
export type Told = {
  /** The connection's name. */
  readonly connection: string;
  readonly answer: NetworkAnswer;
  /** What the customer answered, before leaving, to reading more of them; undefined: was not asked this time. */
  readonly likes?: boolean | undefined;
};

/** A proven identity that no customer has yet. */
export type Newcomer =
  | { readonly kind: 'network'; readonly told: Told }
  /** A sign-up whose mailed code was typed; `signUp` completes it. */
  | {
      readonly kind: 'sign_up';
      readonly signUp: string;
      readonly address: string;
      readonly connection: string;
      /** Without a password: `due` until they have chosen what to come in with. */
      readonly way?: 'due' | FirstWay | undefined;
    }
  /** An address that was proven by a mailed code; `code` makes an account of it. */
  | {
      readonly kind: 'code';
      readonly code: string;
      /** What the code is bound to beside the address. */
      readonly flow: string;
      readonly address: string;
      readonly connection: string;
    };

/** Who was proven to be at the door. */
export type Who =
  | ({ readonly kind: 'known' } & AtDoor)
  /** A proven address that several customers share. */
  | { readonly kind: 'several'; readonly address: string; readonly owners: readonly AtDoor[] }
  | {
      readonly kind: 'newcomer';
      readonly newcomer: Newcomer;
      /** How the question whose account it is was settled, if it was asked. */
      readonly settled?: 'apart' | AtDoor | undefined;
    }
  /** A sign-in that was held: which customer it is was found before. */
  | { readonly kind: 'found'; readonly found: Found };

/** The outcome of step 1. */
export type Proven = {
  readonly who: Who;
  /** How, in the words of RFC 8176; networks are `fed`. */
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  /** Name of the connection that the customer came through. */
  readonly connection: string;
  readonly told?: Told | undefined;
  /** The password or passkey that was used ... */
  readonly methodId?: string | undefined;
  /** ... and what the passkey counted. */
  readonly counter?: number | undefined;
  /** It was two factors in one (a passkey whose authenticator verified its holder): no second one need be asked for. */
  readonly isMultiFactor?: boolean | undefined;
  /** False: by the session that was there; nothing was proven anew. */
  readonly anew: boolean;
  /** May this visit to a brand for the first time go on without a click? */
  readonly welcome: boolean;
  /** They were about to be erased, and keep the account. */
  readonly keeps?: boolean | undefined;
  /** What rules decided before the sign-in was held. */
  readonly decided?: Decided | undefined;
};

/** The newcomer as a flow may keep it: it holds what a network told and its tokens. */
export function sealNewcomer(vault: Vault, flowId: string, newcomer: Newcomer): string {
  return vault.encrypt(JSON.stringify(newcomer), `flows.state ${flowId}`);
}

/** Throws when it is another flow's. */
export function openNewcomer(vault: Vault, flowId: string, sealed: string): Newcomer {
  return JSON.parse(vault.decrypt(sealed, `flows.state ${flowId}`));
}

/** The address of a newcomer, in its normal form, and whether it is proven to be theirs. */
export function addressOf(newcomer: Newcomer): { address: string; isProven: boolean } | undefined {
  if (newcomer.kind !== 'network') return { address: newcomer.address, isProven: true };
  const { email } = newcomer.told.answer;
  return email && { address: email.address, isProven: email.proves };
}
