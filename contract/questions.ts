import { z } from 'zod';
import { attributePath } from './attribute-paths.ts';
import { language } from './brands.ts';
import { condition } from './conditions.ts';
import { consentPurpose, consentTopic } from './consents.ts';
import { displayName, text, webAddress } from './text.ts';
import { user } from './users.ts';

// A question is what progressive profiling asks on one page after a sign-in: a heading, what the customer gets for it,
// and one or a few fields, each of which becomes a fact of the profile or a row of the consents.

/** A text in the languages it is written in. */
const texts = (most: number) => z.partialRecord(language, text(most, 1));
const someTexts = (most: number) =>
  texts(most).refine((said) => Object.keys(said).length > 0, 'At least one language is needed');
export type QuestionTexts = z.infer<ReturnType<typeof texts>>;

/** Names a field or a variant within its question. */
export const questionKey = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/);

const asked = {
  key: questionKey,
  labels: someTexts(300),
  /** Small print beside the field. */
  hints: texts(500).optional(),
  /** Nobody goes on without it. Rare: who only wants to sign in goes away. */
  required: z.boolean().default(false),
  /** Where the answer goes. */
  path: attributePath,
  /** A known value that is less sure than this is shown as "is this right?"; null: what is known is not asked. */
  confirm_below: z.number().min(0.01).max(1).nullable().default(null),
};

/** Where one tries things: pages show pictures of there as far as they come from where the brand's logo is. */
const ownMachine = webAddress().regex(/^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?\//);

/** What a customer can choose. */
export const questionChoice = z.strictObject({
  /** What is kept. */
  value: text(100, 1).refine((value) => value.trim() !== '', 'A value cannot be blank'),
  labels: someTexts(200),
  /** Shown by `picture_choice`; the label says what is to be seen. */
  picture: webAddress({ httpsOnly: true }).or(ownMachine).optional(),
});
const chosen = {
  ...asked,
  choices: z
    .array(questionChoice)
    .min(2)
    .max(30)
    .refine((all) => isDistinct(all.map(({ value }) => value)), 'Two choices have the same value'),
  /** Offers "not for me": the values of the choices are never learned of who says so. */
  not_for_me: z.boolean().default(false),
};
const scaleEnds = z.strictObject({ from: texts(60), to: texts(60) });

/** One field of a question. Its answer is checked by its type, whoever sends it. */
export const questionField = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), ...asked, most: z.int().min(1).max(200).default(100) }),
  z.strictObject({ type: z.literal('long_text'), ...asked, most: z.int().min(1).max(5000).default(1000) }),
  z
    .strictObject({
      type: z.literal('number'),
      ...asked,
      least: z.number().optional(),
      most: z.number().optional(),
      whole: z.boolean().default(false),
    })
    .refine(({ least = -Infinity, most = Infinity }) => least <= most, 'The least is more than the most'),
  z
    .strictObject({
      type: z.literal('date'),
      ...asked,
      earliest: z.iso.date().optional(),
      latest: z.iso.date().optional(),
    })
    .refine(({ earliest, latest }) => !earliest || !latest || earliest <= latest, 'The earliest is after the latest'),
  /** Day and month; the year as the customer likes. */
  z.strictObject({ type: z.literal('birthday'), ...asked }),
  z.strictObject({ type: z.literal('choice'), ...chosen }),
  z.strictObject({ type: z.literal('choices'), ...chosen, most: z.int().min(1).max(30).optional() }),
  /** `several`: more than one may be taken, and the value is a list. */
  z.strictObject({ type: z.literal('picture_choice'), ...chosen, several: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('yes_no'), ...asked }),
  z.strictObject({
    type: z.literal('scale'),
    ...asked,
    from: z.int().min(0).max(1).default(1),
    to: z.int().min(3).max(10).default(5),
    ends: scaleEnds.optional(),
  }),
  /** ISO 3166-1, two letters. */
  z.strictObject({ type: z.literal('country'), ...asked }),
  z.strictObject({ type: z.literal('postal_code'), ...asked }),
  /** Kept as E.164. */
  z.strictObject({ type: z.literal('phone'), ...asked }),
  z.strictObject({ type: z.literal('email'), ...asked }),
  /** A yes or no to a purpose, in the words of its wording that is in force: a row of the consents. */
  z.strictObject({
    type: z.literal('consent'),
    key: questionKey,
    purpose: consentPurpose,
    topic: consentTopic.optional(),
  }),
  /** Topics of a purpose, a box each, in the words of their wordings: rows of the consents. */
  z.strictObject({
    type: z.literal('topics'),
    key: questionKey,
    labels: someTexts(300),
    purpose: consentPurpose,
    topics: z.array(consentTopic).min(1).max(20),
  }),
]);
export type QuestionField = z.infer<typeof questionField>;

