import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';

/**
 * Where somebody stands in an experiment, from 0 to 99.99 by hundredths: always the same, evenly spread, independent of
 * every other experiment and of `assign`. Who is below 20 makes a fifth of all; with 30 they are still in it.
 *
 * @param experiment names it, e.g. a question's id
 * @param unit names who is placed, e.g. a customer's id
 */
export function percentageOf(experiment: string, unit: string): number {
  const number = createHash('sha256').update(textOf(experiment, unit)).digest().readUIntBE(0, 4);
  return Math.floor((number * 10_000) / 2 ** 32) / 100;
}

/** The same in SQL. @param unit what names them there */
export function percentageSql(experiment: string, unit: RawBuilder<unknown>): RawBuilder<unknown> {
  // As JavaScript has it: the first four bytes, and a quotient of two doubles.
  const number = sql`('x' || encode(substr(${hashOf(experiment, unit)}, 1, 4), 'hex'))::bit(32)::bigint`;
  return sql`((${number} * 10000 >> 32)::float8 / 100)`;
}

/** Is it less than this? Told by the bytes as they are, in half of the time: for who asks of all customers. */
export function isPercentageBelow(experiment: string, unit: RawBuilder<unknown>, value: number): RawBuilder<unknown> {
  // By rounding the product may be the next hundredth, never more.
  const near = Math.floor(value * 100);
  const least = [near - 1, near, near + 1, near + 2].find((hundredths) => hundredths / 100 >= value) ?? 0;
  if (least <= 0) return sql`false`;
  if (least >= 10_000) return sql`true`;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Math.ceil((least * 2 ** 32) / 10_000));
  return sql`(${hashOf(experiment, unit)} < ${bytes}::bytea)`;
}

function hashOf(experiment: string, unit: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`sha256(convert_to(${textOf(experiment, '')}::text || ${unit}::text, 'UTF8'))`;
}

function textOf(experiment: string, unit: string): string {
  return `percentage ${experiment} ${unit}`;
}
