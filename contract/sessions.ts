import { z } from 'zod';

// `sessions` of the Management API: where a customer is signed in, in Auth0's words.

const instant = z.iso.datetime();

export const session = z
  .strictObject({
    id: z.string(),
    user_id: z.string(),
    created_at: instant,
    updated_at: instant,
    authenticated_at: instant,
    /** It ends then unless it is used. */
    idle_expires_at: instant,
    /** It ends then at the latest. */
    expires_at: instant,
    last_interacted_at: instant,
    device: z.strictObject({
      last_user_agent: z.string(),
      last_ip: z.string().nullable(),
    }),
    /** Portals that got tokens in it. */
    clients: z.array(z.strictObject({ client_id: z.string() })),
    authentication: z.strictObject({ methods: z.array(z.strictObject({ name: z.string(), timestamp: instant })) }),
  })
  .meta({ id: 'Session' });
