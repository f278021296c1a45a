import { createHash } from 'node:crypto';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** One of the ways that are compared, and how much of all goes to it, in any unit. */
export type Arm<Key extends string = string> = { readonly key: Key; readonly weight: number };

/**
 * Which arm somebody is in: always the same for the same experiment, spread as the weights say, and independent of
 * every other experiment. Nothing is kept. When weights change, only those move who must.
 *
 * @param experiment names it, e.g. a question's id
 * @param unit names who is assigned, e.g. a customer's id
 */
export function assign<Key extends string>(experiment: string, unit: string, arms: readonly Arm<Key>[]): Key {
  const [first] = arms;
  if (!first) throw new Error('an experiment has an arm');
  const all = arms.reduce((sum, { weight }) => sum + weight, 0);
  let left = positionOf(experiment, unit) * all;
  for (const { key, weight } of arms) {
    left -= weight;
    if (left < 0) return key;
  }
  return first.key;
}

/** The same in SQL: is this the arm? @param unit what names them there */
export function isAssigned<Key extends string>(
  experiment: string,
  unit: RawBuilder<unknown>,
  arms: readonly Arm<Key>[],
  key: Key,
): RawBuilder<SqlBool> {
  const all = arms.reduce((sum, { weight }) => sum + weight, 0);
  const place = arms.findIndex((arm) => arm.key === key);
  const before = arms.slice(0, place).reduce((sum, { weight }) => sum + weight, 0);
  const text = sql`${`[${JSON.stringify(experiment)},"`}::text || ${unit}::text || '"]'`;
  const number = sql`('x' || encode(substr(sha256(convert_to(${text}, 'UTF8')), 1, 6), 'hex'))::bit(48)::bigint`;
  const position = sql`(${number}::float8 / ${2 ** 48}::float8 * ${all}::float8)`;
  const upTo = before + (arms[place]?.weight ?? 0);
  return sql`(${position} >= ${before}::float8 and ${position} < ${upTo}::float8)`;
}

/** From 0 to less than 1, evenly spread. */
function positionOf(experiment: string, unit: string): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([experiment, unit]))
    .digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
