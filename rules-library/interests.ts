import { z } from 'zod';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { interestNames } from './interest-names.ts';
import { retailInterests } from './retail-interests.ts';

const interest = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^=\n]+$/, 'No = in it');
const word = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[^*]/, 'No * at the beginning')
  .regex(/^[^;\n]+$/, 'No semicolon in it');

const settings = z.strictObject({
  only: z
    .array(z.literal(Object.keys(retailInterests)))
    .max(100)
    .default([])
    .meta({ title: 'Only these interests', description: 'Those that you sell something for; none: all of the list.' }),
  most: z
    .int()
    .min(1)
    .max(50)
    .default(8)
    .meta({ title: 'At most', description: 'How many interests of a customer are kept: those with the most likes.' }),
  least: z.int().min(1).max(20).default(1).meta({ title: 'From how many likes', description: 'Fewer are chance.' }),
  list: z.record(interest, z.array(word).max(100)).default(retailInterests).meta({
    title: 'The list',
    description:
      'Interests, each with whole words of a page’s category or name that stand for it; a star stands for the rest of a word: `hiking = hiking; trek*`. What is not in it is not looked at.',
  }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const interests: LibraryRule = {
  id: 'interests',
  name: 'Likes to interests',
  card: {
    does: 'Makes a short list of interests of retail ("skincare", "hiking") from the pages that a customer likes at a network.',
    why: 'So that offers fit, and the raw likes, which tell far more than a shop should know, need not be looked at.',
    needs:
      'Likes from a network, for which the customer was asked. Pages of faith, politics or health are left out; of the others only the list counts.',
    consentWhy: 'It is worked out from what a network tells. A yes to the likes of that network is enough.',
  },
  needsConsent: 'enrichment',
  topicIsEnough: true, // likes are asked for by network
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from what you like at networks',
      de: 'aus dem, was Ihnen bei Netzwerken gefällt',
      es: 'de lo que te gusta en las redes',
      fr: 'de ce que vous aimez sur les réseaux',
    },
    values: [
      {
        path: 'app_metadata.interests',
        labels: { en: 'Interests', de: 'Interessen', es: 'Intereses', fr: 'Centres d’intérêt' },
        choices: interestNames,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 2000,
  async run(user, context, callback) {
    const likes = Array.isArray(user.likes) ? user.likes : [];
    if (likes.length === 0) return callback(null, user, context);
    const { list, only, most, least } = configuration;
    // Facebook's categories of pages that tell of faith, politics or health: such a like is not looked at, nor its name.
    // No setting, for it is what the customer is promised.
    const apart = `
      religio*, church, temple, mosque, synagogue, shrine, monastery, convent, kingdom hall, place of worship,
      spiritual*, assemblies of god, mission, seminary, theolog*, gospel, bible, christian*, catholic, islam*,
      muslim*, jewish, hindu, sikh, buddhist, pastor, priest, politic*, government*, intergovernmental, election*,
      lobbyist, labor union, trade union, cause, health, healthcare, medical, medicine, doctor, hospital, clinic,
      hospice, blood bank, *surgeon, surger*, *therap*, *patholog*, *ologist, physician, nursing, nurse, mental,
      aids, dentist, dental, *odontist, orthoped*, orthotics, osteopath*, pediatric*, *iatrist, internist,
      allergist, acupunctur*, chiropract*, naturopath*, nutritionist, optometrist, optician, disease*, addiction,
      rehab*, abortion, pregnancy, maternity, reproductive, pharma*, cannabis, disab*, crisis, assisted living,
      midwife, surgical, dialysis, fertility, urgent care, emergency room, weight loss, diagnostic*, labour union,
      activist, activism, rabbi, imam`
      .trim()
      .split(/,\s+/);
    const plain = (text: string) => text.normalize('NFC').toLowerCase();
    /** Whole words with a space at each side; what is none becomes a space. */
    const wordsOf = (value: unknown) =>
      typeof value === 'string'
        ? ` ${plain(value)
            .replace(/[^\p{L}\p{N}]+/gu, ' ')
            .trim()} `
        : '';
    const anyOf = (signs: readonly string[]) => {
      const alternatives = signs.map((sign) => {
        const words = plain(sign)
          .replace(/[^\p{L}\p{N}*]+/gu, ' ')
          .trim();
        const [before, after] = [words.startsWith('*'), words.endsWith('*')].map((open) => (open ? '[^ ]*' : ''));
        return `${before}${words.replaceAll('*', '')}${after}`;
      });
      const some = alternatives.filter((one) => /[\p{L}\p{N}]/u.test(one));
      return some.length > 0 ? new RegExp(` (?:${some.join('|')}) `, 'u') : undefined;
    };
    const isApart = anyOf(apart);
    const counts = new Map<string, number>();
    const wanted = Object.entries(list)
      .filter(([interest]) => only.length === 0 || only.some((one) => one === interest))
      .map(([interest, signs]) => ({ interest, sign: anyOf(signs) }));
    for (const like of likes) {
      if (typeof like !== 'object' || like === null || Array.isArray(like)) continue;
      const [category, name] = [wordsOf(like.category), wordsOf(like.name)];
      // "Health/Beauty" is how Facebook calls shops of creams and soaps.
      if (isApart?.test(category.replace(' health beauty ', ' beauty '))) continue;
      for (const { interest, sign } of wanted) {
        if (sign?.test(category) || sign?.test(name)) counts.set(interest, (counts.get(interest) ?? 0) + 1);
      }
    }
    const found = [...counts]
      .filter(([, count]) => count >= least)
      .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
      .slice(0, most)
      .map(([interest]) => interest);
    user.app_metadata = { ...user.app_metadata, interests: found };
    await regulars.learn([{ path: 'app_metadata.interests', value: found, confidence: 0.6 }]);
    callback(null, user, context);
  },
};
