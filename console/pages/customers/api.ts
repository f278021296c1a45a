import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Visit } from '../../../contract/customers.ts';
import { call } from '../../ui/api.ts';
import { readAllByNumber } from '../../ui/read-all.ts';

/** A customer as `/api/v2/users` shows one: Auth0's words. What the role may not read is not there. */
export type User = {
  readonly user_id: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly phone_number?: string;
  readonly phone_verified?: boolean;
  readonly username?: string;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly birthdate?: string;
  readonly zoneinfo?: string;
  readonly locale?: string;
  readonly blocked?: boolean;
  readonly logins_count?: number;
  readonly last_login?: string;
  readonly last_ip?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly identities?: readonly Identity[];
  readonly user_metadata?: Readonly<Record<string, unknown>>;
  readonly app_metadata?: Readonly<Record<string, unknown>>;
  /** What single brands know, by their slug. */
  readonly brands?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [attribute: string]: unknown;
};

export type Identity = {
  readonly provider: string;
  readonly connection: string;
  readonly user_id: string;
  readonly isSocial: boolean;
};

type Found = {
  readonly users: readonly User[];
  readonly total: number;
  readonly total_is_estimate: boolean;
  readonly next?: string;
};

/** What is asked of the list. `filter`: a condition in JSON. */
export type Asked = {
  readonly search?: string | undefined;
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
};

/** Customers by what was typed and chosen, a page at a time; what is found by a search has an order of its own. */
export function customersQuery({ search, filter, sort }: Asked) {
  return infiniteQueryOptions({
    queryKey: ['customers', search, filter, sort],
    queryFn: ({ pageParam, signal }) =>
      call<Found>('/users', {
        query: { search, filter, sort: search ? undefined : sort, take: 50, from: pageParam || undefined },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

/** A part of all that were asked for, and the mark of the next; as many at once as the API gives. */
export async function customersFrom({ search, filter, sort }: Asked, from: string | undefined, signal: AbortSignal) {
  const query = { search, filter, sort: search ? undefined : sort, take: 100, from };
  const { users, next } = await call<Found>('/users', { query, signal });
  return { rows: users, next };
}

export function customerQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => call<User>(`/users/${encodeURIComponent(id)}`, { signal }),
  });
}

/** Where a value of the profile comes from. */
export type Fact = {
  readonly path: string;
  readonly kind: 'said' | 'withdrawn' | 'excluded';
  readonly value: unknown;
  readonly source: 'customer' | 'asked' | 'umbrella' | 'network' | 'rule' | 'inferred';
  readonly origin: string;
  readonly at: string;
  readonly identity: string | null;
  readonly wins: boolean;
};

export type Consent = {
  readonly brand: string | null;
  readonly purpose: string;
  readonly topic: string | null;
  readonly state: 'given' | 'withdrawn' | 'pending';
  readonly version: string;
  readonly wording: string;
  readonly source: string;
  readonly at: string;
};

/** Something that the customer signs in with, or proves a second time. */
export type Method = {
  readonly id: string;
  readonly type: 'password' | 'totp' | 'phone' | 'email' | 'email-verification' | 'recovery-code' | 'passkey';
  readonly confirmed: boolean;
  readonly name?: string;
  readonly phone_number?: string;
  readonly email?: string;
  readonly created_at: string;
  readonly last_auth_at?: string;
};

/** A row of the catalogue of attributes. */
export type Attribute = {
  readonly path: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly sensitive: boolean;
  /** What can be chosen. */
  readonly choices: readonly { readonly value: string; readonly labels: Readonly<Record<string, string>> }[] | null;
};

const under = (id: string, part: string) => `/users/${encodeURIComponent(id)}/${part}`;

export function factsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'facts'],
    queryFn: ({ signal }) => call<Fact[]>(under(id, 'facts'), { signal }),
  });
}

export function consentsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'consents'],
    queryFn: ({ signal }) => call<Consent[]>(under(id, 'consents'), { signal }),
  });
}

export function methodsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'methods'],
    queryFn: ({ signal }) => call<Method[]>(under(id, 'authentication-methods'), { signal }),
  });
}

/** At which brands, since when, when last and how often; the latest first. */
export function visitsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'visits'],
    queryFn: ({ signal }) => call<Visit[]>(under(id, 'visits'), { signal }),
  });
}

/** The catalogue: how attributes are called. */
export const attributesQuery = queryOptions({
  queryKey: ['attributes', 'catalogue'],
  queryFn: ({ signal }) => readAllByNumber<Attribute>('/attributes', signal),
  staleTime: 60_000,
});