const most = { fields: 6, variants: 2 };
const fields = z
  .array(questionField)
  .min(1)
  .max(most.fields)
  .refine((all) => isDistinct(all.map(({ key }) => key)), 'Each field has a key of its own')
  .refine(
    (all) => isDistinct(all.flatMap((one) => ('path' in one ? [one.path] : []))),
    'Two fields write one attribute',
  );

/** One way to put it. Of two, each customer sees always the same. */
export const questionVariant = z.strictObject({
  key: questionKey,
  heading: someTexts(200),
  /** What the customer gets for it, in one sentence. */
  benefit: texts(500).default({}),
  /** What a brand says instead, by its slug. */
  brands: z
    .record(z.string().max(63), z.strictObject({ heading: texts(200).optional(), benefit: texts(500).optional() }))
    .default({}),
  fields,
});
export type QuestionVariant = z.infer<typeof questionVariant>;

const steps = z.array(z.int().min(1).max(365)).length(4);

/** What is asked, of whom, when. Every change makes a new version; who looks at an old one answers that. */
export const questionContent = z
  .strictObject({
    /** A second one runs against the first. */
    variants: z.array(questionVariant).min(1).max(most.variants),
    /** On our page on the way in (`page`), or by the portal in a page of its own, which asks us for it (`embedded`). */
    place: z.literal(['page', 'embedded']).default('page'),
    /** Of whom: the customer as they are, and this sign-in (`sign_in.number`, ...); null: of all. */
    when: condition.nullable().default(null),
    /** How many of those who would be asked are not, to see what asking does to signing in; in percent. */
    hold_out: z.int().min(0).max(50).default(0),
    /** How long the first, second, third and every later "not now" hold it back. */
    not_now: z
      .strictObject({ unit: z.literal(['sign_ins', 'days']), steps })
      .default({ unit: 'sign_ins', steps: [1, 2, 4, 4] }),
  })
  .refine(({ variants }) => isDistinct(variants.map(({ key }) => key)), 'Each variant has a key of its own');
export type QuestionContent = z.infer<typeof questionContent>;

const settings = {
  name: displayName(100),
  /** `draft`: never live yet; `paused`: asked of nobody for the time being. */
  state: z.literal(['draft', 'live', 'paused']),
  /** Id of the brand at whose portals it is asked; null: at all. */
  brand: z.uuid().nullable(),
  starts_at: z.iso.datetime().nullable(),
  ends_at: z.iso.datetime().nullable(),
  content: questionContent,
};

/** POST /questions: a draft at the end of the order, unless said otherwise. */
export const questionDraft = z
  .strictObject({
    ...settings,
    ...z.object(settings).pick({ state: true, brand: true, starts_at: true, ends_at: true }).partial().shape,
  })
  .meta({ id: 'QuestionDraft' });
export type QuestionDraft = z.infer<typeof questionDraft>;

/** PATCH /questions/{id}. With `if_version` only if nobody changed it meanwhile. */
export const questionPatch = z
  .strictObject({ ...z.object(settings).partial().shape, if_version: z.int().min(1).optional() })
  .meta({ id: 'QuestionPatch' });
export type QuestionPatch = z.infer<typeof questionPatch>;

/** The page of a question, as it would be with what is not saved yet, of this brand. */
export const questionPreviewRequest = z
  .strictObject({ variant: questionVariant, brand: z.uuid(), language })
  .meta({ id: 'QuestionPreviewRequest' });
export type QuestionPreviewRequest = z.infer<typeof questionPreviewRequest>;

/** It as HTML, to be shown where no script runs. */
export const questionPreview = z.strictObject({ html: z.string() }).meta({ id: 'QuestionPreview' });

/** PUT /questions/order: among due ones the first is asked. */
export const questionOrder = z.strictObject({ ids: z.array(z.uuid()).max(500) }).meta({ id: 'QuestionOrder' });

