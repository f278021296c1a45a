import { localeOf } from '../../base/date-words.ts';
import type { Json } from '../../base/json.ts';
import { languages } from '../../base/languages.ts';
import type { Attribute } from '../../features/customers/customers.ts';
import type { AccountVisit } from './account-visit.ts';

type Reader = Pick<AccountVisit, 'language' | 'say'>;

/** One of several to choose from. */
export type Option = { readonly value: string; readonly label: string; readonly chosen: boolean };

/** How a value is typed in: what the form shows. */
export type ValueField =
  | { readonly kind: 'text' | 'url' | 'number' | 'date' | 'lines'; readonly value: string }
  | { readonly kind: 'select' | 'boolean' | 'checks'; readonly options: readonly Option[] }
  | { readonly kind: 'birthday'; readonly day: string; readonly year: string; readonly months: readonly Option[] };

/**
 * The field for a value, by the type that the catalogue gives its path, or else by what the value is. Undefined: it can
 * be deleted, but is nothing that anybody types (an object, a network's list of pages).
 */
export function fieldOf(
  reader: Reader,
  path: string,
  attribute: Attribute | undefined,
  value: Json | undefined,
): ValueField | undefined {
  const text = typeof value === 'string' ? value : '';
  const type = attribute?.type ?? typeOf(value);
  if (path === 'locale') return select(languageOptions(reader, text));
  if (path === 'zoneinfo') return select(optionsOf(Intl.supportedValuesOf('timeZone'), text, (zone) => zone));
  switch (type) {
    case 'number':
      return { kind: 'number', value: typeof value === 'number' ? String(value) : '' };
    case 'boolean':
      return {
        kind: 'boolean',
        options: [
          { value: 'yes', label: reader.say('known.yes'), chosen: value === true },
          { value: 'no', label: reader.say('known.no'), chosen: value === false },
        ],
      };
    case 'date':
      return { kind: 'date', value: text };
    case 'birthday':
      return birthdayField(reader, text);
    case 'choice':
      return select(choiceOptions(reader, attribute, text === '' ? [] : [text]));
    case 'choices':
      return { kind: 'checks', options: choiceOptions(reader, attribute, textsOf(value) ?? []) };
    case 'country':
      return select(countryOptions(reader, text));
    case 'list': {
      const texts = value === undefined ? [] : textsOf(value);
      return texts && { kind: 'lines', value: texts.join('\n') };
    }
    case 'url':
      return { kind: 'url', value: text };
    case 'text':
      return value === undefined || typeof value === 'string' ? { kind: 'text', value: text } : undefined;
    default:
      return undefined;
  }
}

function typeOf(value: Json | undefined): Attribute['type'] | undefined {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string' || value === undefined) return 'text';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'number' : undefined;
}

/** The items of a list that holds nothing but texts of one line. */
function textsOf(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string' && !/[\r\n]/.test(item));
  return texts.length === value.length ? texts : undefined;
}

function select(options: readonly Option[]): ValueField {
  return { kind: 'select', options };
}

function optionsOf(values: readonly string[], chosen: string, labelOf: (value: string) => string): Option[] {
  // What is there now can be kept, also when it is none of those that are offered.
  const all = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  return all.map((value) => ({ value, label: labelOf(value), chosen: value === chosen }));
}

function choiceOptions({ language }: Reader, attribute: Attribute | undefined, chosen: readonly string[]): Option[] {
  return (attribute?.choices ?? []).map(({ value, labels }) => {
    return { value, label: labels[language] ?? labels.en ?? value, chosen: chosen.includes(value) };
  });
}

function languageOptions({ language }: Reader, chosen: string): Option[] {
  const names = new Intl.DisplayNames(language, { type: 'language' });
  return optionsOf(languages, chosen, (code) => names.of(code) ?? code);
}

function countryOptions({ language }: Reader, chosen: string): Option[] {
  const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => names.of(code));
  const options = optionsOf(codes, chosen, (code) => names.of(code) ?? code);
  return options.sort((a, b) => a.label.localeCompare(b.label, language));
}

function birthdayField(reader: Reader, text: string): ValueField {
  // Some networks tell the year alone.
  const [, year = '', month = '', day = ''] = /^(\d{4})(?:-(\d{2})-(\d{2}))?$/.exec(text) ?? [];
  const name = new Intl.DateTimeFormat(localeOf(reader.language), { month: 'long', timeZone: 'UTC' });
  const months = Array.from({ length: 12 }, (_, index) => {
    const value = String(index + 1).padStart(2, '0');
    return { value, label: name.format(new Date(Date.UTC(2000, index, 1))), chosen: value === month };
  });
  return { kind: 'birthday', day: day.replace(/^0/, ''), year: year === '0000' ? '' : year, months };
}
