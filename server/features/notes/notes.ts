import { now } from '../../base/clock.ts';
import type { Db } from '../../base/db.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Erased } from '../customers/customers.ts';
import { type Author, toAuthor, toColumns } from './author.ts';
import * as store from './store.ts';
import { onSubject } from './subject.ts';

/**
 * Notes, tags and follow-ups: what staff write about a customer. They hang on a subject, and a customer has those of all
 * their subjects. This is the face of the feature: other folders import from here only.
 */
export type { Author } from './author.ts';
export {
  changeFollowUp,
  type DueFollowUp,
  dueFollowUps,
  type FollowUp,
  followUpOf,
  removeFollowUp,
  setFollowUp,
} from './follow-ups.ts';
export { tagField } from './store.ts';

export type Note = {
  readonly id: string;
  readonly text: string;
  readonly author: Author;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** The newest first; at most 500. */
export async function notesOf(db: Db, customerId: string): Promise<Note[]> {
  return (await store.readNotes(db, customerId)).map(toNote);
}

/** @throws Problem `not_found` */
export async function getNote(db: Db, customerId: string, id: string): Promise<Note> {
  const row = await store.readNote(db, customerId, id);
  if (!row) throw noNote();
  return toNote(row);
}

/** Who wrote a note; undefined when there is none. */
export async function noteAuthor(db: Db, customerId: string, id: string): Promise<Author | undefined> {
  const row = await store.readNote(db, customerId, id);
  return row && toAuthor(row);
}

export function addNote(db: Db, customerId: string, author: Author, text: string): Promise<Note> {
  return onSubject(db, customerId, async (tx, subject) => {
    return toNote(await store.insertNote(tx, { subject, id: uuid(), text, at: now(), ...toColumns(author) }));
  });
}

/** @throws Problem `not_found`, `changed_meanwhile` when it is not of this version any more */
export async function changeNote(
  db: Db,
  customerId: string,
  id: string,
  { text, version }: { text: string; version: number | undefined },
): Promise<Note> {
  const old = await store.readNote(db, customerId, id);
  if (!old) throw noNote();
  const row = await store.updateNote(db, old, { text, version, at: now() });
  if (row) return toNote(row);
  // It was deleted, or changed.
  await getNote(db, customerId, id);
  throw new Problem('changed_meanwhile');
}

/** Nothing happens when it is gone already. */
export function removeNote(db: Db, customerId: string, id: string): Promise<void> {
  return store.deleteNote(db, customerId, id);
}

export type Tag = { readonly tag: string; readonly author: Author; readonly created_at: Date };

const mostTags = 100;

/** In alphabetical order, each once. */
export async function tagsOf(db: Db, customerId: string): Promise<Tag[]> {
  return (await store.readTags(db, customerId)).map(toTag);
}

/** Those that the customer has already stay. @throws Problem `conflict` beyond a hundred */
export function addTags(db: Db, customerId: string, author: Author, tags: readonly string[]): Promise<Tag[]> {
  return onSubject(db, customerId, async (tx, subject, living) => {
    await store.insertTags(tx, living, { subject, tags: [...new Set(tags)], at: now(), ...toColumns(author) });
    const all = await tagsOf(tx, living);
    if (all.length > mostTags) throw new Problem('conflict', `A customer has at most ${mostTags} tags.`);
    return all;
  });
}

/** Nothing happens when there is no such tag. */
export function removeTag(db: Db, customerId: string, tag: string): Promise<void> {
  return store.deleteTag(db, customerId, tag);
}

export function eraseNotes(tx: Db, { subjects }: Erased): Promise<void> {
  return store.deleteWritten(tx, subjects);
}

/** Everything that was written about the customer, to be handed to them; not who of the staff wrote it. */
export async function exportNotes(db: Db, customerId: string): Promise<JsonObject> {
  const [notes, tags, followUps] = [
    await store.readNotes(db, customerId),
    await store.readTags(db, customerId),
    await store.readFollowUps(db, customerId),
  ];
  return {
    notes: notes.map(({ text, created_at: at }) => ({ text, at: at.toISOString() })),
    tags: tags.map(({ tag }) => tag),
    follow_ups: followUps.map(({ text, due, created_at: at }) => ({ text, due, at: at.toISOString() })),
  };
}

function noNote(): Problem {
  return new Problem('not_found', 'There is no such note.', { errorCode: 'inexistent_note' });
}

function toNote(row: store.NoteRow): Note {
  const { id, text, version, created_at, updated_at } = row;
  return { id, text, author: toAuthor(row), version, created_at, updated_at };
}

function toTag(row: store.TagRow): Tag {
  return { tag: row.tag, author: toAuthor(row), created_at: row.created_at };
}
