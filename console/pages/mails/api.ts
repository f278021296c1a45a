import { queryOptions } from '@tanstack/react-query';
import type {
  MailKindList,
  MailPreview,
  MailTemplate,
  MailTemplateDraft,
  MailTemplateLine,
} from '../../../contract/mail-templates.ts';
import { call, callVersioned } from '../../ui/api.ts';
import { forForm } from '../../ui/query-client.ts';
import { readAllByMark, readAllByNumber } from '../../ui/read-all.ts';

/** Which mail: brand (slug), kind and language. */
export type Which = { readonly brand: string; readonly kind: string; readonly language: string };

function pathOf({ brand, kind, language }: Which): string {
  return `/mail-templates/${[brand, kind, language].map(encodeURIComponent).join('/')}`;
}

/** A brand as it is chosen. */
export type BrandName = { readonly id: string; readonly slug: string; readonly name: string };

export const brandsQuery = queryOptions({
  queryKey: ['brands'],
  queryFn: ({ signal }) => readAllByNumber<BrandName>('/brands', signal),
});

export const kindsQuery = queryOptions({
  queryKey: ['mail-kinds'],
  queryFn: ({ signal }) => call<MailKindList>('/mail-kinds', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is replaced, at every brand. */
export const replacedQuery = queryOptions({
  queryKey: ['mail-templates'],
  queryFn: ({ signal }) => readAllByMark<MailTemplateLine>('/mail-templates', 'mail_templates', signal),
});

export function templateQuery(which: Which) {
  return queryOptions({
    queryKey: ['mail-template', which],
    queryFn: ({ signal }) => callVersioned<MailTemplate>(pathOf(which), { signal }),
    ...forForm,
  });
}

export function previewQuery(which: Which, draft: MailTemplateDraft) {
  return queryOptions({
    queryKey: ['mail-preview', which, draft],
    queryFn: ({ signal }) => call<MailPreview>(`${pathOf(which)}/preview`, { method: 'POST', body: draft, signal }),
    gcTime: 60_000,
    retry: false,
  });
}

export function saveTemplate(which: Which, draft: MailTemplateDraft, version: string | undefined): Promise<unknown> {
  return call(pathOf(which), { method: 'PUT', body: draft, version });
}

export function removeTemplate(which: Which): Promise<void> {
  return call(pathOf(which), { method: 'DELETE' });
}

export function sendTest(which: Which, draft: MailTemplateDraft): Promise<{ to: string }> {
  return call(`${pathOf(which)}/test`, { method: 'POST', body: draft });
}
