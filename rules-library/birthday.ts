import { z } from 'zod';
import { ageBandInWords, monthInWords } from '../contract/library-values.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  bands: z.array(z.int().min(1).max(120)).min(1).max(20).default([18, 25, 35, 45, 55, 65]).meta({
    title: 'Age bands',
    description: 'The age at which each band begins: 18, 25, 35 makes "under 18", "18-24", "25-34" and "35+".',
  }),
  month: z
    .boolean()
    .default(true)
    .meta({ title: 'Keep the month', description: 'For a gift in the month of the birthday.' }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const birthday: LibraryRule = {
  id: 'birthday',
  name: 'Birthday month and age band',
  card: {
    does: 'Keeps the month of the birthday and a band of ages ("25-34") beside the birthday that the profile has.',
    why: 'So that segments and campaigns need neither the exact day nor the year.',
    needs:
      'A birthday in the profile, told by the customer or a network. Without a year there is a month, but no band.',
    consentWhy: 'It derives an age from the birthday.',
  },
  needsConsent: 'profiling',
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from your birthday',
      de: 'aus Ihrem Geburtstag',
      es: 'de tu cumpleaños',
      fr: 'de votre date de naissance',
    },
    values: [
      {
        path: 'app_metadata.birthday_month',
        labels: {
          en: 'Month of the birthday',
          de: 'Monat des Geburtstags',
          es: 'Mes del cumpleaños',
          fr: 'Mois d’anniversaire',
        },
        inWords: monthInWords,
      },
      {
        path: 'app_metadata.age_band',
        labels: { en: 'Age', de: 'Alter', es: 'Edad', fr: 'Âge' },
        inWords: ageBandInWords,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    // `YYYY-MM-DD`, `0000-MM-DD` without the year, `YYYY` with nothing else.
    const told = /^(\d{4})(?:-(\d{2})-(\d{2}))?$/.exec(String(user.birthdate ?? ''));
    const [year, month, day] = [Number(told?.[1] ?? 0), Number(told?.[2] ?? 0), Number(told?.[3] ?? 0)];
    const facts = [];
    if (configuration.month && month >= 1 && month <= 12) {
      facts.push({ path: 'app_metadata.birthday_month', value: month });
    }
    if (year > 0) {
      const today = new Date();
      // Who told no more than the year is as old as at its end.
      const months = today.getUTCMonth() + 1 - (month || 12);
      const hadBirthday = months > 0 || (months === 0 && today.getUTCDate() >= (day || 31));
      const age = today.getUTCFullYear() - year - (hadBirthday ? 0 : 1);
      const starts = [...new Set(configuration.bands)].sort((a, b) => a - b);
      const next = starts.findIndex((start) => age < start);
      const from = next < 0 ? starts[starts.length - 1] : starts[next - 1];
      const band =
        from === undefined ? `under ${starts[0]}` : next < 0 ? `${from}+` : `${from}-${(starts[next] ?? 0) - 1}`;
      if (age >= 0 && age <= 120) facts.push({ path: 'app_metadata.age_band', value: band });
    }
    for (const { path, value } of facts) {
      user.app_metadata = { ...user.app_metadata, [path.slice('app_metadata.'.length)]: value };
    }
    if (facts.length > 0) await regulars.learn(facts);
    callback(null, user, context);
  },
};
