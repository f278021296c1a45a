import { z } from 'zod';

/** The id of what an operation is about. */
export const idParams = z.strictObject({ id: z.string().min(1).max(600) });
