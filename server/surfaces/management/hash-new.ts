import type { Base } from '../../base/base.ts';
import { checkNewPassword } from '../../features/accounts/accounts.ts';

/**
 * The hash of a password that somebody is to have, made before a transaction begins; undefined without one.
 *
 * @throws Problem `password_weak`, `busy`
 */
export async function hashNew(base: Base, password: string | undefined, address?: string): Promise<string | undefined> {
  if (password === undefined) return undefined;
  checkNewPassword(password, address);
  return base.hasher.hash(password);
}
