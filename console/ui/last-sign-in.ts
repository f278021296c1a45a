import { ApiError, call } from './api.ts';
import { Refused } from './refused.ts';

type Json = Readonly<Record<string, unknown>>;

/** A sign-in of a customer, as far as the role of whoever asks may see it: the server leaves out what it may not. */
export type LastSignIn = {
  /** As the API shows them: what rules find as `user`. */
  readonly user: Json & { readonly user_id: string };
  /** Undefined: they never signed in, or the role may not read it. */
  readonly row: SignInRow | undefined;
};

type SignInRow = {
  readonly occurred_at: string;
  readonly brand: string | null;
  readonly portal: string | null;
  readonly portal_name: string | null;
  readonly device: string | null;
  readonly browser: string | null;
  readonly ip: string | null;
  readonly data: Json;
};

/**
 * A customer by `user_id` or e-mail address, and how they last came in.
 *
 * @throws Refused where there is no such customer
 */
export async function lastSignInOf(who: string, mayReadLogs: boolean): Promise<LastSignIn> {
  const user = await find(who.trim());
  if (!mayReadLogs) return { user, row: undefined };
  const { timeline } = await call<{ timeline: readonly SignInRow[] }>(
    `/users/${encodeURIComponent(user.user_id)}/timeline`,
    { query: { name: 'signed_in,signed_in_silently,signed_in_by_password_grant,signed_in_by_code_grant', take: 1 } },
  );
  return { user, row: timeline[0] };
}

async function find(who: string): Promise<LastSignIn['user']> {
  if (who === '') throw new Refused('who', 'Whose sign-in? A user_id or an e-mail address.');
  try {
    if (who.includes('|')) return await call<LastSignIn['user']>(`/users/${encodeURIComponent(who)}`);
    const [user] = await call<readonly LastSignIn['user'][]>('/users-by-email', { query: { email: who } });
    if (user) return user;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  throw new Refused('who', 'There is no such customer, or not one that you may see.');
}
