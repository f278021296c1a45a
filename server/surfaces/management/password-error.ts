import { isProblem, Problem } from '../../base/errors.ts';

// Auth0's names of what is wrong with a password, with its sentences.
const names: Readonly<Record<string, string>> = {
  personal: 'PasswordNoUserInfoError: Password contains user information',
  common: 'PasswordDictionaryError: Password is too common',
  used_before: 'PasswordHistoryError: Password has previously been used',
  breached: 'PasswordLeakedError: Password has appeared in a public data breach',
};

/** A password that was refused, in Auth0's words; anything else as it is. */
export function passwordErrorOf(error: unknown): unknown {
  if (!isProblem(error, 'password_weak')) return error;
  const { reason } = error.extra;
  const name = typeof reason === 'string' ? names[reason] : undefined;
  return new Problem('password_weak', name ?? 'PasswordStrengthError: Password is too weak');
}
