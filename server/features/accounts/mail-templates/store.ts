import { type Selectable, sql } from 'kysely';
import type { Db } from '../../../base/db.ts';
import type { DB } from '../../../base/generated/schema.ts';
import type { TemplateDraft } from './check-template.ts';

export type TemplateRow = TemplateDraft & { readonly updated_at: Date };

/** Which mail of which brand, in which language. */
export type TemplateKey = { readonly brand: string; readonly kind: string; readonly language: string };

export async function readTemplate(db: Db, { brand, kind, language }: TemplateKey): Promise<TemplateRow | undefined> {
  const row = await db
    .selectFrom('mail_templates')
    .selectAll()
    .where('brand', '=', brand)
    .where('kind', '=', kind)
    .where('language', '=', language)
    .executeTakeFirst();
  return row && toRow(row);
}

/** Who changes this template waits for whoever came first, although there may be no row yet. */
export async function lockTemplate(tx: Db, { brand, kind, language }: TemplateKey): Promise<void> {
  const name = `mail_templates ${brand} ${kind} ${language}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

export async function upsertTemplate(
  tx: Db,
  { brand, kind, language }: TemplateKey,
  { subject, html, text }: TemplateDraft,
  { id, at }: { id: string; at: Date },
): Promise<TemplateRow> {
  const row = await tx
    .insertInto('mail_templates')
    .values({ id, brand, kind, language, subject_line: subject, html, text, created_at: at, updated_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['brand', 'kind', 'language'])
        .doUpdateSet({ subject_line: subject, html, text, updated_at: at }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRow(row);
}

function toRow({ subject_line, html, text, updated_at }: Selectable<DB['mail_templates']>): TemplateRow {
  return { subject: subject_line, html, text, updated_at };
}

export async function deleteTemplate(tx: Db, { brand, kind, language }: TemplateKey): Promise<void> {
  await tx
    .deleteFrom('mail_templates')
    .where('brand', '=', brand)
    .where('kind', '=', kind)
    .where('language', '=', language)
    .execute();
}

export type TemplateLine = Pick<
  Selectable<DB['mail_templates']>,
  'id' | 'brand' | 'kind' | 'language' | 'created_at' | 'updated_at'
>;

/** Templates without what they say, the oldest first. @param of `brands`: of these alone; null: of all */
export async function readTemplates(
  db: Db,
  of: { brands: readonly string[] | null },
  page: { limit: number; offset: number; after?: { created_at: Date; id: string } | undefined },
): Promise<TemplateLine[]> {
  const { limit, offset, after } = page;
  const found = await sql<TemplateLine>`
    select id, brand, kind, language, created_at, updated_at from mail_templates
    where (${of.brands}::uuid[] is null or brand = any(${of.brands}::uuid[]))
      and (${after?.id ?? null}::uuid is null
        or (created_at, id) > (${after?.created_at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by created_at, id limit ${limit} offset ${offset}`.execute(db);
  return found.rows;
}

export async function countTemplates(db: Db, of: { brands: readonly string[] | null }): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*)::integer as count from mail_templates
    where (${of.brands}::uuid[] is null or brand = any(${of.brands}::uuid[]))`.execute(db);
  return found.rows[0]?.count ?? 0;
}
