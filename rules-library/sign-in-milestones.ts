import { z } from 'zod';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { claim } from './claim-setting.ts';

const settings = z.strictObject({
  milestones: z
    .array(z.int().min(2).max(100_000))
    .min(1)
    .max(20)
    .default([5, 10, 25, 50, 100, 250, 500, 1000])
    .meta({ title: 'Milestones', description: 'At which sign-ins there is something to celebrate.' }),
  claim: claim('milestone').meta({
    title: 'Claim',
    description: 'Where the milestone stands in the ID token of that very sign-in.',
  }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const signInMilestones: LibraryRule = {
  id: 'sign-in-milestones',
  name: 'Sign-in milestones',
  card: {
    does: 'Marks the 10th, 50th or 100th sign-in of a customer in the profile and in the ID token of that sign-in.',
    why: 'So that loyalty is noticed: a thank-you on the page, a segment of those who come back.',
    needs: 'Nothing.',
    consentWhy: 'It keeps a number of sign-ins, which the profile counts in any case.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from how often you signed in',
      de: 'aus der Zahl Ihrer Anmeldungen',
      es: 'de las veces que has iniciado sesión',
      fr: 'du nombre de vos connexions',
    },
    values: [
      {
        path: 'app_metadata.milestone',
        labels: {
          en: 'Milestone of your sign-ins',
          de: 'Meilenstein Ihrer Anmeldungen',
          es: 'Hito de tus inicios de sesión',
          fr: 'Étape de vos connexions',
        },
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    const count = context.stats?.loginsCount ?? 0;
    if (context.counts === false || !configuration.milestones.includes(count)) return callback(null, user, context);
    context.idToken[configuration.claim] = count;
    user.app_metadata = { ...user.app_metadata, milestone: count };
    await regulars.learn([{ path: 'app_metadata.milestone', value: count }]);
    callback(null, user, context);
  },
};
