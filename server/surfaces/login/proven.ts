import type { KeptTries } from '../../base/guess.ts';
import type { JsonObject } from '../../base/json.ts';
import type { AtDoor, FactorKind } from '../../features/accounts/accounts.ts';
import type { Answer } from '../../features/consents/consents.ts';
import type { Usual } from '../../features/customers/customers.ts';
import type { FactAnswer } from '../../features/questions/questions.ts';
import type { Decided } from '../oidc/oidc.ts';
import type { Found } from './found.ts';
import type { Newcomer, Told } from './newcomer.ts';
import type { Ahead } from './rules/kept.ts';

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

/** Where the actions stood when one sent the customer elsewhere, and what rules had decided before. */
export type Resume = {
  readonly suspended: string;
  readonly decided: Decided;
  /** Ids of the rules that ran. */
  readonly executed: readonly string[];
  /** `event.prompt`: what was asked, and what was answered. */
  readonly prompt?: JsonObject | undefined;
};

/** What was said to a question that an action asked on the way: kept when the sign-in is. */
export type Demanded = {
  /** Id of the asking. */
  readonly ask: string;
  /** By the key of the field; undefined: they said "not now". */
  readonly said?: Readonly<Record<string, FactAnswer>> | undefined;
  readonly consents?: readonly Answer[] | undefined;
};

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
  /** The second factor that was passed before, in the session or the sign-in that is gone on with. */
  readonly factor?: FactorKind | undefined;
  /** False: this very run has seen that the customer has no second factor. */
  readonly hasFactor?: boolean | undefined;
  /** What this very run has seen to be usual for the customer. */
  readonly usual?: Usual | undefined;
  /** What code will be told, asked for already. */
  readonly ahead?: Ahead | undefined;
  /** To be given back: with the recorded sign-in, or when the run ends otherwise. */
  readonly tries?: KeptTries | undefined;
  /** False: by the session that was there; nothing was proven anew. */
  readonly anew: boolean;
  /** False: this brand sees them for the first time, by a session that was begun elsewhere: to go on takes a click. */
  readonly welcome: boolean;
  /** They were about to be erased, and keep the account. */
  readonly keeps?: boolean | undefined;
  /** What rules and actions decided before the sign-in was held. */
  readonly decided?: Decided | undefined;
  /** Ids of how actions ran for this sign-in, to stand in its row. */
  readonly executions?: readonly string[] | undefined;
  /** Of a question that an action has asked. */
  readonly demanded?: Demanded | undefined;
  /** They are back from where an action sent them, or from what it asked. */
  readonly resume?: Resume | undefined;
};
