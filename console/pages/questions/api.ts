import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { attribute } from '../../../contract/customers.ts';
import type {
  QuestionContent,
  QuestionDraft,
  QuestionField,
  QuestionPatch,
  QuestionPreviewRequest,
  QuestionVariant,
  question,
  questionAudience,
  questionBriefs,
  questionKnown,
  questionResults,
  questionTrial,
} from '../../../contract/questions.ts';
import { call } from '../../ui/api.ts';
import { forForm } from '../../ui/query-client.ts';
import { readAllByMark, readAllByNumber } from '../../ui/read-all.ts';

export type Question = z.infer<typeof question>;
export type Audience = z.infer<typeof questionAudience>;
export type Known = z.infer<typeof questionKnown>;
export type Trial = z.infer<typeof questionTrial>;
export type Results = z.infer<typeof questionResults>;
export type Attribute = z.infer<typeof attribute>;
export type BrandName = { readonly id: string; readonly slug: string; readonly name: string };
export type { QuestionContent, QuestionField, QuestionVariant };

const of = (id: string) => `/questions/${encodeURIComponent(id)}`;

/** All questions in the order in which they are asked. */
export const questionsQuery = queryOptions({
  queryKey: ['questions'],
  queryFn: ({ signal }) => readAllByNumber<Question>('/questions', signal),
});

export function questionQuery(id: string) {
  return queryOptions({
    queryKey: ['question', id],
    queryFn: ({ signal }) => call<Question>(of(id), { signal }),
    ...forForm,
  });
}

export function makeQuestion(draft: QuestionDraft): Promise<Question> {
  return call('/questions', { method: 'POST', body: draft });
}

export function changeQuestion(id: string, patch: QuestionPatch): Promise<Question> {
  return call(of(id), { method: 'PATCH', body: patch });
}

export function removeQuestion(id: string): Promise<void> {
  return call(of(id), { method: 'DELETE' });
}

export function orderQuestions(ids: readonly string[]): Promise<unknown> {
  return call('/questions/order', { method: 'PUT', body: { ids } });
}

/** The page of a question as HTML, with what is not saved yet. */
export function previewQuery(asked: QuestionPreviewRequest) {
  return queryOptions({
    queryKey: ['question-preview', asked],
    queryFn: ({ signal }) => call<{ html: string }>('/questions/preview', { method: 'POST', body: asked, signal }),
    gcTime: 60_000,
    retry: false,
  });
}

/** Who would be asked now. @param exact counted one by one rather than estimated */
export function audienceQuery(id: string, exact: boolean) {
  return queryOptions({
    queryKey: ['question-audience', id, exact],
    queryFn: ({ signal }) => call<Audience>(`${of(id)}/audience`, { query: { exact }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Of every question that was asked in the last 30 days: how often, and how often it was answered. */
export const briefsQuery = queryOptions({
  queryKey: ['question-briefs'],
  queryFn: ({ signal }) => call<z.infer<typeof questionBriefs>>('/questions/results', { signal }),
});

/** What came of it in the last days. */
export function resultsQuery(id: string, days: number) {
  return queryOptions({
    queryKey: ['question-results', id, days],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      return call<Results>(`${of(id)}/results`, { query: { from }, signal });
    },
  });
}

/** Of how many customers of a brand (its id; empty: of all) that is known for which it asks, over the last days. */
export function knownQuery(id: string, days: number, brand: string) {
  return queryOptions({
    queryKey: ['question-known', id, days, brand],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * 86_400_000).toISOString();
      return call<Known>(`${of(id)}/known`, { query: { from, ...(brand !== '' && { brand }) }, signal });
    },
  });
}

/** What this customer would be asked at their next sign-in. */
export function tryQuestion(id: string, user_id: string): Promise<Trial> {
  return call(`${of(id)}/trial`, { query: { user_id } });
}

/** Brands by whom questions are asked. */
export const brandsQuery = queryOptions({
  queryKey: ['brands'],
  queryFn: ({ signal }) => readAllByNumber<BrandName>('/brands', signal),
});

/** Portals at which they can be asked. */
export const portalsQuery = queryOptions({
  queryKey: ['portals'],
  queryFn: ({ signal }) => readAllByMark<{ client_id: string; name: string }>('/clients', 'clients', signal),
});

/** The catalogue: what can be asked and looked at. */
export const attributesQuery = queryOptions({
  queryKey: ['attributes'],
  queryFn: ({ signal }) => readAllByNumber<Attribute>('/attributes', signal),
});
