import { z } from 'zod';
import { connectionDraft, connectionPatch, connectionView } from './connections.ts';

/** Taken only when they say what holds here anyway: connections are for signing in, and offered by name or button. */
const idle = {
  is_domain_connection: z.literal(false).optional(),
  authentication: z.strictObject({ active: z.literal(true) }).optional(),
  connected_accounts: z
    .strictObject({ active: z.literal(false), cross_app_access: z.literal(false).optional() })
    .optional(),
  cross_app_access_requesting_app: z.strictObject({ active: z.literal(false) }).optional(),
};

/** A connection as it is answered alone. */
export const connectionAnswer = z
  .strictObject({ ...connectionView.shape, ...z.object(idle).required().shape })
  .meta({ id: 'ConnectionAnswer' });
export type ConnectionAnswer = z.infer<typeof connectionAnswer>;

/** As it stands in a list, where Auth0 does not tell the clients. */
export const listedConnection = connectionAnswer.omit({ enabled_clients: true }).meta({ id: 'ListedConnection' });
export type ListedConnection = z.infer<typeof listedConnection>;

/** POST /connections */
export const connectionRequest = z
  .strictObject({ ...connectionDraft.shape, ...idle })
  .meta({ id: 'ConnectionRequest' });

/** PATCH /connections/{id} */
export const connectionPatchRequest = z
  .strictObject({ ...connectionPatch.shape, ...idle })
  .meta({ id: 'ConnectionPatchRequest' });
