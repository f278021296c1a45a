import { z } from 'zod';
import { language } from './brands.ts';
import { wordingVersion } from './consents.ts';
import { questionKey } from './questions.ts';

// A portal asks in a page of its own, with the access token of its customer.

/** GET /me/question: in which language; left out, the browser's. */
export const embeddedQuery = z.strictObject({ language: language.optional() });

const words = z.string();

/** What a customer is asked now, as data. */
export const embeddedQuestion = z
  .strictObject({
    /** Of this asking: the answer goes to it. */
    id: z.uuid(),
    question: z.uuid(),
    language,
    heading: words.optional(),
    benefit: words.optional(),
    fields: z.array(
      z.strictObject({
        key: questionKey,
        type: z.string(),
        label: words.optional(),
        hint: words.optional(),
        required: z.boolean(),
        /** It is known, but not surely: to be asked as "is this right?". */
        known: z.json().optional(),
        choices: z
          .array(z.strictObject({ value: z.string(), label: words, picture: z.string().optional() }))
          .optional(),
        /** More than one of the choices may be taken. */
        several: z.boolean().optional(),
        /** "None of these" is offered: answer `{"not_for_me": true}`. */
        not_for_me: z.boolean().optional(),
        /** What the ends of a scale mean. */
        ends: z.strictObject({ from: words.optional(), to: words.optional() }).optional(),
        /** What is asked as a consent, in its words: each is answered with its id and the version that was shown. */
        consents: z
          .array(
            z.strictObject({
              consent: z.uuid(),
              version: wordingVersion,
              language,
              label: words,
              details: words.optional(),
              link: words.optional(),
            }),
          )
          .optional(),
      }),
    ),
  })
  .meta({ id: 'EmbeddedQuestion' });
export type EmbeddedQuestion = z.infer<typeof embeddedQuestion>;

/** A yes or no to consents of a field, in the words that were shown. */
export const consentAnswers = z
  .array(z.strictObject({ consent: z.uuid(), version: wordingVersion, language, given: z.boolean() }))
  .max(50);

/** POST /me/question/{id}/answer: answers by the key of the field, or that there are none. */
export const embeddedAnswer = z
  .union([
    z.strictObject({
      answers: z.record(questionKey, z.json()).refine((all) => Object.keys(all).length <= 20, 'Too many fields'),
    }),
    z.strictObject({ outcome: z.literal(['not_now', 'never']) }),
  ])
  .meta({ id: 'EmbeddedAnswer' });
/** How the asking ended: the first time, if the answer was sent again. */
export const embeddedAnswered = z
  .strictObject({ outcome: z.literal(['answered', 'skipped', 'not_now', 'never']) })
  .meta({ id: 'EmbeddedAnswered' });

/** Some answers cannot be taken, and nothing was kept: why, by the key of the field. */
export const embeddedRefused = z
  .strictObject({
    statusCode: z.literal(400),
    error: words,
    message: words,
    errorCode: words,
    /** `code` for programs, `message` for the customer, in the language asked for. */
    fields: z.record(z.string(), z.strictObject({ code: words, message: words })).optional(),
    /** Keys of fields whose answers are fine: send them again with the others. */
    fine: z.array(questionKey).optional(),
  })
  .meta({ id: 'EmbeddedRefused' });

export type EmbeddedAnswer = z.infer<typeof embeddedAnswer>;
