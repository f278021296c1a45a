import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Consent, ConsentDraft, ConsentPatch, Wording, WordingTexts } from '../../../contract/consents.ts';
import { call, callVersioned } from '../../ui/api.ts';
import { forForm } from '../../ui/query-client.ts';
import { readAllByNumber } from '../../ui/read-all.ts';
import type { Asked } from './asked.ts';

export type { Consent, Wording };

type Page = { readonly consents: readonly Consent[]; readonly start: number; readonly total: number };

const perPage = 50;
const of = (id: string) => `/consents/${encodeURIComponent(id)}`;
const versionOf = (id: string, version: string) => `${of(id)}/wordings/${encodeURIComponent(version)}`;

function readPage({ brand, purpose }: Asked, page: number, signal: AbortSignal): Promise<Page> {
  const query = { brand, purpose, page, per_page: perPage, include_totals: true };
  return call<Page>('/consents', { query, signal });
}

function pageAfter({ consents, start, total }: Page): number | undefined {
  const end = start + consents.length;
  return consents.length > 0 && end < total ? end / perPage : undefined;
}

/** Consents in the order in which they are asked, a page at a time. */
export function consentsQuery({ brand, purpose }: Asked) {
  return infiniteQueryOptions({
    queryKey: ['consents', 'list', brand, purpose],
    queryFn: ({ pageParam, signal }) => readPage({ brand, purpose }, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: pageAfter,
  });
}

/** A part of all that were asked for, and the mark of the next. */
export async function consentsFrom(asked: Asked, from: string | undefined, signal: AbortSignal) {
  const page = await readPage(asked, Number(from ?? 0), signal);
  return { rows: page.consents, next: pageAfter(page)?.toString() };
}

export function consentQuery(id: string) {
  return queryOptions({
    queryKey: ['consent', id],
    queryFn: ({ signal }) => callVersioned<Consent>(of(id), { signal }),
    ...forForm,
  });
}

export function makeConsent(draft: ConsentDraft): Promise<Consent> {
  return call('/consents', { method: 'POST', body: draft });
}

export function changeConsent(id: string, patch: ConsentPatch, version: string | undefined): Promise<Consent> {
  return call(of(id), { method: 'PATCH', body: patch, version });
}

export function removeConsent(id: string): Promise<void> {
  return call(of(id), { method: 'DELETE' });
}

/** Every version of its words, the newest first. */
export function wordingsQuery(id: string) {
  return queryOptions({
    queryKey: ['consent', id, 'wordings'],
    queryFn: ({ signal }) => readAllByNumber<Wording>(`${of(id)}/wordings`, signal),
  });
}

/** One of them, to be changed. */
export function wordingQuery(id: string, version: string) {
  return queryOptions({
    queryKey: ['consent-wording', id, version],
    queryFn: ({ signal }) => callVersioned<Wording>(versionOf(id, version), { signal }),
    ...forForm,
  });
}

export function draftWording(id: string, draft: { version?: string; texts: WordingTexts }): Promise<Wording> {
  return call(`${of(id)}/wordings`, { method: 'POST', body: draft });
}

export function redraftWording(
  id: string,
  version: string,
  texts: WordingTexts,
  seen: string | undefined,
): Promise<Wording> {
  return call(versionOf(id, version), { method: 'PATCH', body: { texts }, version: seen });
}

export function removeWording(id: string, version: string): Promise<void> {
  return call(versionOf(id, version), { method: 'DELETE' });
}

export function publishWording(id: string, version: string): Promise<Wording> {
  return call(`${versionOf(id, version)}/publish`, { method: 'POST' });
}

export function withdrawWording(id: string, version: string): Promise<Wording> {
  return call(`${versionOf(id, version)}/withdraw`, { method: 'POST' });
}
