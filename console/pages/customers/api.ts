import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { call } from '../../ui/api.ts';

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
  readonly [attribute: string]: unknown;
};

export type Identity = {
  readonly provider: string;
  readonly connection: string;
  readonly user_id: string;
  readonly isSocial: boolean;
};

type Found = { readonly users: readonly User[]; readonly next?: string; readonly total?: number };

/** Customers by what was typed, a page at a time. */
export function customersQuery(search: string, sort: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['customers', search, sort],
    queryFn: ({ pageParam, signal }) =>
      call<Found>('/users', { query: { search, sort, take: 50, from: pageParam || undefined }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
}

export function customerQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => call<User>(`/users/${encodeURIComponent(id)}`, { signal }),
  });
}
