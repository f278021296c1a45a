import { z } from 'zod';
import { displayName, text } from './text.ts';

/** Names of time zones, as the database of IANA has them and this JavaScript knows them. */
const timeZone = text(100, 1).refine((name) => {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}, 'This is not a time zone, such as Europe/Paris');

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .refine((code) => Intl.supportedValuesOf('currency').includes(code), 'This is not a currency of ISO 4217');

/** WGS 84, in degrees. */
const position = z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });

/** Where a brand sells in person. `brand`: id or slug. */
export const storeDraft = z
  .strictObject({
    brand: text(64, 1),
    name: displayName(),
    time_zone: timeZone,
    currency,
    position: position.nullable().optional(),
  })
  .meta({ id: 'StoreDraft' });
export type StoreDraft = z.infer<typeof storeDraft>;

/** What changes a store; with `if_version` only if it is still that version. Its brand stays. */
export const storePatch = storeDraft
  .omit({ brand: true })
  .partial()
  .extend({ if_version: z.int().min(1).optional() })
  .meta({ id: 'StorePatch' });

/** A store as the API shows it. */
export const store = z
  .strictObject({
    id: z.uuid(),
    brand: z.uuid(),
    name: z.string(),
    time_zone: z.string(),
    currency: z.string(),
    position: position.nullable(),
    version: z.int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Store' });
export type Store = z.infer<typeof store>;
