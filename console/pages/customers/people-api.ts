import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { FollowUpPatch, followUp, note, notePatch, tag } from '../../../contract/notes.ts';
import type { session } from '../../../contract/sessions.ts';
import type { userDevice } from '../../../contract/timeline.ts';
import { call } from '../../ui/api.ts';

export type Note = z.infer<typeof note>;
export type Tag = z.infer<typeof tag>;
export type FollowUp = z.infer<typeof followUp>;
export type Session = z.infer<typeof session>;
export type Device = z.infer<typeof userDevice>;

const under = (id: string, part: string) => `/users/${encodeURIComponent(id)}/${part}`;

export function notesQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'notes'],
    queryFn: ({ signal }) => call<Note[]>(under(id, 'notes'), { signal }),
  });
}

export function addNote(id: string, text: string): Promise<Note> {
  return call(under(id, 'notes'), { method: 'POST', body: { text } });
}

export function changeNote(id: string, note: string, change: z.input<typeof notePatch>): Promise<Note> {
  return call(under(id, `notes/${note}`), { method: 'PATCH', body: change });
}

export function removeNote(id: string, note: string): Promise<void> {
  return call(under(id, `notes/${note}`), { method: 'DELETE' });
}

export function tagsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'tags'],
    queryFn: ({ signal }) => call<Tag[]>(under(id, 'tags'), { signal }),
  });
}

export function addTag(id: string, tag: string): Promise<Tag[]> {
  return call(under(id, 'tags'), { method: 'POST', body: { tags: [tag] } });
}

export function removeTag(id: string, tag: string): Promise<void> {
  return call(under(id, `tags/${encodeURIComponent(tag)}`), { method: 'DELETE' });
}

/** The follow-up that is open or was done last; null: there is none. */
export function followUpQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'follow-up'],
    queryFn: ({ signal }) => call<FollowUp | null>(under(id, 'follow-up'), { signal }),
  });
}

export function setFollowUp(id: string, draft: { text: string; date: string }): Promise<FollowUp> {
  return call(under(id, 'follow-up'), { method: 'POST', body: draft });
}

export function changeFollowUp(id: string, change: FollowUpPatch): Promise<FollowUp> {
  return call(under(id, 'follow-up'), { method: 'PATCH', body: change });
}

export function removeFollowUp(id: string): Promise<void> {
  return call(under(id, 'follow-up'), { method: 'DELETE' });
}

export function sessionsQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'sessions'],
    queryFn: async ({ signal }) => (await call<{ sessions: Session[] }>(under(id, 'sessions'), { signal })).sessions,
  });
}

export function endSession(session: string): Promise<void> {
  return call(`/sessions/${session}`, { method: 'DELETE' });
}

export function endAllSessions(id: string): Promise<void> {
  return call(under(id, 'sessions'), { method: 'DELETE' });
}

export function devicesQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'devices'],
    queryFn: ({ signal }) => call<Device[]>(under(id, 'devices'), { signal }),
  });
}

type Blocks = { readonly blocked_for: readonly { readonly identifier: string; readonly ip: string }[] };

/** From where the customer is kept out after too many failures. */
export function blocksQuery(id: string) {
  return queryOptions({
    queryKey: ['customer', id, 'blocks'],
    queryFn: async ({ signal }) =>
      (await call<Blocks>(`/user-blocks/${encodeURIComponent(id)}`, { signal })).blocked_for,
  });
}

export function unblock(id: string): Promise<void> {
  return call(`/user-blocks/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** Mails the link that proves the address. */
export function mailVerification(id: string): Promise<unknown> {
  return call('/jobs/verification-email', { method: 'POST', body: { user_id: id } });
}

export function setBlocked(id: string, blocked: boolean): Promise<unknown> {
  return call(`/users/${encodeURIComponent(id)}`, { method: 'PATCH', body: { blocked } });
}

/** Mails a link to another address, which changes it once it is used. */
export function mailAddressChange(id: string, email: string): Promise<{ email: string }> {
  return call(under(id, 'address-changes'), { method: 'POST', body: { email } });
}
