import { z } from 'zod';
import { notSupported } from './default-only.ts';
import { text, webAddress } from './text.ts';
import { emailAddress } from './users.ts';

// `tickets` of the Management API: links that the umbrella hands on itself.

const identity = z.strictObject({
  user_id: text(512, 1),
  /** Only accounts of a password connection have a password, and an address that is proven by a link. */
  provider: z.literal('auth0'),
  connection_id: z
    .string()
    .regex(/^con_[A-Za-z0-9]{16}$/)
    .optional(),
});
export type TicketIdentity = z.infer<typeof identity>;

const common = {
  /** Where the page behind the link leads to when it is done. */
  result_url: webAddress().optional(),
  /** The portal whose brand the page wears. */
  client_id: text(128, 1).optional(),
  organization_id: notSupported.optional(),
  /** 0: five days, as when it is left out. */
  ttl_sec: z.int().min(0).max(2_592_000).optional(),
  /** Adds the address to `result_url`. */
  includeEmailInRedirect: z.boolean().optional(),
  identity: identity.optional(),
};

/** POST /tickets/email-verification */
export const verificationTicketDraft = z
  .strictObject({ user_id: text(512, 1), ...common })
  .meta({ id: 'VerificationTicketDraft' });

/** POST /tickets/password-change: for a user, or for the account of a connection that has this address. */
export const passwordTicketDraft = z
  .strictObject({
    user_id: text(512, 1).optional(),
    ...common,
    connection_id: z
      .string()
      .regex(/^con_[A-Za-z0-9]{16}$/)
      .optional(),
    email: emailAddress.optional(),
    /** Whoever got the link has proven the address by using it; the umbrella says so. */
    mark_email_as_verified: z.boolean().default(false),
  })
  .meta({ id: 'PasswordTicketDraft' });
export type PasswordTicketDraft = z.infer<typeof passwordTicketDraft>;

export const ticket = z.strictObject({ ticket: z.string() }).meta({ id: 'Ticket' });

/** POST /jobs/verification-email */
export const verificationMailDraft = z
  .strictObject({
    user_id: text(512, 1),
    client_id: text(128, 1).optional(),
    identity: identity.optional(),
    organization_id: notSupported.optional(),
  })
  .meta({ id: 'VerificationMailDraft' });

/** A job that is done already: the mail is in the outbox. */
export const doneJob = z
  .strictObject({
    id: z.string(),
    type: z.literal('verification_email'),
    status: z.literal('completed'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'DoneJob' });
