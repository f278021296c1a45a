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
  z.strictObject({ attribute, is: z.literal(['greater', 'less', 'at_least', 'at_most']), value: z.number() }),
  /** Every n-th: a whole number that `value` divides. */
  z.strictObject({ attribute, is: z.literal('every'), value: z.int().min(2).max(1000) }),
  z.strictObject({ attribute, is: z.literal(['before', 'after']), value: moment }),
  z.strictObject({ attribute, is: z.literal('exists'), value: z.boolean() }),
]);
export type Leaf = z.infer<typeof leaf>;

/** One condition, or several joined: all of them, any of them, or not this one. */
export type Condition =
  | Leaf
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

const tree: z.ZodType<Condition> = z
  .lazy(() => {
    const parts = z.array(tree).min(1).max(20);
    return z.union([
      leaf,
      z.strictObject({ all: parts }),
      z.strictObject({ any: parts }),
      z.strictObject({ not: tree }),
    ]);
  })
  .meta({ id: 'Condition' });

const mostLeaves = 50;
const deepest = 6;

/** A condition as people, segments and questions write it: at most 50 leaves, six deep. */
export const condition = tree
  .refine((whole) => leavesOf(whole).length <= mostLeaves, `A condition has ${mostLeaves} parts at most`)
  .refine((whole) => depthOf(whole) <= deepest, `A condition is ${deepest} deep at most`);

/** Every leaf of a condition, in the order in which it is read. */
export function leavesOf(tree: Condition): readonly Leaf[] {
  return 'is' in tree ? [tree] : branchesOf(tree).flatMap(leavesOf);
}

function branchesOf(tree: Exclude<Condition, Leaf>): readonly Condition[] {
  if ('all' in tree) return tree.all;
  return 'any' in tree ? tree.any : [tree.not];
}

function depthOf(tree: Condition): number {
  return 'is' in tree ? 1 : 1 + Math.max(...branchesOf(tree).map(depthOf));
}
