import { type RawBuilder, sql } from 'kysely';
import type { QuestionField } from '../../../contract/questions.ts';
import { consentField, type EntryInForce, isUnsaid } from '../consents/consents.ts';
import { isLessSureAt, isUnknownAt } from '../customers/customers.ts';
import type { MayAsk } from './askable.ts';
import { openEntries } from './choose.ts';

/** As `mayProfile` has it, at the brand where they came last. */
const allowsProfiling = (last: RawBuilder<unknown>) =>
  consentField([
    { purpose: 'profiling', brand: null },
    { purpose: 'profiling', brand: sql`(select id from brands where slug = ${last} ->> 'brand')` },
  ]);

/** A consent in force, and the slug of its brand; null: the umbrella's, in force at every brand. */
export type EntryAt = { readonly entry: EntryInForce; readonly slug: string | null };

/** Whom and where a question would find: what is looked at besides the customer's row. */
export type Where = {
  readonly entries: readonly EntryAt[];
  /** Paths that the catalogue calls sensitive. */
  readonly sensitive: ReadonlySet<string>;
  readonly mayAsk: MayAsk;
  readonly at: Date;
  /** How they came last: `lastSignIn`. */
  readonly last: RawBuilder<unknown>;
  /** How it is used: see `isUnknownAt`. */
  readonly of: 'some' | 'all';
};

/** Is there still something to learn by this field of the customer of a row of `customers`, whatever they were asked? */
export function isOpen(field: QuestionField, { entries, sensitive, mayAsk, at, last, of }: Where): RawBuilder<unknown> {
  if ('path' in field) {
    const { path, confirm_below } = field;
    if (!mayAsk(path)) return sql`false`;
    const isUnknown = isUnknownAt(path, at, of);
    const isLeft = confirm_below === null ? isUnknown : sql`(${isUnknown} or ${isLessSureAt(path, confirm_below)})`;
    return sensitive.has(path) ? sql`(${isLeft} and ${allowsProfiling(last)})` : isLeft;
  }
  const open = entries.filter(({ entry }) => openEntries(field, [entry], []).length > 0);
  if (open.length === 0) return sql`false`;
  const parts = open.map(({ entry, slug }) => {
    const isHere = slug === null ? sql`true` : sql`${last} ->> 'brand' = ${slug}`;
    return sql`${isHere} and ${isUnsaid(entry, at)}`;
  });
  return sql`(${sql.join(parts, sql` or `)})`;
}