/** A question as the API shows it. */
export const question = z
  .strictObject({
    id: z.uuid(),
    ...settings,
    /** Of everything that can be changed. */
    version: z.int(),
    /** Of what is asked. */
    content_version: z.int(),
    position: z.int(),
    /** The last time its condition could not be evaluated, and why; null: never. */
    fault: z.strictObject({ at: z.iso.datetime(), message: z.string() }).nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Question' });

/** One asking of a customer. */
export const askedQuestion = z
  .strictObject({
    id: z.uuid(),
    question: z.uuid(),
    /** What the question is called now. */
    name: z.string(),
    variant: z.string(),
    place: z.literal(['page', 'embedded']),
    /** Keys of the fields that were shown, and of those that were answered. */
    fields: z.array(z.string()),
    answered: z.array(z.string()),
    /** What stood above them, in the words of then. */
    heading: texts(200),
    /** Those that were shown, in the words of then, and what was said to each. */
    said: z.array(
      z.strictObject({
        key: z.string(),
        /** None: a consent, which has words of its own. */
        labels: texts(300),
        /** Null: a consent. */
        path: attributePath.nullable(),
        /** `taken_back`: by the customer, or replaced since; null: nothing was said. */
        answer: z.literal(['value', 'not_for_me', 'taken_back', 'consent']).nullable(),
        /** With `value`: what was said. */
        value: z.json(),
      }),
    ),
    /** What was said to consents, in the words that were shown. */
    consents: z.array(z.strictObject({ wording: z.string(), language: z.string(), given: z.boolean() })),
    brand: z.uuid().nullable(),
    portal: z.string().nullable(),
    sign_in_number: z.int(),
    shown_at: z.iso.datetime(),
    /** Null: the page was shown and left. */
    outcome: z.literal(['answered', 'skipped', 'not_now', 'never']).nullable(),
    ended_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AskedQuestion' });

const share = z.strictObject({ share: z.number(), low: z.number(), high: z.number() });
const comparison = z.strictObject({
  /** Of the second less the first, with its interval of 95 %; null: nobody yet in one of them. */
  difference: share.nullable(),
  verdict: z.literal(['too_early', 'no_difference', 'higher', 'lower']),
});
const tally = z.strictObject({
  of: z.string().nullable(),
  shown: z.int(),
  answered: z.int(),
  skipped: z.int(),
  not_now: z.int(),
  never: z.int(),
  /** Shown more than an hour ago, and left. */
  abandoned: z.int(),
  /** Their sign-in came to its tokens. */
  finished: z.int(),
  /** Median until the answer. */
  seconds: z.number().nullable(),
  /** Of those who were shown it, the share that answered, with its interval of 95 %. */
  rate: share.nullable(),
});
const best = z.strictObject({ of: z.string(), rate: share, sure: z.boolean() });

/** What came of a question. */
export const questionResults = z
  .strictObject({
    all: tally,
    by: z.partialRecord(
      z.literal(['variant', 'brand', 'portal', 'device', 'country', 'language', 'sign_in', 'hour']),
      z.array(tally),
    ),
    /** The second variant beside the first; null: there is one. */
    variants: comparison.nullable(),
    /** Whose sign-in came to its tokens, those who were asked beside those who were held out; null: nobody is. */
    finishing: comparison.nullable(),
    /** When it is answered best; left out: too early to tell. */
    best: z.partialRecord(z.literal(['sign_in', 'hour', 'portal']), best),
  })
  .meta({ id: 'QuestionResults' });

/** Of every question that was asked in the last 30 days: how often, and how often it was answered. */
export const questionBriefs = z
  .array(z.strictObject({ question: z.uuid(), shown: z.int(), answered: z.int() }))
  .meta({ id: 'QuestionBriefs' });

/** Of how many customers the attributes that a question asks for are known, day by day (UTC). */
export const questionKnown = z
  .strictObject({
    attributes: z.array(
      z.strictObject({
        path: attributePath,
        /** Counted once a day while the question is live or paused. */
        days: z.array(z.strictObject({ day: z.iso.date(), known: z.int(), customers: z.int() })),
      }),
    ),
  })
  .meta({ id: 'QuestionKnown' });

/** What a customer would be asked if they came again now as they came last. */
export const questionTrial = z
  .strictObject({
    /** How they would come; null: they never came, or not to a brand of the caller's. */
    sign_in: z
      .strictObject({
        number: z.int(),
        /** Client id. */
        portal: z.string().nullable(),
        /** Slug. */
        brand: z.string(),
        device: z.literal(['phone', 'tablet', 'desktop']).nullable(),
        language: z.string().nullable(),
        hour: z.int(),
      })
      .nullable(),
    /** Those that are live and this one, in their order: `due`, or why not. `hidden`: it looks at what you may not see. */
    questions: z.array(
      z.strictObject({
        id: z.uuid(),
        name: z.string(),
        state: z.literal(['draft', 'live', 'paused']),
        verdict: z.literal([
          ...(['due', 'other_place', 'other_brand', 'not_yet', 'over', 'condition', 'broken', 'nothing_left'] as const),
          ...(['never_again', 'held_back', 'pause', 'hidden'] as const),
        ]),
      }),
    ),
    /** The first that is due; what is hidden is not looked at. */
    asked: z.uuid().nullable(),
    /** They are among those who are not asked it, to compare. */
    held_out: z.boolean(),
    /** What comes instead of any question; null: nothing. */
    instead: z.literal(['blocked', 'consent', 'account_pages']).nullable(),
    /** The page that they would see, as HTML, to be shown where no script runs. */
    html: z.string().nullable(),
  })
  .meta({ id: 'QuestionTrial' });

/** Who would be asked a question if they came again now as they came last. */
export const questionAudience = z
  .strictObject({ count: z.int(), is_estimate: z.boolean(), examples: z.array(user) })
  .meta({ id: 'QuestionAudience' });

function isDistinct(all: readonly string[]): boolean {
  return new Set(all).size === all.length;
}
