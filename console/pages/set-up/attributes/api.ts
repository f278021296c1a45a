import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  AttributeDraft,
  AttributePatch,
  attribute,
  attributeType,
  FactSource,
} from '../../../../contract/customers.ts';
import { call, callVersioned } from '../../../ui/api.ts';
import { forForm } from '../../../ui/query-client.ts';
import { readAllByNumber } from '../../../ui/read-all.ts';

export type Attribute = z.infer<typeof attribute>;
export type AttributeType = z.infer<typeof attributeType>;

export const attributesQuery = queryOptions({
  queryKey: ['attributes'],
  queryFn: ({ signal }) => readAllByNumber<Attribute>('/attributes', signal),
});

export function attributeQuery(path: string) {
  return queryOptions({
    queryKey: ['attribute', path],
    queryFn: ({ signal }) => callVersioned<Attribute>(`/attributes/${encodeURIComponent(path)}`, { signal }),
    ...forForm,
  });
}

export function makeAttribute(draft: AttributeDraft): Promise<Attribute> {
  return call<Attribute>('/attributes', { method: 'POST', body: draft });
}

export function changeAttribute(path: string, patch: AttributePatch, version: string | undefined): Promise<Attribute> {
  return call<Attribute>(`/attributes/${encodeURIComponent(path)}`, { method: 'PATCH', body: patch, version });
}

export function removeAttribute(path: string): Promise<void> {
  return call(`/attributes/${encodeURIComponent(path)}`, { method: 'DELETE' });
}

export const types: readonly { readonly value: AttributeType; readonly label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'date', label: 'Date' },
  { value: 'birthday', label: 'Birthday' },
  { value: 'choice', label: 'One of several' },
  { value: 'choices', label: 'Some of several' },
  { value: 'list', label: 'List of texts' },
  { value: 'country', label: 'Country' },
  { value: 'phone', label: 'Phone number' },
  { value: 'email', label: 'E-mail address' },
  { value: 'url', label: 'Web address' },
  { value: 'json', label: 'Anything (JSON)' },
];

export const sources: readonly { readonly value: FactSource; readonly label: string }[] = [
  { value: 'customer', label: 'The customer' },
  { value: 'asked', label: 'The customer, when asked' },
  { value: 'umbrella', label: 'You (staff, API, imports)' },
  { value: 'network', label: 'A network' },
  { value: 'rule', label: 'A rule' },
  { value: 'inferred', label: 'Guessed from behaviour' },
];
