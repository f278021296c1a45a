import { createHmac, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { sameSecret, type Vault } from '../../base/crypto.ts';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';

const mostRecords = 1000;
const purpose = 'page-token';

/** `true` or `false`, as a query says it. */
export const flag = z.literal(['true', 'false']).transform((value) => value === 'true');

/** Paging by number: `page` from 0, `per_page` at most 100, `include_totals`. */
export const pageQuery = {
  page: z.coerce.number().int().min(0).max(1_000_000).default(0),
  per_page: z.coerce.number().int().min(0).max(100).default(50),
  include_totals: flag.default(false),
};

/** Paging by checkpoint: `take` at most 100, `from` the `next` of the page before. */
export const checkpointQuery = {
  from: z.string().max(1000).optional(),
  take: z.coerce.number().int().min(1).max(100).optional(),
};

/** The shapes of a list: bare, with totals, and (where it can) with the `next` of a checkpoint. */
export function listOf(name: string, item: z.ZodType, checkpoint: 'checkpoint' | 'pages only' = 'checkpoint') {
  const items = z.array(item);
  const totals = { start: z.int(), limit: z.int(), total: z.int(), length: z.int().optional() };
  const withTotals = z.strictObject({ ...totals, [name]: items });
  if (checkpoint === 'pages only') return z.union([items, withTotals]);
  return z.union([items, withTotals, z.strictObject({ [name]: items, next: z.string().optional() })]);
}

/** Which rows a page by number has. Problem `invalid_query` beyond the first 1000, as Auth0 has it. */
export function pageOf({ page, per_page }: { page: number; per_page: number }): { offset: number; limit: number } {
  if ((page + 1) * per_page > mostRecords) {
    throw new Problem('invalid_query', 'You can only page through the first 1000 records.', {
      errorCode: 'invalid_paging',
    });
  }
  return { offset: page * per_page, limit: per_page };
}

/** A list as Auth0 answers it: bare, or with `include_totals` in an object beside its place in the whole. */
export async function paged(
  name: string,
  items: readonly unknown[],
  query: { page: number; per_page: number; include_totals: boolean },
  total: () => Promise<number>,
): Promise<unknown> {
  if (!query.include_totals) return items;
  return { start: query.page * query.per_page, limit: query.per_page, total: await total(), [name]: items };
}

/** Where a page of a list begins: after so many rows, or after one row. */
export type Start = { offset: number } | { after: After };

/** How one kind of list is read and shown. */
export type ListSource<Row> = {
  load(limit: number, start: Start): Promise<Row[]>;
  after(row: Row): After;
  count(): Promise<number>;
  show(row: Row): unknown;
};

type ListQuery = {
  page: number;
  per_page: number;
  include_totals: boolean;
  from?: string | undefined;
  take?: number | undefined;
};

/** Answers a list that pages either way: by number, or by checkpoint when `from` or `take` is given. */
export async function listReply<Row>(
  vault: Vault,
  name: string,
  query: ListQuery,
  source: ListSource<Row>,
): Promise<unknown> {
  const { from, take } = query;
  if (from === undefined && take === undefined) {
    const { offset, limit } = pageOf(query);
    const rows = await source.load(limit, { offset });
    return paged(name, rows.map(source.show), query, () => source.count());
  }
  const limit = take ?? 50;
  // One more than asked for tells whether there is a next page.
  const start = from === undefined ? { offset: 0 } : { after: readPageToken(vault, name, from) };
  const rows = await source.load(limit + 1, start);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { [name]: shown.map(source.show), ...(last && { next: pageToken(vault, name, source.after(last)) }) };
}

/** The last row of a page: after it the next one begins. */
export type After = { created_at: Date; id: string };

const tokenBody = z.tuple([z.string(), z.coerce.date(), z.string()]);

/** The `next` of a checkpoint list, signed: what comes back as `from` is ours, and of the same list. */
export function pageToken(vault: Vault, list: string, after: After): string {
  const body = Buffer.from(JSON.stringify([list, after.created_at, after.id])).toString('base64url');
  return `${body}.${sign(vault.derive(purpose)[0], body)}`;
}

/** Where `from` says to go on. Problem `invalid_query` unless we wrote it for this list. */
export function readPageToken(vault: Vault, list: string, token: string): After {
  const [body = '', signature = ''] = token.split('.');
  const genuine = vault.derive(purpose).some((key) => sameSecret(sign(key, body), signature));
  if (genuine) {
    const [of, created_at, id] = tokenBody.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    if (of === list) return { created_at, id };
  }
  throw new Problem('invalid_query', "Query validation error: 'Invalid page token' on property from.");
}

/**
 * The mark of a place in a list, encrypted: it may hold values of customers, and addresses are written down by many.
 *
 * @param list what the list is, with everything that was asked of it: the mark is good for that only
 */
export function sealMark(vault: Vault, list: string, mark: Json): string {
  return vault.encrypt(JSON.stringify(mark), markContext(list));
}

/** What `sealMark` was given. Problem `invalid_query` unless we wrote it, for this very list. */
export function openMark<T>(vault: Vault, list: string, token: string, shape: z.ZodType<T>): T {
  let opened: unknown;
  try {
    opened = JSON.parse(vault.decrypt(token, markContext(list)));
  } catch {
    throw new Problem('invalid_query', "Query validation error: 'Invalid page token' on property from.");
  }
  return shape.parse(opened);
}

function markContext(list: string): string {
  return `page-mark ${list}`;
}

function sign(key: KeyObject, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}
