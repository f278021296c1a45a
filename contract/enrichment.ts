import { z } from 'zod';

const cost = {
  /** Of one call, in units of the currency; at most six decimals count. */
  cost_per_call: z.number().min(0).max(1000),
  /** Is every answer paid, or only one that found somebody? */
  cost_for: z.literal(['call', 'hit']),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
};

const figures = {
  /** Something was found, or what was told was taken. */
  hits: z.int(),
  /** Nothing was. */
  misses: z.int(),
  /** No answer, or none that can be used; what was told was not taken. */
  failures: z.int(),
  /** By currency, in its units. */
  cost: z.record(z.string(), z.number()),
};

/** PATCH /enrichment/sources/{id}. With `if_version` only if it is still that version. */
export const enrichmentSourcePatch = z
  .strictObject(cost)
  .partial()
  .extend({
    /** Asks it again at once, though it is paused. */
    resume: z.literal(true).optional(),
    if_version: z.int().min(0).optional(),
  })
  .meta({ id: 'EnrichmentSourcePatch' });

/** A service outside that library rules call, and how it does. */
export const enrichmentSource = z
  .strictObject({
    /** That of its library rule. */
    id: z.string(),
    name: z.string(),
    /** Is it asked about customers, and finds something or not; or told of them, and takes it or not? */
    kind: z.literal(['asked', 'told']),
    /** It failed too often: nobody is asked about until then. Null: it works. */
    paused: z.strictObject({ until: z.iso.datetime(), why: z.string() }).nullable(),
    failures_in_row: z.int(),
    /** The last one, also where it works again; null: it has never failed. */
    last_failure: z.strictObject({ at: z.iso.datetime(), why: z.string() }).nullable(),
    ...cost,
    /** 0 until it was called or changed for the first time. */
    version: z.int(),
    last_30_days: z.strictObject(figures),
    /** The newest first; days without calls are left out. */
    days: z.array(z.strictObject({ day: z.iso.date(), ...figures })),
  })
  .meta({ id: 'EnrichmentSource' });
export type EnrichmentSource = z.infer<typeof enrichmentSource>;
