type Fields = Readonly<Record<string, unknown>>;

const mostNames = 12;
const bounds: Readonly<Record<string, string>> = { or_less: 'or less ', or_more: 'or more ' };

/** A value of the profile as people read it. */
export function inSentence(path: string, value: unknown): string {
  if (path === 'birthdate') return birthdayInWords(String(value));
  if (isFields(value)) return sentences[path]?.(value) ?? listed(value);
  return Array.isArray(value) ? namesIn(value) : String(value);
}

// What rules of the library keep as an object.
const sentences: Readonly<Record<string, (value: Fields) => string>> = {
  'app_metadata.income_area': ({ median_household_income: income, area, bound }) =>
    typeof income === 'number'
      ? `about ${dollars(income)} ${bounds[String(bound)] ?? ''}a year in ${area} (the area, not you)`
      : `not told of ${area}`,
  'app_metadata.first_source': ({ utm_source: campaign, portal, connection, on }) =>
    [campaign && `the campaign ${campaign}`, portal, connection && `by ${connection}`, on && `on ${on}`]
      .filter(Boolean)
      .join(', '),
  'app_metadata.tidy_name': (names) => Object.values(names).join(' '),
};

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
    .map(([name, part]) => `${name.replaceAll('_', ' ')}: ${inSentence('', part)}`)
    .join('; ');
}

function dollars(amount: number): string {
  return amount.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
