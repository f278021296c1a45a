import { z } from 'zod';
import { Problem } from '../../base/errors.ts';

/** The id in a path, as our own resources have it. Problem not_found for what cannot be one. */
export function uuidOf(id: string, what: string): string {
  if (z.uuid().safeParse(id).success) return id;
  throw new Problem('not_found', `The ${what} does not exist`);
}
