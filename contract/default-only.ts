import { z } from 'zod';

// Properties of Auth0's API that do nothing here are taken only with the value that means "not used", so that
// nothing a client asks for is silently left undone.

/** A list that must be empty. */
export const emptyList = z.array(z.never()).max(0);

/** An object that must be empty. */
export const emptyObject = z.strictObject({});

/** A property that Auth0 has and we do not: any value is refused, by name. */
export const notSupported = z.never();
