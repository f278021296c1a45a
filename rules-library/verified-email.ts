import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  withoutEmail: z.literal(['let_in', 'refuse']).default('let_in').meta({
    title: 'Who has no address',
    description: 'For example who signs in by phone, or by a network that tells none.',
  }),
  message: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .default('Please confirm your e-mail address first. The link is in the mail that we sent you.')
    .meta({ title: 'Message', description: 'Shown to whoever is refused.' }),
});

declare const configuration: z.infer<typeof settings>;
declare const UnauthorizedError: new (message: string) => Error;

export const verifiedEmail: LibraryRule = {
  id: 'verified-email',
  name: 'Require a verified e-mail address',
  card: {
    does: 'Refuses sign-ins of customers who have not proven their e-mail address.',
    why: 'So that orders and letters reach who they are for.',
    needs: 'Nothing. Hosted sign-up proves every address; this is for accounts from elsewhere.',
    consentWhy: 'It protects their own account, and keeps nothing.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'refuse',
  deadlineMs: 500,
  run(user, context, callback) {
    const isFine = user.email ? user.email_verified === true : configuration.withoutEmail === 'let_in';
    callback(isFine ? null : new UnauthorizedError(configuration.message), user, context);
  },
};
