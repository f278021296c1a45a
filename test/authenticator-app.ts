// An authenticator app and a reader of the pages that set one up, for tests.
import { TOTP } from 'otpauth';

/** The code of this secret, `steps` of 30 seconds from now: each is good once, so tests walk on in time. */
export function codeOf(secret: string, steps = 0): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
}

/** The secret that a page shows for typing. */
export function secretOn({ html }: { html: string }): string {
  return /<code>([A-Z2-7 ]+)<\/code>/.exec(html)?.[1]?.replaceAll(' ', '') ?? '';
}

/** The recovery codes that a page shows. */
export function recoveryCodesOn({ html }: { html: string }): string[] {
  return [...html.matchAll(/<code>([0-9A-Z-]{19})<\/code>/g)].map(([, code = '']) => code);
}
