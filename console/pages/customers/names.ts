import type { User } from './api.ts';

/** What a customer is called where nothing better is known. */
export function nameOf({ name, email, phone_number, username, user_id }: User): string {
  return name || email || phone_number || username || user_id;
}
