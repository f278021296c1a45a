import { z } from 'zod';

/** A role as it is named beside others. */
export const roleName = z.strictObject({ id: z.uuid(), name: z.string() });

/** GET /staff/me */
export const staffMe = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    roles: z.array(roleName),
    scopes: z.array(z.string()),
    /** Lists of paths: what they may read, and what they may write. */
    attributes: z.strictObject({ read: z.array(z.string()), write: z.array(z.string()) }),
    /** Ids of the brands they see; null: all. */
    brands: z.array(z.uuid()).nullable(),
    /** Where the console posts to sign out. */
    sign_out: z.string(),
  })
  .meta({ id: 'StaffMe' });
export type StaffMe = z.infer<typeof staffMe>;
