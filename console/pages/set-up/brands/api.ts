import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { BrandDraft, BrandPatch, BrandPreviewRequest, brand, pageText } from '../../../../contract/brands.ts';
import { call, callVersioned } from '../../../ui/api.ts';
import { forForm } from '../../../ui/query-client.ts';
import { readAllByNumber } from '../../../ui/read-all.ts';

export type Brand = z.infer<typeof brand>;
export type PageText = z.infer<typeof pageText>;

export const brandsQuery = queryOptions({
  queryKey: ['brands'],
  queryFn: ({ signal }) => readAllByNumber<Brand>('/brands', signal),
});

export function brandQuery(slug: string) {
  return queryOptions({
    queryKey: ['brand', slug],
    queryFn: ({ signal }) => callVersioned<Brand>(`/brands/${encodeURIComponent(slug)}`, { signal }),
    ...forForm,
  });
}

export const pageTextsQuery = queryOptions({
  queryKey: ['page-texts'],
  queryFn: ({ signal }) => call<readonly PageText[]>('/brand-texts', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A page of the sign-in as HTML, with what is not saved yet. */
export function previewQuery(asked: BrandPreviewRequest) {
  return queryOptions({
    queryKey: ['brand-preview', asked],
    queryFn: ({ signal }) => call<{ html: string }>('/brands/preview', { method: 'POST', body: asked, signal }),
    gcTime: 60_000,
    retry: false,
  });
}

export function makeBrand(draft: BrandDraft): Promise<Brand> {
  return call<Brand>('/brands', { method: 'POST', body: draft });
}

export function changeBrand(id: string, patch: BrandPatch, version: string | undefined): Promise<Brand> {
  return call<Brand>(`/brands/${id}`, { method: 'PATCH', body: patch, version });
}

export function removeBrand(id: string): Promise<void> {
  return call(`/brands/${id}`, { method: 'DELETE' });
}
