import { queryOptions } from '@tanstack/react-query';
import type { Client, ClientDraft, ClientPatch } from '../../../../contract/clients.ts';
import type { AppType } from '../../../../contract/portals.ts';
import { call, callVersioned } from '../../../ui/api.ts';
import { forForm } from '../../../ui/query-client.ts';
import { readAllByMark } from '../../../ui/read-all.ts';

export type { AppType, Client };

/** Every portal and machine, the oldest first. */
export const portalsQuery = queryOptions({
  queryKey: ['portals'],
  queryFn: ({ signal }) => readAllByMark<Client>('/clients', 'clients', signal),
});

export function portalQuery(id: string) {
  return queryOptions({
    queryKey: ['portal', id],
    queryFn: ({ signal }) => callVersioned<Client>(`/clients/${encodeURIComponent(id)}`, { signal }),
    ...forForm,
  });
}

export function makePortal(draft: ClientDraft): Promise<Client> {
  return call<Client>('/clients', { method: 'POST', body: draft });
}

export function changePortal(id: string, patch: ClientPatch, version: string | undefined): Promise<Client> {
  return call<Client>(`/clients/${encodeURIComponent(id)}`, { method: 'PATCH', body: patch, version });
}

export function rotateSecret(id: string): Promise<Client> {
  return call<Client>(`/clients/${encodeURIComponent(id)}/rotate-secret`, { method: 'POST' });
}

export function removePortal(id: string): Promise<void> {
  return call(`/clients/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export const appTypes: readonly { readonly value: AppType; readonly label: string; readonly about: string }[] = [
  {
    value: 'regular_web',
    label: 'Website with a server',
    about: 'PHP, Next.js, Express, Spring … It can keep a secret.',
  },
  {
    value: 'spa',
    label: 'Page in the browser',
    about: 'React, Vue, Angular … without a server of its own. No secret.',
  },
  { value: 'native', label: 'App', about: 'On a phone or a desktop. No secret.' },
  { value: 'non_interactive', label: 'Machine', about: 'Calls an API; no customer signs in there.' },
];

/** The portals that Regulars itself keeps for the account pages are nobody's to set up. */
export function isOwn({ client_metadata }: Client): boolean {
  return client_metadata.account_pages !== undefined;
}
