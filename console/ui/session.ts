import { useSuspenseQuery } from '@tanstack/react-query';
import { call } from './api.ts';

/** Who is signed in, and what their work lets them see and do. The server decides each time anew; this only hides what would be refused. */
export type Session = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly scopes: readonly string[];
  readonly attributes: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** Slugs of the brands that they are limited to; null: all. */
  readonly brands: readonly string[] | null;
};

export const sessionQuery = {
  queryKey: ['session'],
  queryFn: () => call<Session>('/staff/me'),
  staleTime: 15_000,
};

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** May they do this? */
export function useMay(): (scope: string) => boolean {
  const { scopes } = useSession();
  return (scope) => scopes.includes(scope);
}
