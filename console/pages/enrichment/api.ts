import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { EnrichmentSource, enrichmentSourcePatch } from '../../../contract/enrichment.ts';
import { call } from '../../ui/api.ts';

/** How each service does; looked at again while the page is open. */
export const sourcesQuery = queryOptions({
  queryKey: ['enrichment'],
  queryFn: ({ signal }) => call<readonly EnrichmentSource[]>('/enrichment/sources', { signal }),
  refetchInterval: 30_000,
});

export function changeSource(id: string, patch: z.infer<typeof enrichmentSourcePatch>): Promise<EnrichmentSource> {
  return call(`/enrichment/sources/${encodeURIComponent(id)}`, { method: 'PATCH', body: patch });
}
