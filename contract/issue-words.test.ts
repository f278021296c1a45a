import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { issueInWords } from './issue-words.ts';

const record = z.record(z.string().regex(/^[a-z]+$/), z.string());
const told: [schema: z.ZodType, value: unknown, words: string][] = [
  [record, [], 'This must be an object (names with values, in braces), not a list.'],
  [record, { '?': 'x' }, 'A name in it cannot be used: ?.'],
  [z.string(), undefined, 'This is needed.'],
  [z.string().min(1), '', 'This is needed.'],
  [z.string().min(16), 'short', 'At least 16 characters.'],
  [z.array(z.string()).max(1), ['a', 'b'], 'At most 1 of them.'],
  [z.array(z.string()), 'a', 'This must be a list, not a text.'],
  [z.number(), null, 'This must be a number, not null.'],
  [z.int(), 1.5, 'This must be a whole number, not a fraction.'],
  [z.number().gt(3), 3, 'More than 3.'],
  [z.number().max(3), 4, 'At most 3.'],
  [z.number().multipleOf(5), 3, 'This must be a multiple of 5.'],
  [z.enum(['PUT', 'POST']), 'GET', 'This must be one of: PUT, POST.'],
  [z.url(), 'x', 'This must be a whole address, such as https://shop.example/callback.'],
  [z.strictObject({}), { a: 1 }, 'This is not known here: leave out a.'],
  [z.union([z.string(), z.number()]), [], 'This must be a text, or a number.'],
  [z.string().regex(/^a/, 'An a first'), 'b', 'An a first'],
  [z.string().refine(() => false), 'b', 'This value cannot be used here.'],
];

for (const [schema, value, words] of told) {
  test(`what is refused says what to do: ${words}`, () => {
    const { error } = schema.safeParse(value, { reportInput: true });
    assert.ok(error);
    assert.deepEqual(error.issues.map(issueInWords), [words]);
  });
}
