import type { FastifyRequest } from 'fastify';
import type { Customer } from '../../features/customers/customers.ts';
import type { Portal } from '../../features/portals/portals.ts';
import type { Decided } from './decided.ts';
import type { SignIn } from './sign-ins.ts';

/**
 * What the protocol asks of the journey. The protocol knows tokens and sessions; who may come in, and what is learned,
 * asked and decided on the way, is the journey's. It is called where no page of ours stands between the customer and
 * the tokens: an existing session, a refresh, a password grant. On pages the journey runs by itself and hands its
 * result to `finishFlow`.
 */
export type Journey = {
  /**
   * A customer who is signed in asks for tokens of a portal: run guard, rules and factor, count the visit unless it is
   * silent, and write the sign-in.
   *
   * @returns `go` with the sign-in that was written; `page` with the reason why a page is needed first (a silent
   *   request is then answered `interaction_required`); or `error`, sent to the portal as it is
   */
  onSession(visit: SessionVisit): Promise<SessionAnswer>;
  /** A refresh token is about to be used; nothing is consumed yet. Never counts as a sign-in. */
  onRefresh(visit: RefreshVisit): Promise<RefreshAnswer>;
  /**
   * A portal sends the customer's password itself (grant types `password` and password-realm).
   *
   * @throws Problem (`wrong_credentials`, `too_many_attempts`, `user_blocked`, `busy`, ...)
   */
  onPassword(visit: PasswordVisit): Promise<PasswordAnswer>;
  /**
   * A portal sends a code that was mailed to the customer at its wish (grant type passwordless/otp).
   *
   * @throws Problem (`code_wrong`, `code_expired`, `too_many_attempts`, `user_blocked`, `access_denied`, ...)
   */
  onCode(visit: CodeVisit): Promise<PasswordAnswer>;
  /**
   * A portal sends what was typed as second factor, for a sign-in that was answered `mfa_required`.
   *
   * @throws Problem (`flow_expired`: the token is used, too old or another portal's; `code_wrong`, `code_expired`,
   *   `too_many_attempts`, `user_blocked`, ...)
   */
  onSecondFactor(visit: SecondFactorVisit): Promise<PasswordAnswer & { wanted: Wanted }>;
};

/** What a portal asked for: the parameters of its authorization request, by their names on the wire. */
export type PortalParams = Readonly<Record<string, string>>;

export type SessionVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  readonly customer: Customer;
  readonly session: SessionNow;
  readonly params: PortalParams;
  /** What the portal added of its own (`utm_source`), for the umbrella's code. */
  readonly added: PortalParams;
  /** `prompt=none`: there is nobody to show a page to. */
  readonly silent: boolean;
};

/** The session as it stands. */
export type SessionNow = {
  readonly uid: string;
  /** When the customer last proved who they are. */
  readonly signedInAt: Date;
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  /** Has this portal been given tokens in this session before? */
  readonly knowsPortal: boolean;
  /** Client ids of the portals that were. */
  readonly portals: readonly string[];
};

export type SessionAnswer =
  | { readonly go: { readonly signIn: string } }
  | {
      readonly page: string;
      /** What the pages' flow begins with, as its state. */
      readonly remember?: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly error: string; readonly description: string };

export type RefreshVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  readonly customer: Customer;
  /** The sign-in that the refresh token goes back to. */
  readonly signIn: SignIn;
  /** When the customer last proved who they are. */
  readonly signedInAt: Date;
  readonly scope: readonly string[];
  readonly token: RefreshTokenNow;
};

/** A refresh token as it stands before it is used. */
export type RefreshTokenNow = {
  /** When the first of its family was given. */
  readonly createdAt: Date;
  /** When it took the place of the one before; not told by a token that stays the same. */
  readonly exchangedAt?: Date | undefined;
  /** When it ends unless it is used, and in any case; undefined: never. */
  readonly idleEndsAt?: Date | undefined;
  readonly endsAt?: Date | undefined;
  readonly isRotating: boolean;
  /** APIs that it opens. */
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
};

export type RefreshAnswer =
  /** `decided` replaces what was decided at the sign-in, for these tokens only. */
  | { readonly go: { readonly decided?: Decided | undefined } }
  | { readonly error: string; readonly description: string };

export type PasswordVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  readonly username: string;
  readonly password: string;
  /** Name of the connection to look in; without it the portal's password connection. */
  readonly realm?: string | undefined;
  readonly scope: readonly string[];
  readonly audience?: string | undefined;
};

/** What was typed, in the words of second factors: of an app, of the ten, or of a code that was sent (`code`: its id). */
export type TypedSecond =
  | { readonly by: 'totp' | 'recovery_code'; readonly typed: string }
  | { readonly by: 'code'; readonly code: string; readonly typed: string };

export type SecondFactorVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  readonly mfaToken: string;
  readonly typed: TypedSecond;
};

/** What tokens were asked for. */
export type Wanted = { readonly scope: readonly string[]; readonly audience?: string | undefined };

export type CodeVisit = {
  readonly request: FastifyRequest;
  readonly portal: Portal;
  /** How the code was sent. */
  readonly realm: 'email' | 'sms';
  /** The e-mail address or phone number. */
  readonly username: string;
  readonly otp: string;
  readonly scope: readonly string[];
  readonly audience?: string | undefined;
};

export type PasswordAnswer = {
  readonly go: {
    /** The `sub`. */
    readonly userId: string;
    readonly signIn: string;
    readonly amr: readonly string[];
    readonly acr?: string | undefined;
    readonly decided?: Decided | undefined;
  };
};
