import { z } from 'zod';
import { language } from './brands.ts';
import { text, webAddress } from './text.ts';

/**
 * What a customer can allow or refuse. `profiling`: working out more from what is known, as where they are or how old.
 * `enrichment`: learning of them from others. That is what a network knows beyond the profile, as pages liked (the
 * network's connection is then the topic), and what a data service such as FullContact answers about them.
 */
export const consentPurpose = z.literal(['terms', 'profiling', 'enrichment', 'email', 'sms', 'referral']);
export type ConsentPurpose = z.infer<typeof consentPurpose>;

/** One part of a purpose, as people say it: `skincare news`. */
export const consentTopic = text(100, 1);

/** Names one text of a consent: `3`, `2026-11`. */
export const wordingVersion = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/);

const wordingText = z.strictObject({
  /** Stands beside the box. `{brand}` is replaced by the brand's name. */
  label: text(500, 1),
  /** More, in small print. */
  details: text(10_000).optional(),
  /** Where the whole text is. */
  link: webAddress().optional(),
});
export type WordingText = z.infer<typeof wordingText>;

/** One text in the languages it is written in. */
export const wordingTexts = z
  .partialRecord(language, wordingText)
  .refine((texts) => Object.keys(texts).length > 0, 'At least one language is needed');
export type WordingTexts = z.infer<typeof wordingTexts>;

const settings = {
  /** Without it nobody goes on where it is asked. */
  required: z.boolean(),
  /** Ask newcomers: on the sign-up page, and at the first sign-in of those who come another way. */
  at_sign_up: z.boolean(),
  /** Ask at a sign-in whoever has not answered yet, and whoever said yes to an older version. */
  in_journey: z.boolean(),
  /** A yes counts when a mailed link was clicked. */
  double_opt_in: z.boolean(),
  /** In whole years, by the birthday in the profile. */
  minimum_age: z.int().min(1).max(99).nullable(),
  /** Whoever is younger is not asked (and has not allowed it), or cannot sign in at all. */
  under_age: z.literal(['skip', 'refuse']),
  /** Whose age is not known is asked, or not. */
  unknown_age: z.literal(['ask', 'skip']),
  /** Lower ones are asked first. */
  position: z.int().min(-1_000_000).max(1_000_000),
};
export const consentSettings = z.strictObject(settings);
export type ConsentSettings = z.infer<typeof consentSettings>;

/** POST /consents. `brand`: id or slug; null: the umbrella. */
export const consentDraft = z
  .strictObject({
    brand: text(64, 1).nullable().default(null),
    purpose: consentPurpose,
    topic: consentTopic.nullable().default(null),
    ...consentSettings.partial().shape,
  })
  .meta({ id: 'ConsentDraft' });
export type ConsentDraft = z.infer<typeof consentDraft>;

/** PATCH /consents/{id}: what it is about stays. */
export const consentPatch = consentSettings.partial().meta({ id: 'ConsentPatch' });
export type ConsentPatch = z.infer<typeof consentPatch>;

/** A row of the catalogue of consents. */
export const consent = z
  .strictObject({
    id: z.uuid(),
    brand: z.uuid().nullable(),
    purpose: consentPurpose,
    topic: z.string().nullable(),
    ...settings,
    /** The version in force; null: it is not asked. */
    version: z.string().nullable(),
    /** Versions that are written and not published, the newest first. */
    drafts: z.array(z.string()),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Consent' });
export type Consent = z.infer<typeof consent>;

/** POST /consents/{id}/wordings. Left out, the version is the next number. */
export const wordingDraft = z
  .strictObject({ version: wordingVersion.optional(), texts: wordingTexts })
  .meta({ id: 'WordingDraft' });

/** PATCH /consents/{id}/wordings/{version}: before it is published. */
export const wordingPatch = z.strictObject({ texts: wordingTexts }).meta({ id: 'WordingPatch' });

/** One version of the words in which a consent is asked. */
export const wording = z
  .strictObject({
    version: z.string(),
    texts: wordingTexts,
    status: z.literal(['draft', 'in_force', 'superseded', 'withdrawn']),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    published_at: z.iso.datetime().nullable(),
    withdrawn_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Wording' });
export type Wording = z.infer<typeof wording>;

const scope = { brand: z.uuid().nullable(), purpose: consentPurpose, topic: z.string().nullable() };

/** What holds now. */
export const userConsent = z
  .strictObject({
    ...scope,
    /** Only `given` allows anything. */
    state: z.literal(['given', 'withdrawn', 'pending', 'under_age']),
    version: z.string(),
    wording: z.string(),
    language: z.string(),
    source: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'UserConsent' });

/** One yes or no, with its proof. */
export const consentRecord = z
  .strictObject({
    ...scope,
    given: z.boolean(),
    version: z.string(),
    /** What was shown. */
    wording: z.string(),
    language: z.string(),
    /** How it was said: `sign_up`, `sign_in`, `connect`, `account`, `mail`, `api`, or by a `merge`. */
    source: z.string(),
    /** Client id of the portal. */
    portal: z.string().nullable(),
    place: z.string().nullable(),
    ip: z.string().nullable(),
    /** Written down by a machine, and by which; null: the customer said it on a page of ours. */
    recorded_by: z.string().nullable(),
    /** Of a double opt-in: when it was asked, from which IP address, and which mail address was written to. */
    confirmation: z
      .strictObject({ asked_at: z.iso.datetime(), ip: z.string().nullable(), address: z.string() })
      .nullable(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'ConsentRecord' });

/** POST /users/{id}/consents: what a machine was told, by whom and where. */
export const consentReport = z
  .strictObject({
    /** Id or slug; null: the umbrella. */
    brand: text(64, 1).nullable(),
    purpose: consentPurpose,
    topic: consentTopic.nullable().default(null),
    given: z.boolean(),
    language,
    /** Of the catalogue's words; left out: the one in force. */
    version: wordingVersion.optional(),
    /** What was shown, where the catalogue does not have it. */
    wording: text(20_000, 1).optional(),
    /** Where, in words: `Till 3, Berlin`. */
    place: text(200, 1).optional(),
    /** Of the customer. */
    ip: z.union([z.ipv4(), z.ipv6()]).optional(),
    at: z.iso.datetime().optional(),
    /** The double opt-in was done elsewhere. */
    confirmed: z.boolean().default(false),
  })
  .meta({ id: 'ConsentReport' });
export type ConsentReport = z.infer<typeof consentReport>;
