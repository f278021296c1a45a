import { z } from 'zod';
import { text } from './text.ts';
import { emailAddress } from './users.ts';

// Ours: support fixes the address that a customer signs in with.

/** POST /users/{id}/address-changes */
export const addressChangeDraft = z
  .strictObject({
    /** The new address; a link goes there. */
    email: emailAddress,
    /** The portal whose brand mails and page wear. */
    client_id: text(128, 1).optional(),
  })
  .meta({ id: 'AddressChangeDraft' });

/** What waits for the customer to use the link. */
export const addressChange = z
  .strictObject({ email: z.string(), expires_at: z.iso.datetime() })
  .meta({ id: 'AddressChange' });
