import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** The library's own words, which are for programmers; what a contract says itself reads otherwise. */
const raw = /^(?:Invalid|Too (?:small|big)|Unrecognized|expected)\b/;

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object (names with values, in braces)',
  record: 'an object (names with values, in braces)',
};

/**
 * What a contract refuses, as a sentence that says what to do: "This must be a list, not a text." Values are not
 * repeated, as they may be secret.
 *
 * @param issue of a reading with `reportInput`
 */
export function issueInWords(issue: Issue): string {
  if (!raw.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'This is needed.';
      if (issue.expected === 'never') return 'This is not known here: leave it out.';
      return `This must be ${kinds[issue.expected] ?? issue.expected}, not ${found(issue.expected, issue.input)}.`;
    case 'invalid_value':
      return `This must be one of: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return formats[issue.format] ?? `This is not written as it must be (${issue.format}).`;
    case 'too_small':
      return sized(issue.origin, issue.inclusive === false ? 'More than' : 'At least', issue.minimum);
    case 'too_big':
      return sized(issue.origin, issue.inclusive === false ? 'Less than' : 'At most', issue.maximum);
    case 'not_multiple_of':
      return `This must be a multiple of ${issue.divisor}.`;
    case 'unrecognized_keys':
      return `This is not known here: leave out ${issue.keys.join(', ')}.`;
    case 'invalid_key':
      return `A name in it cannot be used: ${String(issue.path.at(-1))}.`;
    case 'invalid_union':
      return inUnion(issue.errors);
    default:
      return 'This value cannot be used here.';
  }
}

const formats: Readonly<Record<string, string>> = {
  url: 'This must be a whole address, such as https://shop.example/callback.',
  email: 'This must be an e-mail address, such as ada@shop.example.',
  uuid: 'This must be an id, as the API tells it.',
  date: 'This must be a date, such as 2026-11-30.',
  datetime: 'This must be a moment, such as 2026-11-30T08:00:00Z.',
};

function found(expected: string, input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'number') return expected === 'int' ? 'a fraction' : 'a number';
  return kinds[typeof input] ?? typeof input;
}

function sized(origin: string, bound: string, size: number | bigint): string {
  if (origin === 'string')
    return bound === 'At least' && size === 1 ? 'This is needed.' : `${bound} ${size} characters.`;
  return ['array', 'set', 'record', 'object', 'map'].includes(origin)
    ? `${bound} ${size} of them.`
    : `${bound} ${size}.`;
}

/** Of several shapes: which there are, or what is wrong with the one that got furthest. */
function inUnion(errors: readonly (readonly Issue[])[]): string {
  const all = errors.flat();
  const best = all.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (best && best.path.length > 0) return `${best.path.map(String).join('.')}: ${issueInWords(best)}`;
  const expected = all.flatMap((one) => (one.code === 'invalid_type' ? [kinds[one.expected] ?? one.expected] : []));
  if (expected.length === 0 || expected.length < all.length) return 'This value cannot be used here.';
  return `This must be ${[...new Set(expected)].join(', or ')}.`;
}
