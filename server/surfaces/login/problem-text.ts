import { passwordLength } from '../../../contract/accounts.ts';
import { now } from '../../base/clock.ts';
import type { Problem } from '../../base/errors.ts';
import type { Say } from './texts.ts';

/** A refusal in words for people: which field it is about (if one), what to do next, and how it is answered. */
export type Explained = {
  readonly field?: string | undefined;
  readonly text: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

// The sentence of each code that pages can meet with; all others are "something went wrong".
const sentences: Readonly<Record<string, string>> = {
  access_denied: 'problem.access_denied',
  being_erased: 'problem.being_erased',
  body_too_large: 'problem.body_too_large',
  busy: 'problem.busy',
  code_expired: 'problem.code_expired',
  code_wrong: 'problem.code_wrong',
  consent_changed: 'problem.consent_changed',
  conflict: 'problem.conflict',
  flow_expired: 'problem.flow_expired',
  identifier_taken: 'problem.identifier_taken',
  last_way_in: 'problem.last_way_in',
  network_failed: 'problem.network_failed',
  network_refused: 'problem.network_refused',
  not_found: 'problem.not_found',
  origin_refused: 'problem.origin_refused',
  passkey_expired: 'problem.passkey_expired',
  passkey_refused: 'problem.passkey_refused',
  password_weak: 'problem.password_weak',
  too_many_attempts: 'problem.too_many_attempts',
  user_blocked: 'problem.user_blocked',
  wrong_credentials: 'problem.wrong_credentials',
};

// What is said instead, where the refusal gives its reason.
const reasons: Readonly<Record<string, string>> = {
  address: 'problem.password_address',
  breached: 'problem.password_breached',
  common: 'problem.password_common',
  date: 'problem.password_date',
  name: 'problem.password_personal',
  pattern: 'problem.password_pattern',
  personal: 'problem.password_personal',
  repeat: 'problem.password_repeat',
  short: 'problem.password_weak',
  used_before: 'problem.password_used_before',
  words: 'problem.password_words',
  app: 'problem.app_code_wrong',
  limit_factors: 'problem.limit_factors',
  limit_ip_mails: 'problem.limit_ip_mails',
  limit_ip_returns: 'problem.limit_ip_returns',
  limit_ip_sign_ups: 'problem.limit_ip_sign_ups',
  limit_ip_texts: 'problem.limit_ip_texts',
  limit_ip_user_codes: 'problem.limit_ip_user_codes',
  limit_mails: 'problem.limit_mails',
  limit_mails_from_ip: 'problem.limit_mails',
  long: 'problem.password_long',
  passkey_gone: 'problem.passkey_gone',
  passkey_known: 'problem.passkey_known',
  passkey_not_made: 'problem.passkey_not_made',
  passkeys_full: 'problem.passkeys_full',
  phone: 'problem.phone_invalid',
  phone_shared: 'problem.phone_shared',
  phone_taken: 'problem.phone_taken',
  recovery: 'problem.recovery_code_wrong',
  used: 'problem.code_used',
};

// Beside which field it is said, where the refusal does not name one itself.
const fields: Readonly<Record<string, string>> = {
  code_expired: 'code',
  code_wrong: 'code',
  password_weak: 'password',
};

/** A Problem, or a fault as it is shown. */
type Refusal = {
  readonly code: string;
  readonly status: number;
  readonly extra: Problem['extra'];
  readonly message?: string;
};

/** Puts a refusal into words. */
export function explain(
  { code, status, extra, message }: Refusal,
  say: Say,
  values: Readonly<Record<string, string>> = {},
): Explained {
  const reason = typeof extra.reason === 'string' ? reasons[extra.reason] : undefined;
  const key = typeof extra.text === 'string' ? extra.text : (reason ?? sentences[code]);
  // An action at registration has words of its own.
  const own = extra.reason === 'registration_refused' ? message : undefined;
  const field = typeof extra.field === 'string' ? extra.field : fields[code];
  return {
    field,
    text: own ?? say(key ?? 'problem.unknown', { least: extra.least ?? passwordLength.least, ...values }),
    status,
    headers: headersOf(extra),
  };
}

/** How long to wait (RFC 9110 10.2.3), and the limit in the words of Auth0. */
function headersOf({ limit, remaining, reset, retry_after }: Problem['extra']): Record<string, string> {
  const told = {
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': reset,
    'retry-after': typeof reset === 'number' ? Math.max(1, reset - Math.floor(now().getTime() / 1000)) : retry_after,
  };
  return Object.fromEntries(
    Object.entries(told).flatMap(([name, value]) => (typeof value === 'number' ? [[name, String(value)]] : [])),
  );
}
