import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import Provider, { type AdapterPayload } from 'oidc-provider';
import type { JsonObject } from '../../base/json.ts';
import type { MachineOutcome } from '../../features/actions/actions.ts';
import type { Customer } from '../../features/customers/customers.ts';
import type { Portal } from '../../features/portals/portals.ts';
import type { Decided } from './decided.ts';
import type { SessionAnswer } from './journey-port.ts';
import type { ProtocolPage } from './page-port.ts';
import type { StoredGrant, StoredToken } from './records.ts';
import type { SignIn } from './sign-ins.ts';
import { noWrites, type Writes } from './writes.ts';

/**
 * One request at the engine: what it has read, so that nothing is read twice, and what it will write, in one statement
 * at its end. The engine's models reach it through their context.
 */
export type Exchange = {
  readonly request: FastifyRequest;
  /** The portal, once the engine has asked for it. */
  portal?: Portal | undefined;
  /** Client id of a portal that was found open together with something else. */
  openPortal?: string | undefined;
  /** Whether the portal is open is asked at the end, with the writing: nothing is given before. */
  readonly checksPortalLast: boolean;
  /** The customer whose tokens these are. */
  customer?: Customer | undefined;
  /** Ids of customers that were merged into them; undefined: not read yet. */
  previousSubs?: readonly string[] | undefined;
  /** The sign-in that the token at hand goes back to. */
  signIn?: SignIn | undefined;
  /** What rules decided for the tokens at hand. */
  decided?: Decided | undefined;
  /** What code added to the ID token, as the grant at hand keeps it. */
  ownClaims?: JsonObject | undefined;
  /** Id of the sign-in that a new grant is made for. */
  newSignIn?: string | undefined;
  /** Engine payloads that were read, by kind and id; undefined: known not to be there. */
  readonly read: Map<string, AdapterPayload | undefined>;
  /** Stored tokens that were read, by kind and hash. */
  readonly tokens: Map<string, StoredToken | undefined>;
  /** Rows of sessions that were read are changed, never made anew. */
  sessionIsKnown: boolean;
  /** `uid` of the session that is opened, if the browser has none. */
  sessionToBe?: string | undefined;
  /** Scopes of an authorization request as they were sent. */
  askedScope?: string | undefined;
  /** What the customer typed of a device's code. */
  userCode?: string | undefined;
  /** The refresh token at hand stays the same one: the answer does not repeat it. */
  keepsRefreshToken?: boolean | undefined;
  /** What actions made of a machine's request, asked once. */
  machine?: Promise<MachineOutcome | undefined> | undefined;
  /** What the journey said, asked once. */
  journey?: Promise<SessionAnswer> | undefined;
  readonly writes: Writes;
  /** False: something that may be used once only had been used, and nothing was written. */
  won?: boolean | undefined;
  /** Origin that may frame the answer, or `'none'`. */
  framedBy?: string | undefined;
  /** What the engine answers. */
  answer?: { readonly status: number; readonly body: unknown } | undefined;
  /** Kind of a token that came back long after it was used up. */
  reused?: string | undefined;
  /** What the engine refused, before it became a response. */
  refused?: Error | undefined;
  /** A fault, to be told as one. */
  fault?: unknown;
  /** A page to answer with. */
  page?: { readonly name: ProtocolPage['name']; readonly model: Readonly<Record<string, unknown>> } | undefined;
};

const exchanges = new WeakMap<IncomingMessage, Exchange>();

/** Begins one for a request that is about to be handed to the engine. */
export function openExchange(request: FastifyRequest, checksPortalLast = false): Exchange {
  const exchange: Exchange = {
    request,
    read: new Map(),
    tokens: new Map(),
    sessionIsKnown: false,
    checksPortalLast,
    writes: noWrites(),
  };
  exchanges.set(request.raw, exchange);
  return exchange;
}

/** The exchange of the engine's context. */
export function exchangeOf(ctx: { readonly req: IncomingMessage } | undefined): Exchange {
  const exchange = ctx && exchanges.get(ctx.req);
  if (!exchange) throw new Error('The engine was used outside of a request.');
  return exchange;
}

/** The exchange of the request that the engine is working on. */
export function currentExchange(): Exchange {
  return exchangeOf(Provider.ctx);
}

/** Keeps what was read together with a grant: whose it is, and the sign-in it was made for. */
export function rememberGrant(exchange: Exchange, grant: StoredGrant): void {
  const { signIn, customer, previousSubs, ownClaims } = grant;
  exchange.signIn = signIn;
  exchange.decided ??= signIn.decided;
  exchange.customer = customer;
  exchange.previousSubs = previousSubs;
  exchange.ownClaims = ownClaims;
}
