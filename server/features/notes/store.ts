import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import type { AuthorColumns } from './author.ts';

export type NoteRow = Selectable<DB['notes']>;
export type TagRow = Selectable<DB['tags']>;
export type FollowUpRow = Omit<Selectable<DB['follow_ups']>, 'due'> & { due: string };

const mostNotes = 500;

/** The notes of all subjects of a customer, the newest first. */
export async function readNotes(db: Db, customerId: string): Promise<NoteRow[]> {
  const found = await sql<NoteRow>`
    select notes.* from members join notes on notes.subject = members.subject
    where members.customer = ${customerId} and members.until is null
    order by notes.created_at desc, notes.id desc limit ${mostNotes}`.execute(db);
  return found.rows;
}

export async function readNote(db: Db, customerId: string, id: string): Promise<NoteRow | undefined> {
  const found = await sql<NoteRow>`
    select notes.* from members join notes on notes.subject = members.subject
    where members.customer = ${customerId} and members.until is null and notes.id = ${id}`.execute(db);
  return found.rows[0];
}

export function insertNote(
  db: Db,
  row: { subject: string; id: string; text: string; at: Date } & AuthorColumns,
): Promise<NoteRow> {
  const { at, ...rest } = row;
  return db
    .insertInto('notes')
    .values({ ...rest, created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a note if it is of this version (undefined: of any). */
export async function updateNote(
  db: Db,
  { subject, id }: { subject: string; id: string },
  { text, version, at }: { text: string; version: number | undefined; at: Date },
): Promise<NoteRow | undefined> {
  const found = await sql<NoteRow>`
    update notes set text = ${text}, updated_at = ${at}, version = version + 1
    where subject = ${subject} and id = ${id} and (${version ?? null}::integer is null or version = ${version ?? null})
    returning *`.execute(db);
  return found.rows[0];
}

export async function deleteNote(db: Db, customerId: string, id: string): Promise<void> {
  await sql`
    delete from notes using members
    where members.customer = ${customerId} and members.until is null
      and notes.subject = members.subject and notes.id = ${id}`.execute(db);
}

/** The tags of all subjects of a customer, each once: as it was given first. */
export async function readTags(db: Db, customerId: string): Promise<TagRow[]> {
  const found = await sql<TagRow>`
    select distinct on (tags.tag) tags.* from members join tags on tags.subject = members.subject
    where members.customer = ${customerId} and members.until is null
    order by tags.tag, tags.created_at, tags.subject`.execute(db);
  return found.rows;
}

/** Has the customer of a row of `customers` one of these tags (null: any at all)? For conditions. */
export function tagField(tags: readonly string[] | null): RawBuilder<unknown> {
  return sql`exists (
    select from members join tags on tags.subject = members.subject
    where members.customer = customers.id and members.until is null
      and (${tags}::text[] is null or tags.tag = any(${tags}::text[])))`;
}

/** Those that any subject of the customer has already stay as they are. */
export async function insertTags(
  tx: Db,
  customerId: string,
  row: { subject: string; tags: readonly string[]; at: Date } & AuthorColumns,
): Promise<void> {
  await sql`
    insert into tags (subject, tag, author_kind, author, author_name, created_at)
    select ${row.subject}, one.tag, ${row.author_kind}, ${row.author}, ${row.author_name}, ${row.at}
    from unnest(${row.tags}::text[]) as one (tag)
    where not exists (
      select from members join tags on tags.subject = members.subject
      where members.customer = ${customerId} and members.until is null and tags.tag = one.tag
    )
    on conflict do nothing`.execute(tx);
}

export async function deleteTag(db: Db, customerId: string, tag: string): Promise<void> {
  await sql`
    delete from tags using members
    where members.customer = ${customerId} and members.until is null
      and tags.subject = members.subject and tags.tag = ${tag}`.execute(db);
}

const followUpColumns = sql`f.subject, f.id, f.text, to_char(f.due, 'YYYY-MM-DD') as due, f.done_at, f.author_kind,
  f.author, f.author_name, f.version, f.created_at, f.updated_at`;

/** Of all subjects: the open one that is due first, else the one that was done last. */
export async function readFollowUp(db: Db, customerId: string): Promise<FollowUpRow | undefined> {
  const found = await sql<FollowUpRow>`
    select ${followUpColumns} from members join follow_ups f on f.subject = members.subject
    where members.customer = ${customerId} and members.until is null
    order by f.done_at desc nulls first, f.due, f.id limit 1`.execute(db);
  return found.rows[0];
}

/**
 * What is open, the longest due first, each customer once. `where` is a condition on the row of `customers`.
 */
export async function readDueFollowUps(
  db: Db,
  {
    until,
    by,
    where,
  }: {
    until?: string | undefined;
    by?: { kind: string; id: string } | undefined;
    where?: RawBuilder<unknown> | undefined;
  },
  { limit, after }: { limit: number; after?: { date: string; id: string } | undefined },
): Promise<(FollowUpRow & { customer: string })[]> {
  const found = await sql<FollowUpRow & { customer: string }>`
    select ${followUpColumns}, customers.id as customer
    from follow_ups f
    join members m on m.subject = f.subject and m.until is null
    join customers on customers.id = m.customer
    where f.done_at is null
      and (${until ?? null}::date is null or f.due <= ${until ?? null}::date)
      and (${by?.id ?? null}::text is null or (f.author_kind = ${by?.kind ?? null} and f.author = ${by?.id ?? null}))
      and (${after?.id ?? null}::uuid is null or (f.due, f.id) > (${after?.date ?? null}::date, ${after?.id ?? null}::uuid))
      and not exists (
        select from members o join follow_ups g on g.subject = o.subject
        where o.customer = m.customer and o.until is null and g.done_at is null and (g.due, g.id) < (f.due, f.id)
      )
      and (${where ?? sql`true`})
    order by f.due, f.id limit ${limit}`.execute(db);
  return found.rows;
}

export async function insertFollowUp(
  tx: Db,
  row: { subject: string; id: string; text: string; due: string; at: Date } & AuthorColumns,
): Promise<FollowUpRow> {
  const found = await sql<FollowUpRow>`
    insert into follow_ups as f (subject, id, text, due, author_kind, author, author_name, created_at, updated_at)
    values (${row.subject}, ${row.id}, ${row.text}, ${row.due}::date, ${row.author_kind}, ${row.author},
      ${row.author_name}, ${row.at}, ${row.at})
    returning ${followUpColumns}`.execute(tx);
  const [made] = found.rows;
  if (!made) throw new Error('nothing was inserted');
  return made;
}

/** Changes a follow-up if it is of this version (undefined: of any). */
export async function updateFollowUp(
  db: Db,
  { subject, id }: { subject: string; id: string },
  change: { text: string; due: string; doneAt: Date | null; version: number | undefined; at: Date },
): Promise<FollowUpRow | undefined> {
  const version = change.version ?? null;
  const found = await sql<FollowUpRow>`
    update follow_ups f set text = ${change.text}, due = ${change.due}::date, done_at = ${change.doneAt},
      updated_at = ${change.at}, version = version + 1
    where subject = ${subject} and id = ${id} and (${version}::integer is null or version = ${version})
    returning ${followUpColumns}`.execute(db);
  return found.rows[0];
}

export async function deleteFollowUp(db: Db, { subject, id }: { subject: string; id: string }): Promise<void> {
  await db.deleteFrom('follow_ups').where('subject', '=', subject).where('id', '=', id).execute();
}

/** Deletes everything that was written about these subjects. */
export async function deleteWritten(tx: Db, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  for (const table of ['notes', 'tags', 'follow_ups'] as const) {
    await tx.deleteFrom(table).where('subject', 'in', subjects).execute();
  }
}

/** Every follow-up of a customer, also those that are done. */
export async function readFollowUps(db: Db, customerId: string): Promise<FollowUpRow[]> {
  const found = await sql<FollowUpRow>`
    select ${followUpColumns} from members join follow_ups f on f.subject = members.subject
    where members.customer = ${customerId} and members.until is null order by f.created_at, f.id`.execute(db);
  return found.rows;
}
