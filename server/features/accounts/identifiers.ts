import { username as usernameRule } from '../../../contract/accounts.ts';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { isSingleScript } from '../../../contract/single-script.ts';
import { Problem } from '../../base/errors.ts';

/** What somebody types to say who they are, in the one form in which it is compared. */
export type Identifier = { readonly kind: 'email' | 'username'; readonly value: string };

/**
 * What was typed at sign-in: an e-mail address, or else a username. Anything is one, also what no account can have, so
 * that nonsense is answered like any unknown account.
 */
export function readIdentifier(typed: string): Identifier {
  const address = normaliseEmail(typed);
  return address ? { kind: 'email', value: address } : { kind: 'username', value: bounded(typed) };
}

/** An address for a new account. Throws invalid_body (extra: field). */
export function acceptEmail(typed: string): string {
  const address = normaliseEmail(typed);
  if (!address) throw new Problem('invalid_body', 'This is not an e-mail address.', { field: 'email' });
  return address;
}

/** A username for a new account; never what could be an e-mail address. Throws invalid_body (extra: field). */
export function acceptUsername(typed: string): string {
  const name = bounded(typed);
  if (!usernameRule.safeParse(name).success || !isSingleScript(name)) {
    throw new Problem('invalid_body', 'A username has up to 128 characters, no spaces and no @.', {
      field: 'username',
    });
  }
  return name;
}

function bounded(typed: string): string {
  return typed.toWellFormed().slice(0, 1000).trim().normalize('NFKC').toLowerCase().replaceAll('\0', '').slice(0, 320);
}
