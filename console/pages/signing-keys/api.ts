import { queryOptions } from '@tanstack/react-query';
import type { SigningKey } from '../../../contract/signing-keys.ts';
import { call } from '../../ui/api.ts';

export const keysQuery = queryOptions({
  queryKey: ['signing-keys'],
  queryFn: ({ signal }) => call<readonly SigningKey[]>('/keys/signing', { signal }),
});

/** @param atOnce although those who verify may not know the next key yet */
export function rotate(atOnce: boolean): Promise<{ signs_at: string }> {
  return call('/keys/signing/rotate', { method: 'POST', query: { at_once: atOnce || undefined } });
}

export function revoke(kid: string): Promise<unknown> {
  return call(`/keys/signing/${encodeURIComponent(kid)}/revoke`, { method: 'PUT' });
}
