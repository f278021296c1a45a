import type { AccountVisit } from './account-visit.ts';

type Reader = Pick<AccountVisit, 'language' | 'owner'>;

/** A day as the customer writes it: "3 March 2026". */
export function dayIn(reader: Reader, at: Date): string {
  return new Intl.DateTimeFormat(localeOf(reader), { dateStyle: 'long', timeZone: zoneOf(reader) }).format(at);
}

/** A moment with its time zone, where the customer's own is not known: "3 March 2026, 14:05 UTC". */
export function momentIn(reader: Reader, at: Date): string {
  const day = { year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;
  const timeZone = zoneOf(reader);
  const options = { ...day, timeZone, ...(timeZone === 'UTC' ? { timeZoneName: 'short' as const } : {}) };
  return new Intl.DateTimeFormat(localeOf(reader), options).format(at);
}

/** English dates as most of the world writes them, the day first. */
export function localeOf({ language }: Pick<Reader, 'language'>): string {
  return language === 'en' ? 'en-GB' : language;
}

/** The customer's time zone, if they or their network told one that there is. */
function zoneOf({ owner }: Reader): string {
  const { zoneinfo } = owner.customer.attributes;
  if (typeof zoneinfo !== 'string') return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zoneinfo }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
