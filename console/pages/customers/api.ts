import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { method } from '../../../contract/authentication-methods.ts';
import type { userConsent } from '../../../contract/consents.ts';
import type { ApiAttribute, ApiFact, Visit } from '../../../contract/customers.ts';
import { isMadePicture } from '../../../contract/made-picture.ts';
import type { LibraryValue } from '../../../contract/rules.ts';
import type { user } from '../../../contract/users.ts';
import { ApiError, call, callFile } from '../../ui/api.ts';
import { readAllByMark, readAllByNumber } from '../../ui/read-all.ts';

/** A customer as `/api/v2/users` shows one: Auth0's words. What the role may not read is not there. */
export type User = z.infer<typeof user>;
export type Identity = User['identities'][number];

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
export type Fact = ApiFact;
export type Consent = z.infer<typeof userConsent>;
/** Something that the customer signs in with, or proves a second time. */
export type Method = z.infer<typeof method>;
/** What the profile needs of a row of the catalogue of attributes. */
export type Attribute = Pick<ApiAttribute, 'path' | 'type' | 'labels' | 'sensitive' | 'choices'>;

const under = (id: string, part: string) => `/users/${encodeURIComponent(id)}/${part}`;

/**
 * The customer's picture as this server passes it on, as a `data:` address; null where there is none to show. Its own
 * address is never loaded here: who serves it would learn who looks at whom.
 */
export function pictureQuery({ user_id: id, picture }: Pick<User, 'user_id' | 'picture'>) {
  return queryOptions({
    // Apart from the rest of the customer, which is read anew whenever something happens to them.
    queryKey: ['customer-picture', id, picture],
    queryFn: async ({ signal }) => {
      try {
        return await toDataAddress(await callFile(under(id, 'picture'), { signal }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    enabled: picture !== undefined && !isMadePicture(picture),
    staleTime: 300_000,
    retry: false,
  });
}

function toDataAddress(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

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

/** What ready rules keep of customers: how it is called, and what its words mean. */
export const libraryValuesQuery = queryOptions({
  queryKey: ['rules', 'library', 'values'],
  queryFn: ({ signal }) => call<LibraryValue[]>('/rules/library/values', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

type ConnectionName = { readonly name: string; readonly display_name?: string };

/** Connections, by their names. */
export const connectionNamesQuery = queryOptions({
  queryKey: ['connections', 'names'],
  queryFn: ({ signal }) => readAllByMark<ConnectionName>('/connections', 'connections', signal),
  staleTime: 60_000,
});
