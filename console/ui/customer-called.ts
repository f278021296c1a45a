import { ApiError, call } from './api.ts';
import { Refused } from './refused.ts';

type Called = Readonly<Record<string, unknown>> & { readonly user_id: string };

/** The customer with this `user_id` or e-mail address. @throws Refused where there is none */
export async function customerCalled(called: string): Promise<Called> {
  const who = called.trim();
  if (who === '') throw new Refused('who', 'Who? A user_id or an e-mail address.');
  try {
    if (who.includes('|')) return await call<Called>(`/users/${encodeURIComponent(who)}`);
    const [user] = await call<readonly Called[]>('/users-by-email', { query: { email: who } });
    if (user) return user;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  throw new Refused('who', 'There is no such customer, or not one that you may see.');
}
