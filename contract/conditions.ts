import { z } from 'zod';
import { text } from './text.ts';

// What picks customers: data that people, segments and questions write alike, and that is compiled, never run.

const scalar = z.union([text(300), z.number(), z.boolean()]);

/** A day (`2026-11-25`, from its first instant in UTC) or an instant in UTC. */
export const moment = z.union([z.iso.date(), z.iso.datetime()]);

/** The attribute that is looked at: a path (`given_name`, `app_metadata.tier`), or what is known besides (`tag`). */
const attribute = text(400, 1);

/**
 * One condition on one attribute. Where the value is a list, one of its items has to be so. Nothing but `exists` with
 * false holds where there is no value.
 */
export const leaf = z.discriminatedUnion('is', [
  z.strictObject({ attribute, is: z.literal('equals'), value: scalar }),
  z.strictObject({ attribute, is: z.literal('one_of'), value: z.array(scalar).min(1).max(100) }),
  /** Case does not matter for the letters A to Z. */
  z.strictObject({ attribute, is: z.literal(['contains', 'starts_with']), value: text(300, 1) }),
  z.strictObject({ attribute, is: z.literal(['greater', 'less']), value: z.number() }),
  z.strictObject({ attribute, is: z.literal(['before', 'after']), value: moment }),
  z.strictObject({ attribute, is: z.literal('exists'), value: z.boolean().default(true) }),
]);
export type Leaf = z.infer<typeof leaf>;

/** A condition: one leaf, or several that must all hold. */
export const condition = z
  .union([leaf, z.strictObject({ all: z.array(leaf).min(1).max(10) })])
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof condition>;
