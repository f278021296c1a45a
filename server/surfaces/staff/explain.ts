import type { Shown } from '../../base/http.ts';
import { hasText, say } from './pages.ts';

/** How a page tells an error: beside its field, or above the form. */
export type Explained = {
  readonly said: { readonly problem: string } | { readonly errors: Readonly<Record<string, string>> };
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

// Whose field a problem belongs to.
const fields: Readonly<Record<string, string>> = {
  password_weak: 'password',
  code_wrong: 'code',
  code_expired: 'code',
};

/** Puts an expected error into words of a page. */
export function explain({ code, status, message, extra }: Shown): Explained {
  const { field = fields[code], text, retry_after, reset } = extra;
  const key = String(text ?? `problem.${code}`);
  const sentence = hasText(key) ? say(key) : message;
  const wait = typeof reset === 'number' ? Math.max(1, reset - Math.floor(Date.now() / 1000)) : retry_after;
  const tells = status === 429 || status === 503;
  return {
    said: typeof field === 'string' ? { errors: { [field]: sentence } } : { problem: sentence },
    status,
    headers: tells && typeof wait === 'number' ? { 'retry-after': String(wait) } : {},
  };
}
