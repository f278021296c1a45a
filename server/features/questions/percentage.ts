import { sql } from 'kysely';
import type { Fields } from '../conditions/conditions.ts';
import { isPercentageBelow, percentageOf, percentageSql } from '../experiments/experiments.ts';

/** For conditions of a question: where a customer stands in its lot, from 0 to 99.99. */
export const percentage = 'question.percentage';

/** What the condition of this question can look at: what is there of customers anyway, and their place in its lot. */
export function fieldsOfQuestion(question: string, fields: Fields): Fields {
  return (attribute) => {
    if (attribute !== percentage) return fields(attribute);
    const id = sql`customers.id`;
    const below = (value: number) => isPercentageBelow(question, id, value);
    return { type: 'number', sql: percentageSql(question, id), below };
  };
}

/** The same of one customer. */
export function placeInLot(question: string, customer: string): number {
  return percentageOf(question, customer);
}
