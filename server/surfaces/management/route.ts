import { z } from 'zod';
import type { Base } from '../../base/base.ts';
import type { EndSessions, ErasureVerb, ExportVerb } from '../../features/customers/customers.ts';
import type { PortalCheck } from '../../features/portals/portals.ts';
import type { Caller } from './caller.ts';
import type { Note } from './note.ts';
import { readPart } from './read-part.ts';
import type { SigningKeyVerbs } from './signing-key-verbs.ts';
import type { PublicKeys } from './verify-token.ts';

/** What the routes of the Management API work with. */
export type Api = {
  readonly base: Base;
  /** Ends every session of a customer; the protocol surface's. */
  readonly endSessions: EndSessions;
  /** Refuses what the protocol engine would not take as a client. */
  readonly validateClient: PortalCheck;
  /** The public keys of the tokens that this server signs. */
  readonly publicKeys: PublicKeys;
  /** The keys that sign tokens; the protocol surface's. */
  readonly signingKeys: SigningKeyVerbs;
  /** Delete what features and surfaces hold of an erased customer. */
  readonly erasures: readonly ErasureVerb[];
  /** Hand out what features and surfaces hold of a customer. */
  readonly exports: readonly ExportVerb[];
};

/** A request as it arrived, after the guard. */
export type Parts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
} & Circumstances;

/** Who asks, from where, and what the audit log is told of it. */
export type Circumstances = {
  readonly caller: Caller;
  /** The caller's address. */
  readonly ip: string;
  /** The version of what is changed that the caller saw; see `refuseChanged`. */
  readonly ifMatch: string | undefined;
  readonly note: Note;
};

/** What a write is about, as the audit log calls it. */
export const writtenThings = [
  ...[
    'action',
    'api',
    'attribute',
    'brand',
    'connection',
    'consent',
    'customer',
    'enrichment',
    'grant',
    'invitation',
    'key',
    'mail',
    'note',
  ],
  ...['portal', 'protection', 'question', 'role', 'rule', 'staff', 'store', 'umbrella'],
] as const;
export type WrittenThing = (typeof writtenThings)[number];

/** Who may call: whoever has one of these scopes; or any of the staff who is signed in, about themselves. */
export type May = readonly [string, ...string[]] | 'staff';

type Facts = (Reading | Writing) & {
  /** Below `/api/v2`, as OpenAPI writes it: `/users/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** The guard. */
  readonly may: May;
  readonly status: 200 | 201 | 202 | 204;
  /** A GET tells the version of what it shows (`ETag`), what changes it minds it (`If-Match`). */
  readonly versioned?: true;
  /** What the answer looks like, unless `fields` takes parts away. Never with 204, which tells nothing. */
  readonly reply?: z.ZodType;
  /** Of an answer that is no JSON, such as one that is streamed; `application/json` when left out. */
  readonly type?: string;
  /** The name of the file that it is: staff's browser may be led to it by a link, and saves it as it comes. */
  readonly download?: string;
};

/** Reading is in the audit log when a customer is found or listed on the way (see `findUser`). */
type Reading = {
  readonly method: 'GET';
  readonly audit?: undefined;
  readonly together?: undefined;
  readonly apart?: undefined;
};

/**
 * Every write is in the audit log; it cannot be declared without what it is about and how the two are one, or that it
 * writes nothing at all, as a preview.
 */
type Writing = { readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE' } & (
  | { readonly audit: 'nothing'; readonly together?: undefined; readonly apart?: undefined }
  /** The whole operation and its row in the audit log are one transaction: for what takes nothing but the database. */
  | { readonly audit: WrittenThing; readonly together: true; readonly apart?: undefined }
  /** Why they are not: the operation calls `note.write` in the transaction of its act, or before it acts outside. */
  | { readonly audit: WrittenThing; readonly together?: undefined; readonly apart: string }
);

/** One operation of the API. It cannot be declared without its guard. */
export type Route = Facts & {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  /** Reads the request by the contracts, then acts. Problem `invalid_uri`, `invalid_query`, `invalid_body`, ... */
  run(api: Api, request: Parts): Promise<unknown>;
};

/** The scopes of which the caller must have one; none: any of the staff may. */
export function scopesFor({ may }: Pick<Route, 'may'>): readonly string[] {
  return may === 'staff' ? [] : may;
}

/** No parameters in the path, or in the query. */
export const nothing = z.strictObject({});

/** No body; one that is sent all the same is not looked at. */
export const noBody = z.unknown();

/**
 * Declares an operation.
 *
 * @example
 * route(
 *   { method: 'GET', path: '/brands/{id}', summary: 'Read a brand', may: ['read:brands'], params: idParams,
 *     query: nothing, body: noBody, status: 200, reply: brand },
 *   async (api, { params }) => showBrand(await find(api, params.id)),
 * );
 */
export function route<P, Q, B>(
  spec: Facts & { readonly params: z.ZodType<P>; readonly query: z.ZodType<Q>; readonly body: z.ZodType<B> },
  handle: (
    api: Api,
    call: { readonly params: P; readonly query: Q; readonly body: B } & Circumstances,
  ) => Promise<unknown>,
): Route {
  return {
    ...spec,
    run: (api, { params, query, body, ...circumstances }) =>
      handle(api, {
        params: readPart('params', spec.params, params),
        query: readPart('query', spec.query, query),
        body: readPart('body', spec.body, body),
        ...circumstances,
      }),
  };
}
