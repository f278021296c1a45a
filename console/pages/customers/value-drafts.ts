import { Refused } from '../../ui/refused.ts';

/** How a value is typed: by its type in the catalogue, or by what it is. */
export type Kind =
  | 'text'
  | 'long'
  | 'number'
  | 'boolean'
  | 'date'
  | 'birthday'
  | 'choice'
  | 'choices'
  | 'list'
  | 'json';
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const kinds: Readonly<Record<string, Kind>> = {
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  birthday: 'birthday',
  choice: 'choice',
  choices: 'choices',
  list: 'list',
  json: 'json',
};

const longFrom = 80;
const isDay = (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
// Lines that are read as they were written.
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.every((one) => typeof one === 'string' && one !== '' && one.trim() === one && !one.includes('\n')) &&
  new Set(value).size === value.length;

/** How the value at a path is typed; one that is not of its type is typed as what it is, so that nothing is lost of it. */
export function kindOf(attribute: { readonly type: string } | undefined, value: unknown): Kind {
  const kind = attribute ? (kinds[attribute.type] ?? 'text') : undefined;
  if (value === undefined || value === null) return kind ?? 'text';
  if (kind && fits(kind, value)) return kind === 'text' ? textKind(value) : kind;
  if (typeof value === 'string') return textKind(value);
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return isTexts(value) ? 'list' : 'json';
}

function fits(kind: Kind, value: unknown): boolean {
  if (kind === 'number' || kind === 'boolean') return typeof value === kind;
  if (kind === 'date') return isDay(value);
  if (kind === 'birthday') return isDay(value) || (typeof value === 'string' && /^--\d\d-\d\d$/.test(value));
  if (kind === 'choices' || kind === 'list') return isTexts(value);
  return kind === 'json' || typeof value === 'string';
}

function textKind(value: unknown): Kind {
  const isPlain =
    typeof value === 'string' && value.length <= longFrom && !/[\r\n]/.test(value) && value.trim() === value;
  return isPlain ? 'text' : 'long';
}

/** The value as it is typed. */
export function draftOf(kind: Kind, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'boolean') return value === true ? 'yes' : 'no';
  if (kind === 'json') return JSON.stringify(value, null, 2);
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/**
 * What was typed, as a value.
 *
 * @throws Refused about `text`
 */
export function readDraft(kind: Kind, type: string | undefined, text: string): Json {
  const plain = text.trim();
  if (plain === '') throw refused('Type a value, or remove it.');
  switch (kind) {
    case 'number':
      return numberOf(plain);
    case 'boolean':
      return plain === 'yes';
    case 'choices':
    case 'list':
      return [...new Set(plain.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
    case 'json':
      return jsonOf(plain);
    case 'long':
      return text;
    default:
      checkText(type, plain);
      return plain;
  }
}

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw refused('A number, such as 12 or 3.5.');
  return number;
}

function jsonOf(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    if (value !== null) return value;
  } catch {
    throw refused('This is not JSON: texts stand in "quotes".');
  }
  throw refused('Type a value, or remove it.');
}

const forms: Readonly<Record<string, readonly [RegExp, string]>> = {
  date: [/^\d{4}-\d\d-\d\d$/, 'A day as 2026-05-17.'],
  birthday: [/^(\d{4}|-)-\d\d-\d\d$/, 'A day as 1990-05-17; --05-17 where the year is not known.'],
  country: [/^[A-Z]{2}$/, 'A country as two letters: FR, DE.'],
  phone: [/^\+\d{6,15}$/, 'A phone number as +33612345678.'],
  email: [/^\S+@\S+\.\S+$/, 'An e-mail address, such as ada@example.com.'],
  url: [/^https?:\/\/\S+$/, 'A web address that begins with https://.'],
};

function checkText(type: string | undefined, text: string): void {
  const [form, words] = forms[type ?? ''] ?? [];
  if (form && words && !form.test(text)) throw refused(words);
}

function refused(words: string): Refused {
  return new Refused('text', words);
}
