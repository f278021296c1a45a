import { z } from 'zod';

// PostgreSQL cannot hold NUL, and no name, address or text of a setting needs the other control characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** Text of at most `most` characters without control characters (tab and line ends are fine). */
export function text(most = 1024, least = 0): z.ZodString {
  return z
    .string()
    .min(least)
    .max(most)
    .refine((value) => !control.test(value), 'String contains control characters');
}

/**
 * A name that people read: not empty, one line, no `<` or `>`, as Auth0 has it, and nothing that turns the direction of
 * what stands behind it (a name in Arabic or Hebrew needs no such signs).
 */
export function displayName(most = 200): z.ZodString {
  return text(most, 1)
    .regex(/^[^<>]+$/)
    .refine(
      (value) => !/[\r\n\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(value),
      'String is more than one plain line',
    );
}

/** An absolute http or https address without user, or (when `empty`) nothing. */
export function webAddress(options: { empty?: boolean; httpsOnly?: boolean } = {}): z.ZodString {
  return text(2000).refine((value) => {
    if (value === '') return options.empty === true;
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (!url || url.username || url.password) return false;
    return url.protocol === 'https:' || (!options.httpsOnly && url.protocol === 'http:');
  }, "Object didn't pass validation for format url");
}

/** Names and values of any JSON, as metadata and profiles hold it. */
export const jsonObject = z.record(z.string(), z.json());
