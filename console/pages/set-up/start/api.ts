import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { firstSignIn } from '../../../../contract/umbrella.ts';
import { call } from '../../../ui/api.ts';

const askMs = 2_000;
const mostAsked = 300;

/**
 * Has anybody signed in yet? Asked again and again while somebody looks, for they may be trying it in another tab; after
 * ten minutes when they come back to the page.
 */
export const firstSignInQuery = queryOptions({
  queryKey: ['first-sign-in'],
  queryFn: ({ signal }) => call<z.infer<typeof firstSignIn>>('/first-sign-in', { signal }),
  refetchInterval: ({ state }) =>
    state.data?.signed_in === false && state.dataUpdateCount < mostAsked ? askMs : false,
});

/** A customer with a proven address and a password. */
export function makeCustomer(draft: {
  email: string;
  password: string;
  connection: string;
}): Promise<{ email: string }> {
  return call('/users', { method: 'POST', body: { ...draft, email_verified: true } });
}
