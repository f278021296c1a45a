import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, Leaf } from '../../../contract/conditions.ts';
import { Problem } from '../../base/errors.ts';
import type { Field, Fields } from './field.ts';
import { checkLeaf } from './operators.ts';

type Expression = RawBuilder<SqlBool>;

/**
 * A condition as SQL that is true or false for each row, never null; every value is a parameter. Means the same as
 * `matches`.
 *
 * @throws Problem `invalid_query` for an attribute that is none, or cannot be asked so
 */
export function compile(condition: Condition, fields: Fields): Expression {
  if ('is' in condition) return compileLeaf(condition, fields);
  if ('not' in condition) return sql`(not ${compile(condition.not, fields)})`;
  const [parts, joint] = 'all' in condition ? [condition.all, sql` and `] : [condition.any, sql` or `];
  return sql`(${sql.join(
    parts.map((one) => compile(one, fields)),
    joint,
  )})`;
}

function compileLeaf(leaf: Leaf, fields: Fields): Expression {
  const field = fields(leaf.attribute);
  if (!field) throw new Problem('invalid_query', `There is no attribute ${leaf.attribute} to ask for.`);
  checkLeaf(leaf, field);
  if (field.type === 'set') return ofSet(leaf, field);
  if (leaf.is === 'exists') return leaf.value ? sql`(${field.sql} is not null)` : sql`(${field.sql} is null)`;
  if (field.type === 'json') return ofJson(leaf, field.sql);
  if ('below' in field && leaf.is === 'less') return sql`(${field.below(leaf.value)})`;
  if ('below' in field && leaf.is === 'at_least') return sql`(not ${field.below(leaf.value)})`;
  return sql`coalesce(${ofColumn(leaf, field.sql, field.type)}, false)`;
}

function ofSet({ is, value }: Leaf, { has }: Extract<Field, { type: 'set' }>): Expression {
  if (is === 'exists') return value ? sql`(${has(null)})` : sql`(not ${has(null)})`;
  return sql`(${has([value].flat().map(String))})`;
}

const columnTypes = {
  text: sql`text`,
  number: sql`numeric`,
  boolean: sql`boolean`,
  instant: sql`timestamptz`,
} as const;

function ofColumn(leaf: Leaf, column: RawBuilder<unknown>, type: keyof typeof columnTypes): Expression {
  switch (leaf.is) {
    case 'equals':
      return sql`(${column} = ${leaf.value}::${columnTypes[type]})`;
    case 'one_of':
      return sql`(${column} = any(${leaf.value}::${columnTypes[type]}[]))`;
    case 'contains':
    case 'starts_with':
      return ofText(leaf, column);
    case 'greater':
      return sql`(${column} > ${leaf.value}::numeric)`;
    case 'less':
      return sql`(${column} < ${leaf.value}::numeric)`;
    case 'at_least':
      return sql`(${column} >= ${leaf.value}::numeric)`;
    case 'at_most':
      return sql`(${column} <= ${leaf.value}::numeric)`;
    case 'every':
      return sql`(${column} > 0 and mod(${column}::numeric, ${leaf.value}::numeric) = 0)`;
    case 'before':
      return sql`(${column} < ${new Date(leaf.value)}::timestamptz)`;
    case 'after':
      return sql`(${column} >= ${new Date(leaf.value)}::timestamptz)`;
    case 'exists':
      return sql`(${column} is not null)`;
  }
}

// In the order of bytes only A to Z have another case, in every database alike.
function ofText({ is, value }: Leaf & { is: 'contains' | 'starts_with' }, text: RawBuilder<unknown>): Expression {
  const folded = sql`lower((${text}) collate "C")`;
  const sought = sql`lower(${value}::text collate "C")`;
  return is === 'contains' ? sql`(position(${sought} in ${folded}) > 0)` : sql`starts_with(${folded}, ${sought})`;
}

/** The value itself, or one of the items if it is a list. */
function ofJson(leaf: Leaf, value: RawBuilder<unknown>): Expression {
  // A list contains a text, a number or a boolean that is one of its items, and each of those contains itself.
  if (leaf.is === 'equals') return sql`coalesce(${value} @> ${JSON.stringify(leaf.value)}::jsonb, false)`;
  if (leaf.is === 'one_of') {
    return sql`coalesce(${value} @> any(${leaf.value.map((one) => JSON.stringify(one))}::jsonb[]), false)`;
  }
  return sql`(${value} is not null and exists (
    select from jsonb_array_elements(
      case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end
    ) as item where ${ofItem(leaf)}))`;
}

// What is no number, say, is never compared as one: a case is evaluated in its order.
const asText = sql`(case jsonb_typeof(item) when 'string' then item #>> '{}' end)`;
const asNumber = sql`(case jsonb_typeof(item) when 'number' then (item #>> '{}')::numeric end)`;

function ofItem(leaf: Exclude<Leaf, { is: 'equals' | 'one_of' }>): Expression {
  switch (leaf.is) {
    case 'contains':
    case 'starts_with':
      return ofText(leaf, asText);
    case 'greater':
    case 'less':
    case 'at_least':
    case 'at_most':
    case 'every':
      return sql`coalesce(${ofColumn(leaf, asNumber, 'number')}, false)`;
    case 'before':
      return sql`(${asText} ~ ${momentPattern} and ${asText} collate "C" < ${leaf.value})`;
    case 'after':
      return sql`(${asText} ~ ${momentPattern} and ${asText} collate "C" >= ${leaf.value})`;
    case 'exists':
      return sql`true`;
  }
}

/** Days and instants in UTC as JSON holds them: they are in order as they are written. */
export const momentPattern = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z)?$';
