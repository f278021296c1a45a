import { z } from 'zod';
import { condition } from '../../../contract/conditions.ts';
import { text } from '../../../contract/text.ts';
import { listOrders, sortColumns } from '../../features/customers/customers.ts';
import { fieldsQuery } from './fields.ts';
import { checkpointQuery, flag, pageQuery } from './paging.ts';
import { refuseUnstorable } from './unstorable.ts';

/** Auth0's parameters of a list by pages, and ours of a list that goes on behind a mark; never both. */
const byPage = ['page', 'per_page', 'include_totals', 'connection', 'q', 'search_engine', 'primary_order'] as const;
const byMark = ['search', 'filter', 'from', 'take'] as const;

const filter = z
  .string()
  .max(20_000)
  .transform((json, context) => {
    try {
      const parsed: unknown = JSON.parse(json);
      const unstorable = refuseUnstorable(parsed);
      if (unstorable === undefined) return parsed;
      context.addIssue(unstorable);
    } catch {
      context.addIssue('A filter is a condition in JSON');
    }
    return z.NEVER;
  })
  .pipe(condition);

const query = z.strictObject({
  ...fieldsQuery,
  page: pageQuery.page.unwrap().optional().meta({ default: 0 }),
  per_page: pageQuery.per_page.unwrap().optional().meta({ default: 50 }),
  include_totals: pageQuery.include_totals.unwrap().optional(),
  /** `<attribute>:1` or `:-1`. */
  sort: z
    .string()
    .regex(/^[a-z_]+:(1|-1)$/)
    .optional(),
  /** Name of a connection. */
  connection: z.string().max(128).optional(),
  /** Searching by Lucene's language is not built yet. */
  q: z.never().optional(),
  search_engine: z.literal('v3').optional(),
  primary_order: flag.optional(),
  /** The beginning of a name, an e-mail address, a phone number or a username, or a whole id. */
  search: text(200, 1).optional(),
  /** A condition in JSON (see `Condition`). */
  filter: filter.optional(),
  ...checkpointQuery,
});

type Sort<By extends string> = { by: By; descending: boolean };

/** What is asked of the list of users: a page by its number, or what stands behind a mark. */
export const listQuery = query.transform((asked, context) => {
  const { search, filter, from, take = 50, sort, ...pages } = asked;
  const fields = { fields: asked.fields, include_fields: asked.include_fields };
  const given = (names: readonly (keyof typeof asked)[]) => names.filter((name) => asked[name] !== undefined);
  const [marks, others] = [given(byMark), given(byPage)];
  if (marks.length === 0) {
    const { page = 0, per_page = 50, include_totals = false, connection } = pages;
    const order = readSort(sort, sortColumns, context);
    return { kind: 'page', page, per_page, include_totals, connection, sort: order, ...fields } as const;
  }
  if (others.length > 0) {
    context.addIssue(`${marks.join(', ')} cannot be combined with ${others.join(', ')}: page by from and take`);
    return z.NEVER;
  }
  if (search !== undefined && sort !== undefined) {
    context.addIssue('What search finds is in the order of what was found: leave sort out');
    return z.NEVER;
  }
  const order = readSort(sort, listOrders, context) ?? { by: 'created_at' as const, descending: true };
  return { kind: 'mark', search, filter, from, take, sort: order, ...fields } as const;
});
export type ListAsked = z.infer<typeof listQuery>;
export type PageAsked = Extract<ListAsked, { kind: 'page' }>;
export type MarkAsked = Extract<ListAsked, { kind: 'mark' }>;

function readSort<By extends string>(
  text: string | undefined,
  allowed: readonly By[],
  context: z.RefinementCtx,
): Sort<By> | undefined {
  if (text === undefined) return undefined;
  const [name, direction] = text.split(':');
  const by = allowed.find((one) => one === name);
  if (by !== undefined) return { by, descending: direction === '-1' };
  context.addIssue(`Users cannot be sorted by this field here (allowed: ${allowed.join(', ')})`);
  return undefined;
}
