/**
 * Expected errors: a stable code, its HTTP status and a sentence that says what to do. Surfaces translate them for
 * their guests (Auth0's shape, OAuth's shape, a page). Whatever is not a `Problem` is a fault: logged once, shown as
 * "something went wrong" with an id.
 */
const problems = {
  access_denied: [403, 'This is not allowed.'],
  address_erased: [
    409,
    'The person with this address or phone number asked to be erased. Only they themselves can come back, by signing up.',
  ],
  already_exists: [409, 'This exists already.'],
  being_erased: [409, 'One of these accounts is about to be erased. Its owner must sign in to it and keep it first.'],
  body_too_large: [413, 'The request is larger than 1 MB. Send less at once.'],
  busy: [503, 'Many people are signing in right now. Please try again in a few seconds.'],
  changed_meanwhile: [409, 'Somebody else has changed this meanwhile. Look at what is there now and try again.'],
  code_expired: [400, 'This code is no longer valid. Ask for a new one.'],
  code_wrong: [400, 'That code is not right. Look at the newest message and type its code again.'],
  consent_changed: [409, 'The text has changed meanwhile. Please read it again.'],
  conflict: [409, 'Something else still needs this.'],
  flow_expired: [400, 'This page has expired. Go back to where you came from and sign in again.'],
  identifier_taken: [409, 'This is already in use by another account.'],
  invalid_body: [400, 'The request body is not valid.'],
  invalid_query: [400, 'The query is not valid.'],
  invalid_uri: [400, 'The address is not valid.'],
  last_way_in: [400, 'This is the only way to sign in. Add another one first.'],
  mfa_required: [403, 'Multifactor authentication required'],
  not_found: [404, 'Not Found'],
  no_picture: [404, 'There is no picture that can be shown.'],
  origin_refused: [403, 'This form was sent from another site. Go back and open the page again.'],
  network_failed: [502, 'The other site did not answer as it should. Try again, or sign in another way.'],
  network_refused: [403, 'The other site was told not to sign you in. Try again, or sign in another way.'],
  outgoing_failed: [502, 'The other server did not answer as it should.'],
  outgoing_refused: [400, 'This address may not be called from here.'],
  passkey_expired: [400, 'That took too long, or was sent twice. Try again.'],
  passkey_refused: [403, 'This passkey does not open an account here. Try another one, or sign in another way.'],
  password_weak: [400, 'Choose a longer password: at least 8 characters.'],
  proof_required: [403, 'Please prove that it is you first.'],
  too_many_attempts: [429, 'Too many attempts. Wait a while, or use the link that we mailed.'],
  unauthenticated: [401, 'Missing authentication'],
  user_blocked: [403, 'This account is blocked. Ask customer service for help.'],
  value_changed: [409, 'This was changed meanwhile. Look at what is there now and try again.'],
  wrong_credentials: [403, 'Wrong email or password.'],
  wrong_host: [421, 'This server does not answer for that host name.'],
} as const satisfies Record<string, readonly [number, string]>;

/** Every stable code a `Problem` can carry. */
export type ProblemCode = keyof typeof problems;

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  /** Machine-readable extras that a surface may pass on (never secrets). */
  readonly extra: Readonly<Record<string, unknown>>;

  /** `detail` replaces the code's own sentence when there is something more exact to say. */
  constructor(code: ProblemCode, detail?: string, extra: Record<string, unknown> = {}) {
    super(detail ?? problems[code][1]);
    this.name = 'Problem';
    this.code = code;
    this.status = problems[code][0];
    this.extra = extra;
  }
}

/** Is this an expected error, and (if given) one of these codes? */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || codes.includes(error.code));
}
