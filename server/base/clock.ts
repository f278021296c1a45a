/**
 * The present instant. All business time comes from here and is handed to SQL as a parameter, so that a test that
 * mocks `Date` moves the whole server.
 */
export function now(): Date {
  return new Date();
}

/** The instant `seconds` from now; negative for the past. */
export function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}
