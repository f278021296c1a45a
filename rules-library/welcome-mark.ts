import { z } from 'zod';
import type { LibraryRule } from '../server/features/rules/rules.ts';
import { claim } from './claim-setting.ts';

const settings = z.strictObject({
  claim: claim('is_new').meta({
    title: 'Claim',
    description:
      'Where the mark stands in the ID token. Your portal reads it to greet a newcomer; it is false again when tokens are renewed.',
  }),
});

declare const configuration: z.infer<typeof settings>;

export const welcomeMark: LibraryRule = {
  id: 'welcome-mark',
  name: 'Welcome mark',
  card: {
    does: 'Tells the portal, in the ID token, whether this very sign-in is the first of the customer ever.',
    why: 'So that a newcomer is greeted as one: a tour, a first offer, a word of welcome.',
    needs: 'Nothing.',
    consentWhy: 'It tells a portal of yours that somebody is new, and keeps nothing.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  onFailure: 'go_on',
  deadlineMs: 500,
  run(user, context, callback) {
    context.idToken[configuration.claim] = context.stats?.loginsCount === 1 && context.counts !== false;
    callback(null, user, context);
  },
};
