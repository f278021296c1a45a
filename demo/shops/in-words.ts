import { libraryRules } from '../../rules-library/library.ts';
import type { Json } from '../../server/base/json.ts';
import type { ToldValue } from '../../server/features/rules/rules.ts';

type Fields = Readonly<Record<string, unknown>>;

const mostNames = 12;
const countries = new Intl.DisplayNames('en', { type: 'region' });

/** What ready rules keep of customers, by path. */
export const libraryValues = new Map<string, ToldValue>(
  libraryRules.flatMap(({ tells }) => tells?.values ?? []).map((one) => [one.path, one]),
);

/** A value of the profile as people read it. */
export function inSentence(path: string, value: Json): string {
  if (path === 'birthdate') return birthdayInWords(String(value));
  const told = libraryValues.get(path);
  if (told?.type === 'country') return countries.of(String(value)) ?? String(value);
  return told?.inWords?.(value, 'en', 'UTC') ?? anyInWords(value);
}

function anyInWords(value: unknown): string {
  if (isFields(value)) return listed(value);
  return Array.isArray(value) ? namesIn(value) : String(value);
}

/** A birthday as `1991-04-18` or, without the year, `0000-04-18` (OpenID Connect Core 5.1). */
export function birthdayInWords(birthdate: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthdate) ?? [];
  if (!year || !month || !day) return birthdate;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  const words = date.toLocaleDateString('en', { day: 'numeric', month: 'long', timeZone: 'UTC' });
  return year === '0000' ? words : `${words}, ${year}`;
}

/** Lists of things with names, as pages that somebody likes, are told by their names. */
function namesIn(values: readonly unknown[]): string {
  const names = values.map((item) => (isFields(item) && 'name' in item ? String(item.name) : String(item)));
  const rest = names.length - mostNames;
  return rest > 0 ? `${names.slice(0, mostNames).join(', ')} and ${rest} more` : names.join(', ');
}

function listed(value: Fields): string {
  return Object.entries(value)
    .map(([name, part]) => `${name.replaceAll('_', ' ')}: ${anyInWords(part)}`)
    .join('; ');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
