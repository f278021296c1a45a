import { z } from 'zod';
import { firstSourceInWords } from '../contract/library-values.ts';
import type { LibraryRule, RegularsForRules } from '../server/features/rules/rules.ts';

const settings = z.strictObject({
  parameters: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z][\w-]{0,49}$/, 'A letter first, then letters, digits, “_” and “-”: utm_source'),
    )
    .min(1)
    .max(20)
    .default(['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content', 'ref'])
    .meta({
      title: 'Parameters',
      description: 'What your portal hands over with the sign-in (`/authorize?utm_source=...`) of where a visit began.',
    }),
});

declare const configuration: z.infer<typeof settings>;
declare const regulars: RegularsForRules;

export const firstSource: LibraryRule = {
  id: 'first-source',
  name: 'First source of visit',
  card: {
    does: 'Keeps what brought a customer the very first time: the campaign, the brand, the portal and the day.',
    why: 'So that you know which campaigns bring people who stay.',
    needs: 'A portal that hands its campaign parameters over with the sign-in. It is written once and never changed.',
    consentWhy: 'It keeps which campaign the customer followed.',
  },
  needsConsent: 'profiling',
  callsOutside: false,
  settings,
  tells: {
    from: {
      en: 'from your first sign-in',
      de: 'aus Ihrer ersten Anmeldung',
      es: 'de tu primer inicio de sesión',
      fr: 'de votre première connexion',
    },
    values: [
      {
        path: 'app_metadata.first_source',
        labels: {
          en: 'First came by',
          de: 'Zuerst gekommen über',
          es: 'Primera visita por',
          fr: 'Première visite par',
        },
        inWords: firstSourceInWords,
      },
    ],
  },
  onFailure: 'go_on',
  deadlineMs: 1000,
  async run(user, context, callback) {
    if (user.app_metadata?.first_source !== undefined) return callback(null, user, context);
    const { query } = context.request ?? {};
    const told = typeof query === 'object' && query !== null && !Array.isArray(query) ? query : {};
    const campaign = Object.fromEntries(
      configuration.parameters
        .map((name) => [
          name,
          String(told[name] ?? '')
            .replace(/\p{Cc}+/gu, ' ')
            .slice(0, 200)
            .trim()
            .toWellFormed(),
        ])
        .filter(([, value]) => value !== ''),
    );
    // Who signs in for the tenth time came by something else than today's campaign; nor does what happens unseen in the
    // background (a refresh, `prompt=none`) say how they came, though the first sign-in is still the only one.
    const isFirst = context.stats?.loginsCount === 1 && context.counts !== false;
    if (!isFirst) return callback(null, user, context);
    const { brand } = context;
    const of = typeof brand === 'object' && brand !== null && 'name' in brand ? brand.name : undefined;
    const at = new Date().toISOString();
    const source = {
      ...campaign,
      ...(of && { brand: of }),
      portal: context.clientName ?? context.clientID ?? null,
      connection: context.connection ?? null,
      on: at.slice(0, 10),
      // The day is another one where it is read.
      at,
    };
    user.app_metadata = { ...user.app_metadata, first_source: source };
    await regulars.learn([{ path: 'app_metadata.first_source', value: source }]);
    callback(null, user, context);
  },
};
