import type { Json } from './json.ts';
import type { Language } from './languages.ts';

/** Whose words, and in whose time: `zone` as a profile has it; what is no time zone counts as none. */
export type DateReader = { readonly language: Language; readonly zone: Json | undefined };

/** A day: "3 March 2026". */
export function dayInWords(reader: DateReader, at: Date): string {
  return formatOf(reader, 'day').format(at);
}

/** A moment: "3 March 2026, 14:05"; with the name of the time zone where it is not the reader's own. */
export function momentInWords(reader: DateReader, at: Date): string {
  return formatOf(reader, 'moment').format(at);
}

/** The hour of the day, 0 to 23, in this time zone. */
export function hourIn(zone: Json | undefined, at: Date): number {
  return Number(formatOf({ language: 'en', zone }, 'hour').format(at));
}

/** English dates as most of the world writes them, the day first. */
export function localeOf(language: Language): string {
  return language === 'en' ? 'en-GB' : language;
}

type Style = 'day' | 'moment' | 'hour';

// A page shows hundreds of dates, and making a format takes as long as a query.
const formats = new Map<string, Intl.DateTimeFormat>();
const mostFormats = 1000;

function formatOf({ language, zone }: DateReader, style: Style): Intl.DateTimeFormat {
  const key = `${language} ${style} ${typeof zone === 'string' ? zone.slice(0, 100) : ''}`;
  const known = formats.get(key);
  if (known) return known;
  // Zones are what people and networks say: they must not fill the memory.
  if (formats.size >= mostFormats) formats.clear();
  const made = makeFormat(localeOf(language), zoneOf(zone), style);
  formats.set(key, made);
  return made;
}

function makeFormat(locale: string, timeZone: string, style: Style): Intl.DateTimeFormat {
  if (style === 'hour') return new Intl.DateTimeFormat(locale, { hour: 'numeric', hourCycle: 'h23', timeZone });
  if (style === 'day') return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone });
  const day = { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, { ...day, timeZone, ...(timeZone === 'UTC' && { timeZoneName: 'short' }) });
}

/** The time zone that a profile has, or UTC where it has none. */
export function zoneOf(zone: Json | undefined): string {
  if (typeof zone !== 'string' || zone.length > 100) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
