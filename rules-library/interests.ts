import { z } from 'zod';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';
import { retailInterests } from './retail-interests.ts';

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
  list: z
    .record(z.string(), z.array(z.string().min(2).max(60)).max(100))
    .default(retailInterests)
    .meta({
      title: 'The list',
      description:
        'Words in a page’s category or name, and the interest that they stand for. What is not in it is not looked at.',
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
      'Likes from a network, for which the customer was asked. Only the list counts: no faith, no politics, no health.',
  },
  needsConsent: 'enrichment',
  topicIsEnough: true, // likes are asked for by network
  callsOutside: false,
  settings,
  onFailure: 'go_on',
  deadlineMs: 2000,
  async run(user, context, callback) {
    const likes = Array.isArray(user.likes) ? user.likes : [];
    if (likes.length === 0) return callback(null, user, context);
    const { list, only, most, least } = configuration;
    const counts = new Map<string, number>();
    const words = Object.entries(list)
      .filter(([interest]) => only.length === 0 || only.some((one) => one === interest))
      .map(([interest, signs]) => ({ interest, signs: signs.map((sign) => sign.toLowerCase()) }));
    for (const like of likes) {
      if (typeof like !== 'object' || like === null || Array.isArray(like)) continue;
      const of = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : '');
      const text = ` ${of(like.category)} ${of(like.name)} `.replace(/[^\p{L}\p{N}]+/gu, ' ');
      for (const { interest, signs } of words) {
        // At the beginning of a word: "hik" finds hiking, and "art" does not find party.
        if (signs.some((sign) => text.includes(` ${sign}`))) counts.set(interest, (counts.get(interest) ?? 0) + 1);
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
