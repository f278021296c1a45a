import type { Vault } from '../../base/crypto.ts';
import type { FirstWay } from '../../features/accounts/accounts.ts';
import type { NetworkAnswer } from '../../features/connections/connections.ts';

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
    }
  /** A number that was proven by a code in a text message; `code` makes a customer of it. */
  | {
      readonly kind: 'text';
      readonly code: string;
      readonly flow: string;
      /** E.164. */
      readonly phone: string;
      readonly connection: string;
    };

/** The newcomer as a flow may keep it: it holds what a network told and its tokens. */
export function sealNewcomer(vault: Vault, flowId: string, newcomer: Newcomer): string {
  return vault.encrypt(JSON.stringify(newcomer), `flows.state ${flowId}`);
}

/** Throws when it is another flow's. */
export function openNewcomer(vault: Vault, flowId: string, sealed: string): Newcomer {
  return JSON.parse(vault.decrypt(sealed, `flows.state ${flowId}`));
}

/** The e-mail address of a newcomer, in its normal form, and whether it is proven to be theirs. */
export function addressOf(newcomer: Newcomer): { address: string; isProven: boolean } | undefined {
  if (newcomer.kind === 'text') return undefined;
  if (newcomer.kind !== 'network') return { address: newcomer.address, isProven: true };
  const { email } = newcomer.told.answer;
  return email && { address: email.address, isProven: email.proves };
}
