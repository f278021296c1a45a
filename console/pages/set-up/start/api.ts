import { queryOptions } from '@tanstack/react-query';
import { call } from '../../../ui/api.ts';

type Found = { readonly users: readonly { readonly last_login?: string }[] };

/** Has anybody signed in yet? */
export const firstCustomerQuery = queryOptions({
  queryKey: ['first-customer'],
  queryFn: async ({ signal }) => {
    const { users } = await call<Found>('/users', { query: { take: 10 }, signal });
    return { isThere: users.some(({ last_login }) => last_login !== undefined) };
  },
});

/** A customer with a proven address and a password. */
export function makeCustomer(draft: {
  email: string;
  password: string;
  connection: string;
}): Promise<{ email: string }> {
  return call('/users', { method: 'POST', body: { ...draft, email_verified: true } });
}
