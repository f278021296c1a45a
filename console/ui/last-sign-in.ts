import { ApiError, call } from './api.ts';
import type { Brand, Consent, LastSignIn, SignInRow } from './known-sign-in.ts';
import { Refused } from './refused.ts';

/**
 * A customer by `user_id` or e-mail address, and how they last came in.
 *
 * @throws Refused where there is no such customer
 */
export async function lastSignInOf(who: string, may: (scope: string) => boolean): Promise<LastSignIn> {
  const user = await customerCalled(who);
  const of = `/users/${encodeURIComponent(user.user_id)}`;
  const [row, consents, brands] = await Promise.all([
    may('read:logs_users') || may('read:logs') ? lastRow(of) : undefined,
    may('read:consents') ? call<readonly Consent[]>(`${of}/consents`) : [],
    may('read:brands') ? call<readonly Brand[]>('/brands', { query: { per_page: 100 } }) : [],
  ]);
  return { user, row, consents, brand: brands.find(({ slug }) => slug === row?.brand) };
}

async function lastRow(of: string): Promise<SignInRow | undefined> {
  const name = 'signed_in,signed_in_silently,signed_in_by_password_grant,signed_in_by_code_grant';
  const query = { name, take: 1 };
  const { timeline } = await call<{ timeline: readonly SignInRow[] }>(`${of}/timeline`, { query });
  return timeline[0];
}

/** The customer with this `user_id` or e-mail address. @throws Refused where there is none */
export async function customerCalled(called: string): Promise<LastSignIn['user']> {
  const who = called.trim();
  if (who === '') throw new Refused('who', 'Who? A user_id or an e-mail address.');
  try {
    if (who.includes('|')) return await call<LastSignIn['user']>(`/users/${encodeURIComponent(who)}`);
    const [user] = await call<readonly LastSignIn['user'][]>('/users-by-email', { query: { email: who } });
    if (user) return user;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  throw new Refused('who', 'There is no such customer, or not one that you may see.');
}
