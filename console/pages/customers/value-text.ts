import type { ApiAttribute } from '../../../contract/customers.ts';
import {
  ageBandInWords,
  areaIncomeInWords,
  firstSourceInWords,
  handlesInWords,
  monthInWords,
  tidyNameInWords,
} from '../../../contract/library-values.ts';
import { date, day, daysIn } from '../../ui/words.ts';
import { labelIn } from './label-in.ts';

/** `favourite_scents` as people write it. */
export function plain(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Which rule (or an action) told something; `name`: what it is called. Of one that is there no more there is the id. */
export function ruleInWords(origin: string, name: string | null): string {
  if (origin === 'actions') return 'an action';
  if (origin.startsWith('library:')) return `the ready rule “${name ?? plain(origin.slice(8))}”`;
  return name === null ? `a rule that was removed (${origin.replace(/^rule:/, '')})` : `the rule “${name}”`;
}

/** What a value is, and what choices it, or each in a list, is one of. */
export type Kind = {
  readonly type?: ApiAttribute['type'] | 'language' | undefined;
  readonly choices?: ApiAttribute['choices'] | undefined;
};

const most = 2000;

/** A value in words; what is long is cut, for it may be 100,000 characters. */
export function textOf(value: unknown, kind: Kind = {}): string {
  const whole = wholeText(value, kind);
  return whole.length > most ? `${whole.slice(0, most)} … (${whole.length.toLocaleString()} characters)` : whole;
}

const sentences: Readonly<Record<string, (value: unknown, language: 'en', zone: string) => string | undefined>> = {
  'app_metadata.age_band': ageBandInWords,
  'app_metadata.birthday_month': monthInWords,
  'app_metadata.first_source': (value, language, zone) => firstSourceInWords(value, language, zone, daysIn),
  'app_metadata.handles': handlesInWords,
  'app_metadata.income_area': areaIncomeInWords,
  'app_metadata.tidy_name': tidyNameInWords,
};

/** The same of the value at a path: what ready rules keep in a form of their own reads as a sentence. */
export function textAt(path: string, value: unknown, kind?: Kind): string {
  return sentences[path]?.(value, 'en', new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? textOf(value, kind);
}

const mostItems = 12;

/** The beginning of a list that is too long to be read at once, and how many there are in all. */
export type ShortList = { readonly text: string; readonly count: number };

/** Undefined for what is no list, or a short one. */
export function longList(value: unknown, kind?: Kind): ShortList | undefined {
  if (!Array.isArray(value) || value.length <= mostItems) return undefined;
  return { text: textOf(value.slice(0, mostItems), kind), count: value.length };
}

function wholeText(value: unknown, { type, choices }: Kind = {}): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string') {
    const choice = choices?.find((one) => one.value === value);
    if (choice) return labelIn(choice.labels) ?? value;
    if (type === 'date') return dateOf(value);
    if (type === 'language' || type === 'country') return called(type === 'country' ? 'region' : type, value);
    return type === 'birthday' ? birthday(value) : value;
  }
  if (Array.isArray(value)) return value.map((one) => nameOf(one) ?? wholeText(one, { choices })).join(', ');
  if (typeof value === 'object' && value !== null) return nameOf(value) ?? partsOf(value);
  return String(value ?? '');
}

/** `{"area": "ZIP 80302", "found_by": "position"}` as people write it; what is within its parts stays as it is. */
function partsOf(value: object): string {
  const parts = Object.entries(value).filter(([, part]) => isThere(part));
  const textOfPart = (part: unknown) => (typeof part === 'object' ? JSON.stringify(part) : wholeText(part));
  return parts.map(([key, part]) => `${plain(key)}: ${textOfPart(part)}`).join(', ');
}

/** A day is the same everywhere; of an instant it is that of who reads it. */
function dateOf(value: string): string {
  const isInstant = value.includes('T') && !Number.isNaN(Date.parse(value));
  return (isInstant ? day(value) : undefined) ?? date(value);
}

/** `fr-CA` as people write it: "Canadian French". */
function called(type: 'language' | 'region', code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type }).of(code.replaceAll('_', '-')) ?? code;
  } catch {
    return code;
  }
}

/** Most things in a list have a name: a page that is liked, a place. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined;
  return typeof value.name === 'string' ? value.name : undefined;
}

/** Month and day, and the year if it is known: `1990-05-17`, `0000-05-17`, `--05-17`. */
function birthday(value: string): string {
  const [, year = '', month, ofMonth] = /^(\d{4})?-?-?(\d\d)-(\d\d)$/.exec(value) ?? [];
  if (!month || !ofMonth) return value;
  const withYear = year !== '' && year !== '0000';
  const at = new Date(Date.UTC(withYear ? Number(year) : 2000, Number(month) - 1, Number(ofMonth)));
  return new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    ...(withYear && { year: 'numeric' }),
    timeZone: 'UTC',
  }).format(at);
}

/** Is there anything to show? */
export function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
