import { queryOptions } from '@tanstack/react-query';
import type { ConnectionAnswer, ListedConnection } from '../../../../contract/connection-requests.ts';
import type { ConnectionDraft, ConnectionPatch } from '../../../../contract/connections.ts';
import { call, callVersioned } from '../../../ui/api.ts';
import { forForm } from '../../../ui/query-client.ts';
import { readAllByMark } from '../../../ui/read-all.ts';

export type Connection = ConnectionAnswer;
export type { ListedConnection };

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => readAllByMark<ListedConnection>('/connections', 'connections', signal),
});

export function connectionQuery(id: string) {
  return queryOptions({
    queryKey: ['connection', id],
    queryFn: ({ signal }) => callVersioned<Connection>(`/connections/${encodeURIComponent(id)}`, { signal }),
    ...forForm,
  });
}

/** What one portal offers. */
export function offeredQuery(portal: string) {
  return queryOptions({
    queryKey: ['connections-of', portal],
    queryFn: ({ signal }) =>
      readAllByMark<ListedConnection>(`/clients/${encodeURIComponent(portal)}/connections`, 'connections', signal),
  });
}

export function makeConnection(draft: ConnectionDraft): Promise<Connection> {
  return call<Connection>('/connections', { method: 'POST', body: draft });
}

export function changeConnection(id: string, patch: ConnectionPatch, version: string | undefined): Promise<Connection> {
  return call<Connection>(`/connections/${id}`, { method: 'PATCH', body: patch, version });
}

/** Offers a connection at a portal, or no longer. */
export function offer(connection: string, portal: string, status: boolean): Promise<void> {
  return call(`/connections/${connection}/clients`, { method: 'PATCH', body: [{ client_id: portal, status }] });
}

export function removeConnection(id: string): Promise<void> {
  return call(`/connections/${id}`, { method: 'DELETE' });
}
