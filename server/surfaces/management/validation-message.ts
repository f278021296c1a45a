import type { z } from 'zod';
import { issueInWords } from '../../../contract/issue-words.ts';

type Issue = z.core.$ZodIssue;

/**
 * One failure of a contract in Auth0's words: `'Missing required property: name'`, `'Additional properties not
 * allowed: x,y' on property settings`.
 */
export function validationMessage(issue: Issue): string {
  // The fullest answer to "which of these shapes": the one that got furthest.
  if (issue.code === 'invalid_union') {
    const best = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
    if (best && best.path.length > 0) return validationMessage({ ...best, path: [...issue.path, ...best.path] });
  }
  const path = pathOf(issue.path);
  if (issue.code === 'invalid_type' && issue.input === undefined && path === '') return "'A body in JSON is needed'";
  if (issue.code === 'invalid_type' && issue.input === undefined) return `'Missing required property: ${path}'`;
  return `'${wordsOf(issue)}'${path === '' ? '' : ` on property ${path}`}`;
}

// As JSON has them; the others are called alike.
const typeNames: Readonly<Record<string, string>> = { record: 'object', int: 'integer' };

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `Additional properties not allowed: ${issue.keys.join(',')}`;
    case 'invalid_type':
      if (issue.expected === 'never') return 'This property is not supported by this server';
      return `Expected type ${typeNames[issue.expected] ?? issue.expected} but found type ${typeOf(issue.input)}`;
    case 'invalid_value':
      return `No enum match for: ${JSON.stringify(issue.input)} (allowed: ${issue.values.map(String).join(', ')})`;
    case 'invalid_format':
      return issue.format === 'regex' && 'pattern' in issue
        ? `String does not match pattern: ${String(issue.pattern).replace(/^\/|\/\w*$/g, '')}`
        : `Object didn't pass validation for format ${issue.format}`;
    case 'too_small':
      return sized(issue.origin, 'short', 'less than minimum', issue.minimum, issue.input);
    case 'too_big':
      return sized(issue.origin, 'long', 'greater than maximum', issue.maximum, issue.input);
    default:
      return issueInWords(issue);
  }
}

function sized(origin: string, size: string, compare: string, bound: number | bigint, input: unknown): string {
  const word = size === 'short' ? 'minimum' : 'maximum';
  if (origin === 'string') return `String is too ${size} (${lengthOf(input)} chars), ${word} ${bound}`;
  if (origin === 'array') return `Array is too ${size} (${lengthOf(input)}), ${word} ${bound}`;
  return `Value ${String(input)} is ${compare} ${bound}`;
}

function lengthOf(input: unknown): number {
  return typeof input === 'string' || Array.isArray(input) ? input.length : 0;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}
