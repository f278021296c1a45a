import { z } from 'zod';
import { attributePath } from './attribute-paths.ts';
import { language } from './brands.ts';
import { text } from './text.ts';

/** Who said a fact; `asked`: the customer, to a question. */
export const factSource = z.literal(['customer', 'asked', 'umbrella', 'network', 'rule', 'inferred']);
export type FactSource = z.infer<typeof factSource>;

export const attributeType = z.literal([
  'text',
  'number',
  'boolean',
  'date',
  'birthday',
  'choice',
  'choices',
  'list',
  'country',
  'phone',
  'email',
  'url',
  'json',
]);

const details = {
  type: attributeType,
  /** What the attribute is called, by language. */
  labels: z.partialRecord(language, text(100)),
  /** The brand whose attribute it is (its id); null: the umbrella's. */
  brand: z.uuid().nullable(),
  /** Needs the customer's explicit consent, and is hidden from associates unless they are allowed to see it. */
  sensitive: z.boolean(),
  /** May segments ask for it? */
  segmentable: z.boolean(),
  /** May questions ask customers for it? Of `app_metadata` only: what is not in there always may. */
  askable: z.boolean(),
  /** After how many days without news the value goes; null: it stays. */
  retention_days: z.int().min(1).max(36_500).nullable(),
  /** Sources in the order in which they are believed, replacing the general rule; empty: the rule. */
  ranking: z.array(factSource).max(6),
  /** The values of a choice, with their labels. */
  choices: z.array(z.strictObject({ value: text(100), labels: z.partialRecord(language, text(100)) })).nullable(),
};

/** What makes a row of the catalogue; what is left out has its default. */
export const attributeDraft = z
  .strictObject({
    path: attributePath,
    type: attributeType,
    ...z.object(details).omit({ type: true }).partial().shape,
  })
  .meta({ id: 'AttributeDraft' });
export type AttributeDraft = z.infer<typeof attributeDraft>;

/** What changes a row of the catalogue. The type of a system attribute stays. */
export const attributePatch = attributeDraft.omit({ path: true }).partial().meta({ id: 'AttributePatch' });
export type AttributePatch = z.infer<typeof attributePatch>;

/** A row of the catalogue of attributes, as the API shows it. */
export const attribute = z
  .strictObject({
    path: z.string(),
    ...details,
    is_system: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Attribute' });
export type ApiAttribute = z.infer<typeof attribute>;

/** One current fact of a customer, as `GET /users/{id}/facts` shows it. */
export const fact = z
  .strictObject({
    path: z.string(),
    kind: z.literal(['said', 'withdrawn', 'excluded']),
    value: z.json(),
    source: factSource,
    /** Which one: a connection, a client id, a page. */
    origin: z.string(),
    /** What the rule that told it is called; null where none did, or it is there no more. */
    origin_name: z.string().nullable(),
    confidence: z.number(),
    at: z.iso.datetime(),
    /** The identity it was learned of, `provider|id`. */
    identity: z.string().nullable(),
    /** Is it the fact that the current value comes from? */
    wins: z.boolean(),
  })
  .meta({ id: 'Fact' });
export type ApiFact = z.infer<typeof fact>;

/** GET /users/{id}/visits: a brand (its slug) where a customer signs in, since when, when last, and how often. */
export const visit = z
  .strictObject({ brand: z.string(), first_at: z.iso.datetime(), last_at: z.iso.datetime(), count: z.int() })
  .meta({ id: 'Visit' });
export type Visit = z.infer<typeof visit>;
