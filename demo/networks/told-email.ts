import type { Endpoint, Faults } from './faults.ts';
import type { Person } from './people.ts';

/** An e-mail address as an answer tells it. */
export interface ToldEmail {
  email: string;
  /** A string only when the network was told to misbehave, or where the real one sends one. */
  verified: boolean | string;
}

/** The address of a person in one answer, after the network's faults; null if there is none. */
export function tellEmail(person: Person, faults: Faults, endpoint: Endpoint): ToldEmail | null {
  if (person.email === undefined || faults.take('missing_email', endpoint)) return null;
  const verified = faults.take('unverified_email', endpoint) ? false : (person.emailVerified ?? true);
  const asText = faults.take('email_verified_string', endpoint);
  return { email: person.email, verified: asText ? String(verified) : verified };
}
