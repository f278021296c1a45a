import type { z } from 'zod';
import { Problem, type ProblemCode } from '../../base/errors.ts';
import { refuseUnstorable } from './unstorable.ts';
import { validationMessage } from './validation-message.ts';

type Part = 'params' | 'query' | 'body';

const parts: Record<Part, [code: ProblemCode, prefix: string]> = {
  params: ['invalid_uri', 'Path'],
  query: ['invalid_query', 'Query'],
  body: ['invalid_body', 'Payload'],
};

/**
 * Reads one part of a request by its contract.
 *
 * @throws Problem that names the property, in Auth0's words
 */
export function readPart<T>(part: Part, schema: z.ZodType<T>, value: unknown): T {
  const [code, prefix] = parts[part];
  const unstorable = refuseUnstorable(value);
  if (unstorable) throw new Problem(code, `${prefix} validation error: ${unstorable}.`);
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem(code, `${prefix} validation error: ${issue ? validationMessage(issue) : "'Not valid'"}.`);
}
