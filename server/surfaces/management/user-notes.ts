import { z } from 'zod';
import { note, noteDraft, notePatch, tag, tagsDraft, tagText } from '../../../contract/notes.ts';
import type { Db } from '../../base/db.ts';
import * as notes from '../../features/notes/notes.ts';
import { type Caller, demandScope } from './caller.ts';
import { findUser } from './find-user.ts';
import { idParams } from './id-params.ts';
import { showNote, showTag, writerOf } from './note-shapes.ts';
import { toldPresent } from './present.ts';
import { noBody, nothing, type Route, route } from './route.ts';

const noteParams = idParams.extend({ note_id: z.uuid() });
const tagParams = idParams.extend({ tag: tagText });

/** What staff write about a user, and mark them with. */
export const userNoteRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/users/{id}/notes',
      summary: 'List what staff wrote about a user (customer), the newest first',
      may: ['read:user_notes'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(note),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      return (await notes.notesOf(api.base.db, id)).map(showNote);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/users/{id}/notes',
      summary: 'Write a note about a user (customer)',
      may: ['create:user_notes'],
      audit: 'note',
      together: true,
      params: idParams,
      query: nothing,
      body: noteDraft,
      status: 201,
      reply: note,
    },
    async (api, { params, body, ...from }) => {
      const { caller } = from;
      const { id } = await findUser(api, from, params.id);
      return showNote(await notes.addNote(api.base.db, id, writerOf(caller), body.text));
    },
  ),
  route(
    {
      method: 'PATCH',
      path: '/users/{id}/notes/{note_id}',
      summary: 'Change a note; who may only write notes, one of their own',
      may: ['update:user_notes', 'create:user_notes'],
      audit: 'note',
      together: true,
      params: noteParams,
      query: nothing,
      body: notePatch,
      status: 200,
      reply: note,
    },
    async (api, { params, body, ...from }) => {
      const { db } = api.base;
      const { id } = await findUser(api, from, params.id);
      await demandOwn(db, from.caller, id, params.note_id, 'update:user_notes');
      const change = { text: body.text, version: body.if_version };
      const changed = await toldPresent(notes.changeNote(db, id, params.note_id, change), async () =>
        showNote(await notes.getNote(db, id, params.note_id)),
      );
      return showNote(changed);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}/notes/{note_id}',
      summary: 'Delete a note; who may only write notes, one of their own',
      may: ['delete:user_notes', 'create:user_notes'],
      audit: 'note',
      together: true,
      params: noteParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      await demandOwn(api.base.db, from.caller, id, params.note_id, 'delete:user_notes');
      await notes.removeNote(api.base.db, id, params.note_id);
    },
  ),
  route(
    {
      method: 'GET',
      path: '/users/{id}/tags',
      summary: 'List the tags of a user (customer)',
      may: ['read:user_tags'],
      params: idParams,
      query: nothing,
      body: noBody,
      status: 200,
      reply: z.array(tag),
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      return (await notes.tagsOf(api.base.db, id)).map(showTag);
    },
  ),
  route(
    {
      method: 'POST',
      path: '/users/{id}/tags',
      summary: 'Mark a user (customer) with tags; those that are there stay',
      may: ['create:user_tags'],
      audit: 'note',
      together: true,
      params: idParams,
      query: nothing,
      body: tagsDraft,
      status: 201,
      reply: z.array(tag),
    },
    async (api, { params, body, ...from }) => {
      const { caller } = from;
      const { id } = await findUser(api, from, params.id);
      return (await notes.addTags(api.base.db, id, writerOf(caller), body.tags)).map(showTag);
    },
  ),
  route(
    {
      method: 'DELETE',
      path: '/users/{id}/tags/{tag}',
      summary: 'Take a tag away',
      may: ['delete:user_tags'],
      audit: 'note',
      together: true,
      params: tagParams,
      query: nothing,
      body: noBody,
      status: 204,
    },
    async (api, { params, ...from }) => {
      const { id } = await findUser(api, from, params.id);
      await notes.removeTag(api.base.db, id, params.tag);
    },
  ),
];

/** @throws Problem `access_denied` unless the caller has the scope, or the note is their own, or there is none */
async function demandOwn(db: Db, caller: Caller, customer: string, note: string, scope: string): Promise<void> {
  if (caller.scopes.has(scope)) return;
  const { kind, id } = writerOf(caller);
  const author = await notes.noteAuthor(db, customer, note);
  if (author && (author.kind !== kind || author.id !== id)) demandScope(caller, scope);
}
