import { z } from 'zod';
import { text } from './text.ts';

/** Characters (code points) that a password must and may have; NIST SP 800-63B asks for no more than its length. */
export const passwordLength = { least: 8, most: 256 } as const;

/** A name to sign in with beside the e-mail address: never an address itself, so that nobody can take another's. */
export const username = text(128, 1).regex(/^[^\s@+][^\s@]*$/);

/** What a person may tell of themselves when signing up, beside e-mail and password (Auth0's sign-up properties). */
export const signUpProfile = z.strictObject({
  name: text(300, 1).optional(),
  given_name: text(150, 1).optional(),
  family_name: text(150, 1).optional(),
  nickname: text(300, 1).optional(),
  picture: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  user_metadata: z
    .record(text(100, 1), text(500))
    .refine((value) => Object.keys(value).length <= 10, 'Too many properties defined, maximum 10')
    .optional(),
});
export type SignUpProfile = z.infer<typeof signUpProfile>;
