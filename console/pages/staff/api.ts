import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  StaffInvitation,
  StaffMember,
  StaffRole,
  StaffSession,
  staffInvitationDraft,
  staffPatch,
  staffRoleDraft,
  staffRolePatch,
} from '../../../contract/staff.ts';
import type { Store, StoreDraft, storePatch } from '../../../contract/stores.ts';
import { call } from '../../ui/api.ts';
import { forForm } from '../../ui/query-client.ts';
import { readAllByMark } from '../../ui/read-all.ts';

export type { StaffInvitation, StaffMember, StaffRole, StaffSession, Store, StoreDraft };

export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: ({ signal }) => readAllByMark<StaffMember>('/staff', 'staff', signal),
});

export function memberQuery(id: string) {
  return queryOptions({
    queryKey: ['staff', id],
    queryFn: ({ signal }) => call<StaffMember>(`/staff/${id}`, { signal }),
    ...forForm,
  });
}

export function sessionsQuery(id: string) {
  return queryOptions({
    queryKey: ['staff', id, 'sessions'],
    queryFn: ({ signal }) => call<StaffSession[]>(`/staff/${id}/sessions`, { signal }),
  });
}

export const invitationsQuery = queryOptions({
  queryKey: ['staff-invitations'],
  queryFn: ({ signal }) => readAllByMark<StaffInvitation>('/staff-invitations', 'staff_invitations', signal),
});

export const rolesQuery = queryOptions({
  queryKey: ['staff-roles'],
  queryFn: ({ signal }) => readAllByMark<StaffRole>('/staff-roles', 'staff_roles', signal),
});

export function roleQuery(id: string) {
  return queryOptions({
    queryKey: ['staff-roles', id],
    queryFn: ({ signal }) => call<StaffRole>(`/staff-roles/${id}`, { signal }),
    ...forForm,
  });
}

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: ({ signal }) => readAllByMark<Store>('/stores', 'stores', signal),
});

export function invite(draft: z.input<typeof staffInvitationDraft>): Promise<StaffInvitation> {
  return call('/staff-invitations', { method: 'POST', body: draft });
}

export function revokeInvitation(id: string): Promise<void> {
  return call(`/staff-invitations/${id}`, { method: 'DELETE' });
}

export function changeMember(id: string, patch: z.input<typeof staffPatch>): Promise<StaffMember> {
  return call(`/staff/${id}`, { method: 'PATCH', body: patch });
}

export function removeMember(id: string): Promise<void> {
  return call(`/staff/${id}`, { method: 'DELETE' });
}

export function endSession(id: string, session: string): Promise<void> {
  return call(`/staff/${id}/sessions/${session}`, { method: 'DELETE' });
}

export function makeRole(draft: z.input<typeof staffRoleDraft>): Promise<StaffRole> {
  return call('/staff-roles', { method: 'POST', body: draft });
}

export function changeRole(id: string, patch: z.input<typeof staffRolePatch>): Promise<StaffRole> {
  return call(`/staff-roles/${id}`, { method: 'PATCH', body: patch });
}

export function removeRole(id: string): Promise<void> {
  return call(`/staff-roles/${id}`, { method: 'DELETE' });
}

export function makeStore(draft: StoreDraft): Promise<Store> {
  return call('/stores', { method: 'POST', body: draft });
}

export function changeStore(id: string, patch: z.input<typeof storePatch>): Promise<Store> {
  return call(`/stores/${id}`, { method: 'PATCH', body: patch });
}

export function removeStore(id: string): Promise<void> {
  return call(`/stores/${id}`, { method: 'DELETE' });
}
