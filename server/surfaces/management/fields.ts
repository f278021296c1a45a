import { z } from 'zod';
import { flag } from './paging.ts';

/** `fields`: names to keep, or with `include_fields=false` to leave out. */
export const fieldsQuery = {
  fields: z
    .string()
    .max(1000)
    .regex(/^[\w.:-]+(,[\w.:-]+)*$/)
    .optional(),
  include_fields: flag.default(true),
};

type Fields = { readonly fields?: string | undefined; readonly include_fields: boolean };

/** Does the caller ask for this property by its name? */
export function namesField({ fields, include_fields }: Fields, name: string): boolean {
  return include_fields && fields?.split(',').includes(name) === true;
}

/** The properties of `item` that were asked for. */
export function pickFields<T extends object>(item: T, { fields, include_fields }: Fields): Partial<T> {
  if (fields === undefined) return item;
  const names = new Set(fields.split(','));
  const kept = { ...item };
  for (const name of Object.keys(kept)) {
    if (names.has(name) !== include_fields) Reflect.deleteProperty(kept, name);
  }
  return kept;
}
