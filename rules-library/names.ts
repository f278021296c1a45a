import { z } from 'zod';
import { tidyNameInWords } from '../contract/library-values.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  titles: z
    .array(z.string().trim().min(1).max(20))
    .max(100)
    .default(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'sir', 'herr', 'frau', 'mme', 'mlle', 'sr', 'sra', 'ing'])
    .meta({ title: 'Titles', description: 'Words in front of a name that are left out, with or without a full stop.' }),
  particles: z
    .array(z.string().trim().min(1).max(20))
    .max(100)
    .default(['van', 'von', 'der', 'den', 'de', 'del', 'della', 'da', 'di', 'du', 'la', 'le', 'bin', 'al', 'ter', 'zu'])
    .meta({ title: 'Particles', description: 'Words that belong to the family name: "Ludwig van Beethoven".' }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const names: LibraryRule = {
  id: 'names',
  name: 'Tidy names',
  card: {
    does: 'Keeps a tidy form beside each name: "MARCHETTI, SOFIA" and "sofia  marchetti ✨" become Sofia Marchetti, with first and family name apart. A name that is there stays as it was told; one that is missing is filled in.',
    why: 'So that a letter can begin "Dear Sofia", whatever network she comes by: it takes the tidy form, `app_metadata.tidy_name`.',
    needs: 'A name, or a first or family name.',
    consentWhy: 'It only tidies the name that the profile has.',
  },
  needsConsent: null,
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from your name',
      de: 'aus Ihrem Namen',
      es: 'de tu nombre',
      fr: 'de votre nom',
    },
    values: [
      {
        path: 'app_metadata.tidy_name',
        labels: { en: 'Tidied name', de: 'Bereinigter Name', es: 'Nombre ordenado', fr: 'Nom mis en forme' },
        inWords: tidyNameInWords,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    /** Without titles, emoji and what else is no part of a name. */
    const clean = (value: string) =>
      value
        .normalize('NFC')
        .replace(/[^\p{L}\p{M}\p{Zs}'’.,-]/gu, ' ')
        .split(/\s+/)
        .filter((word) => /\p{L}/u.test(word))
        .filter(
          (word, place, all) =>
            place > 0 || all.length === 1 || !configuration.titles.includes(word.replace('.', '').toLowerCase()),
        )
        .join(' ');
    /** Some letters become two when they are written great: those stay. */
    const great = (letter: string) => ([...letter.toUpperCase()].length === 1 ? letter.toUpperCase() : letter);
    /** Of who types all letters alike the first one of each part becomes great: "o'neill-SMITH", O'Neill-Smith. */
    const cased = (value: string) =>
      value === value.toLowerCase() || value === value.toUpperCase()
        ? value
            .toLowerCase()
            .replace(/(^|[\s'’-])(\p{L})/gu, (_, before, letter) => before + great(letter))
            .split(' ')
            .map((word) => (configuration.particles.includes(word.toLowerCase()) ? word.toLowerCase() : word))
            .join(' ')
        : value;
    const split = (full: string) => {
      const comma = /^([^,]+),\s*([^,]+)$/.exec(full);
      if (comma) return { given: comma[2] ?? '', family: comma[1] ?? '' };
      const words = full.replaceAll(',', ' ').trim().split(/\s+/);
      if (words.length < 2) return { given: full, family: '' };
      let from = words.length - 1;
      while (from > 1 && configuration.particles.includes((words[from - 1] ?? '').toLowerCase())) from -= 1;
      return { given: words.slice(0, from).join(' '), family: words.slice(from).join(' ') };
    };

    const full = clean(text(user.name)).replace(/^[,\s]+|[,\s]+$/g, '');
    const isAddress = text(user.name).includes('@');
    const parts = isAddress || full === '' ? { given: '', family: '' } : split(full);
    const given = cased(clean(text(user.given_name)) || clean(parts.given));
    const family = cased(clean(text(user.family_name)) || clean(parts.family));
    if (given === '' && family === '') return callback(null, user, context);
    const name = [given, family].filter((part) => part !== '').join(' ');
    const tidy = { ...(given && { given_name: given }), ...(family && { family_name: family }), name };
    const facts = Object.entries(tidy).map(([path, value]) => ({ path, value, confidence: 0.7 }));
    user.app_metadata = { ...user.app_metadata, tidy_name: tidy };
    for (const { path, value } of facts) user[path] ??= value;
    await regulars.learn([...facts, { path: 'app_metadata.tidy_name', value: tidy, confidence: 0.7 }]);
    callback(null, user, context);
  },
};
