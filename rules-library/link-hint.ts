import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';
import { claim } from './claim-setting.ts';

const settings = z.strictObject({
  claim: claim('link_hint').meta({
    title: 'Claim',
    description: 'Where the hint stands in the ID token of that sign-in: "verify_email" or "add_another_way".',
  }),
  from: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .meta({ title: 'From which sign-in', description: 'Nobody is bothered before this one.' }),
  every: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ title: 'How often', description: 'From there on: 5 is every fifth sign-in.' }),
});

declare const configuration: z.infer<typeof settings>;

export const linkHint: LibraryRule = {
  id: 'link-hint',
  name: 'Link hint',
  card: {
    does: 'Tells the portal now and then that a customer should prove the e-mail address, or add a second way in, so that accounts of one person can be joined.',
    why: 'So that one person does not end up with three profiles, and nobody is locked out when a network closes.',
    needs:
      'A portal that shows the hint, with a link to /account/security. Whether somebody else has the same address it never tells.',
    consentWhy: 'It is about the safety of their own account, and keeps nothing.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'go_on',
  deadlineMs: 500,
  run(user, context, callback) {
    const count = context.stats?.loginsCount ?? 0;
    const isTurn = count >= configuration.from && (count - configuration.from) % configuration.every === 0;
    const isTime = isTurn && context.counts !== false;
    const ways = Array.isArray(user.identities) ? user.identities.length : 0;
    const hint =
      user.email && user.email_verified !== true ? 'verify_email' : ways === 1 ? 'add_another_way' : undefined;
    if (isTime && hint) context.idToken[configuration.claim] = hint;
    callback(null, user, context);
  },
};
