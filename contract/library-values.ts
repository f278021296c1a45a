import type { Language } from './brands.ts';

// What ready rules keep in another form than people read it, in sentences: the customer's pages, staff's and a shop say
// the same.

type Fields = Readonly<Record<string, unknown>>;

type IncomeWords = {
  readonly about: (income: string, area: string) => string;
  readonly unknown: (area: string) => string;
  readonly or_less: string;
  readonly or_more: string;
};

const income: Readonly<Record<Language, IncomeWords>> = {
  en: {
    about: (money, area) => `about ${money} a year in ${area}: an estimate for the area, not the person`,
    unknown: (area) => `not known of ${area}`,
    or_less: ' or less',
    or_more: ' or more',
  },
  de: {
    about: (money, area) => `etwa ${money} im Jahr in ${area}: eine Schätzung für die Gegend, nicht für die Person`,
    unknown: (area) => `von ${area} nicht bekannt`,
    or_less: ' oder weniger',
    or_more: ' oder mehr',
  },
  es: {
    about: (money, area) => `unos ${money} al año en ${area}: una estimación de la zona, no de la persona`,
    unknown: (area) => `no se conoce de ${area}`,
    or_less: ' o menos',
    or_more: ' o más',
  },
  fr: {
    about: (money, area) => `environ ${money} par an à ${area} : une estimation pour le secteur, pas pour la personne`,
    unknown: (area) => `inconnu pour ${area}`,
    or_less: ' ou moins',
    or_more: ' ou plus',
  },
};

/** `income_area`: "about $91,700 a year in ZIP 80302: an estimate for the area, not the person". */
export function areaIncomeInWords(value: unknown, language: Language): string | undefined {
  if (!isFields(value) || typeof value.area !== 'string') return undefined;
  const { area, median_household_income: median, bound } = value;
  const words = income[language];
  if (typeof median !== 'number') return words.unknown(area);
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
  const end = bound === 'or_less' || bound === 'or_more' ? words[bound] : '';
  return words.about(`${money.format(median)}${end}`, area);
}

type SourceWords = {
  readonly campaign: (names: string) => string;
  readonly by: (network: string) => string;
  readonly password: string;
  readonly code: string;
  readonly on: (day: string) => string;
};

const source: Readonly<Record<Language, SourceWords>> = {
  en: {
    campaign: (names) => `the campaign “${names}”`,
    by: (network) => `with ${network}`,
    password: 'with a password',
    code: 'with a code',
    on: (day) => `on ${day}`,
  },
  de: {
    campaign: (names) => `die Kampagne „${names}“`,
    by: (network) => `mit ${network}`,
    password: 'mit einem Passwort',
    code: 'mit einem Code',
    on: (day) => `am ${day}`,
  },
  es: {
    campaign: (names) => `la campaña «${names}»`,
    by: (network) => `con ${network}`,
    password: 'con una contraseña',
    code: 'con un código',
    on: (day) => `el ${day}`,
  },
  fr: {
    campaign: (names) => `la campagne « ${names} »`,
    by: (network) => `avec ${network}`,
    password: 'avec un mot de passe',
    code: 'avec un code',
    on: (day) => `le ${day}`,
  },
};

/** What people call the networks, by Auth0's names of their strategies. */
export const networkNames: ReadonlyMap<string, string> = new Map([
  ['amazon', 'Amazon'],
  ['apple', 'Apple'],
  ['facebook', 'Facebook'],
  ['github', 'GitHub'],
  ['google-oauth2', 'Google'],
  ['linkedin', 'LinkedIn'],
  ['twitter', 'X'],
  ['windowslive', 'Microsoft'],
]);

/**
 * `first_source`: "the campaign “spring”, Lumière Shop, with Google, on 3 March 2026".
 *
 * @param zone whose day it is; of a value that has no instant (`at`) it is that of UTC
 * @param daysIn how days of a zone are written where they are not to be as in the example
 */
export function firstSourceInWords(
  value: unknown,
  language: Language,
  zone = 'UTC',
  daysIn: (zone: string) => Intl.DateTimeFormat = longDays(language),
): string | undefined {
  if (!isFields(value) || !('portal' in value) || !('connection' in value)) return undefined;
  const { brand, portal, connection, on, at, ...campaign } = value;
  const words = source[language];
  const instant = textIn(at);
  const day = dayOf(instant ?? `${on}T00:00:00Z`, daysIn(instant ? zone : 'UTC'));
  const names = [...new Set(Object.values(campaign).filter((one) => typeof one === 'string'))].join(', ');
  const parts = [
    names && words.campaign(names),
    textIn(portal) ?? textIn(brand),
    typeof connection === 'string' && wayInWords(connection, language),
    typeof on === 'string' && words.on(day ?? on),
  ];
  return parts.filter((part) => part).join(', ') || undefined;
}

/** How somebody came, by the name of a connection: "with Google", "with a password"; one of the company's own by its name. */
export function wayInWords(connection: string, language: Language): string {
  const words = source[language];
  if (connection === 'Username-Password-Authentication') return words.password;
  if (connection === 'email' || connection === 'sms') return words.code;
  return words.by(networkNames.get(connection) ?? connection);
}

function dayOf(instant: string, days: Intl.DateTimeFormat): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : days.format(date);
}

function longDays(language: Language): (zone: string) => Intl.DateTimeFormat {
  const locale = language === 'en' ? 'en-GB' : language;
  return (timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone });
}

/** `tidy_name`: the whole name. */
export function tidyNameInWords(value: unknown): string | undefined {
  return isFields(value) ? textIn(value.name) : undefined;
}

/** `handles`: "X: sofia, LinkedIn: sofia-marchetti". */
export function handlesInWords(value: unknown): string | undefined {
  if (!isFields(value)) return undefined;
  const names = Object.entries(value).flatMap(([network, name]) => {
    const text = textIn(name);
    return text === undefined ? [] : [`${networkNames.get(network) ?? network}: ${text}`];
  });
  return names.join(', ') || undefined;
}

/** `birthday_month`: 4 is April. */
export function monthInWords(value: unknown, language: Language): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 12) return undefined;
  return new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2000, value - 1));
}

const under = { en: 'under', de: 'unter', es: 'menos de', fr: 'moins de' } as const;

/** `age_band`: "25-34" is the same everywhere, "under 18" is not. */
export function ageBandInWords(value: unknown, language: Language): string | undefined {
  return typeof value === 'string' ? value.replace(/^under(?= \d)/, under[language]) : undefined;
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
