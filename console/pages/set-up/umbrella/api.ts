import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { umbrella, umbrellaPatch } from '../../../../contract/umbrella.ts';
import { call, callVersioned } from '../../../ui/api.ts';
import { forForm } from '../../../ui/query-client.ts';

export type Umbrella = z.infer<typeof umbrella>;
export type UmbrellaPatch = z.input<typeof umbrellaPatch>;

export const umbrellaQuery = queryOptions({
  queryKey: ['umbrella'],
  queryFn: ({ signal }) => callVersioned<Umbrella>('/umbrella', { signal }),
  ...forForm,
});

export function changeUmbrella(patch: UmbrellaPatch, version: string | undefined): Promise<Umbrella> {
  return call<Umbrella>('/umbrella', { method: 'PATCH', body: patch, version });
}
