import { z } from 'zod';

/**
 * Who is asked for a second factor. `never`: nobody must have one; who has added one is asked for it on a new device.
 * `new_device`: everybody must have one, and is asked on a new device. `always`: at every sign-in, but where the device
 * is remembered.
 */
export const mfaPolicy = z.literal(['never', 'new_device', 'always']);
export type MfaPolicy = z.infer<typeof mfaPolicy>;
