import { useSuspenseQuery } from '@tanstack/react-query';
import { allowsAll } from '../../contract/path-rule.ts';
import type { StaffMe } from '../../contract/staff.ts';
import { call } from './api.ts';
import { belongTo } from './session-end.ts';

/**
 * Who is signed in, and what their work lets them see and do. The server decides each time anew; this only hides what
 * would be refused.
 */
export type Session = StaffMe;

export const sessionQuery = {
  queryKey: ['session'],
  async queryFn() {
    const session = await call<Session>('/staff/me');
    await belongTo(session.id);
    return session;
  },
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

/**
 * May they do this where it is about code? Code that runs at sign-in is handed every customer whole and may write what it
 * likes: beside the scope it takes the right to all of that.
 */
export function useMayWriteCode(): (scope: string) => boolean {
  const { scopes, attributes, brands } = useSession();
  const seesAll = brands === null && [attributes.read, attributes.write].every((paths) => allowsAll({ paths }));
  return (scope) => seesAll && scopes.includes(scope);
}
