import { localeOf } from '../../base/date-words.ts';
import { isJsonObject, type Json } from '../../base/json.ts';
import type { Attribute } from '../../features/customers/customers.ts';
import type { AccountVisit } from './account-visit.ts';

type Reader = Pick<AccountVisit, 'language' | 'say'>;

/** What kind of value it is, and what choices it is one of: its row of the catalogue, or the field that asked for it. */
export type Kind = Pick<Attribute, 'type' | 'choices'>;

/** A value as people say it; `attribute` is its row of the catalogue, if it has one. */
export function valueInWords(reader: Reader, path: string, value: Json, attribute: Kind | undefined): string {
  if (Array.isArray(value)) return value.map((item) => itemInWords(reader, item, attribute)).join(', ');
  const text = typeof value === 'string' ? textInWords(reader, path, value, attribute) : undefined;
  return text ?? anythingInWords(reader, value);
}

/** One item of a list: a liked page is called by its name. */
export function itemInWords(reader: Reader, item: Json, attribute: Kind | undefined): string {
  if (typeof item === 'string') return choiceInWords(reader, item, attribute) ?? item;
  const name = isJsonObject(item) ? (item.name ?? item.title ?? item.label) : undefined;
  return typeof name === 'string' ? name : anythingInWords(reader, item);
}

/** What the attribute is called in the customer's language: by the catalogue, or else by its path. */
export function labelOf({ language, say }: Reader, path: string, attribute: Attribute | undefined): string {
  const label = attribute?.labels[language] ?? attribute?.labels.en;
  if (label) return label;
  const key = path.slice(path.lastIndexOf('.') + 1);
  const words = key.replaceAll(/[_:-]+/g, ' ').trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : say('known.unnamed');
}

// As networks say it; whatever else somebody says stands for itself.
const genders = { female: 'known.female', male: 'known.male' } as const;

function textInWords(reader: Reader, path: string, value: string, attribute: Kind | undefined) {
  const { language } = reader;
  switch (attribute?.type) {
    case 'date':
    case 'birthday':
      return dateInWords(reader, value);
    case 'country':
      return nameIn(language, 'region', value);
    case 'choice':
    case 'choices':
      return choiceInWords(reader, value, attribute);
    default:
      if (path === 'picture') return imageInWords(reader, value);
      if (path === 'gender' && (value === 'female' || value === 'male')) return reader.say(genders[value]);
      return path === 'locale' ? nameIn(language, 'language', value) : undefined;
  }
}

/** Its address says little; where it lies does. */
function imageInWords({ say }: Pick<Reader, 'say'>, address: string): string | undefined {
  const host = URL.parse(address)?.host;
  return host && say('known.image', { host });
}

/** A date is a day without a time; a birthday may have no year: `0000-03-14`. */
function dateInWords(reader: Pick<Reader, 'language'>, value: string): string | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? [];
  if (day === '') return undefined;
  const date = new Date(`${year === '0000' ? '2000' : year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return undefined;
  const shown = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(localeOf(reader.language), {
    ...shown,
    ...(year !== '0000' && { year: 'numeric' }),
  }).format(date);
}

function choiceInWords({ language }: Pick<Reader, 'language'>, value: string, attribute: Kind | undefined) {
  const choice = attribute?.choices?.find((one) => one.value === value);
  return choice && (choice.labels[language] ?? choice.labels.en ?? choice.value);
}

function nameIn(language: string, type: 'region' | 'language', code: string): string | undefined {
  try {
    return new Intl.DisplayNames(language, { type }).of(code);
  } catch {
    return undefined;
  }
}

/** Any JSON: what is in it, one after the other. */
function anythingInWords({ language, say }: Reader, value: Json): string {
  if (typeof value === 'boolean') return say(value ? 'known.yes' : 'known.no');
  if (typeof value === 'number') return new Intl.NumberFormat(language, { maximumFractionDigits: 10 }).format(value);
  if (value === null) return say('known.nothing');
  if (typeof value === 'string') return value;
  const reader = { language, say };
  if (Array.isArray(value)) return value.map((item) => itemInWords(reader, item, undefined)).join(', ');
  return Object.entries(value)
    .map(([name, inner]) => `${name.replaceAll('_', ' ')}: ${anythingInWords(reader, inner)}`)
    .join('; ');
}
