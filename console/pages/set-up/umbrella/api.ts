import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { umbrella, umbrellaPatch } from '../../../../contract/umbrella.ts';
import { call, callVersioned } from '../../../ui/api.ts';

export type Umbrella = z.infer<typeof umbrella>;
export type UmbrellaPatch = z.input<typeof umbrellaPatch>;

export const umbrellaQuery = queryOptions({
  queryKey: ['umbrella'],
  queryFn: ({ signal }) => callVersioned<Umbrella>('/umbrella', { signal }),
  // A form stands on it: what is typed must not be pulled away.
  refetchOnWindowFocus: false,
});

export function changeUmbrella(patch: UmbrellaPatch, version: string | undefined): Promise<Umbrella> {
  return call<Umbrella>('/umbrella', { method: 'PATCH', body: patch, version });
}
