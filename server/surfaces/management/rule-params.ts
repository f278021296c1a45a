import { z } from 'zod';

/** `{id}` of a rule. */
export const ruleParams = z.strictObject({ id: z.string().min(1).max(64) });
