import type { z } from 'zod';
import { normaliseEmail } from '../../../contract/email-address.ts';
import { Problem } from '../../base/errors.ts';

/** What was typed into a form. Anything but one text a name is not there. */
export type Form = Readonly<Record<string, string>>;

/** The posted body as a form: names sent twice, files and JSON are dropped. */
export function readForm(body: unknown): Form {
  if (typeof body !== 'object' || body === null) return {};
  const pairs = Object.entries(body).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return Object.fromEntries(pairs);
}

/** A field that cannot be taken, with the sentence that says why: shown beside it. */
export function badField(field: string, text: string): Problem {
  return new Problem('invalid_body', undefined, { field, text });
}

/**
 * One line that was typed.
 *
 * @throws Problem `invalid_body` (extra: field, text) when it is missing, too long or holds control characters
 */
export function textField(form: Form, name: string, most: number): string {
  const value = form[name] ?? '';
  if (value.trim() === '') throw badField(name, 'problem.field_missing');
  if (value.length > most || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value))
    throw badField(name, 'problem.field_unreadable');
  return value;
}

/** An e-mail address in its normal form (see `normaliseEmail`). Throws as `textField` does. */
export function emailField(form: Form, name = 'username'): string {
  const address = normaliseEmail(textField(form, name, 320));
  if (!address) throw badField(name, 'problem.email_invalid');
  return address;
}

/** What somebody signs in with: an address, or a user name as it was typed. */
export function identifierField(form: Form): string {
  const typed = textField(form, 'username', 320).trim();
  return typed.includes('@') ? emailField(form) : typed;
}

/** A password as it was typed; spaces count. */
export function passwordField(form: Form, name = 'password'): string {
  const value = form[name] ?? '';
  if (value === '') throw badField(name, 'problem.field_missing');
  if (value.length > 1024) throw badField(name, 'problem.password_long');
  if (value.includes('\u0000')) throw badField(name, 'problem.field_unreadable');
  return value;
}

/** What a script of ours put into a field as JSON. Throws Problem `passkey_refused` for anything else. */
export function credentialField<T>(form: Form, schema: z.ZodType<T>): T {
  try {
    const read = schema.safeParse(JSON.parse(form.credential ?? ''));
    if (read.success) return read.data;
  } catch {
    // No JSON: as wrong as any other.
  }
  throw new Problem('passkey_refused');
}
