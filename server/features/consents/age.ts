import type { Json } from '../../base/json.ts';

/**
 * How old somebody is, in whole years.
 *
 * @param birthdate OIDC `birthdate`; without its year (`0000-05-03`) the age is not known
 * @param zone OIDC `zoneinfo`: where their day begins; UTC when it is none
 * @returns undefined when it cannot be told
 */
export function ageOf(birthdate: Json | undefined, at: Date, zone?: Json): number | undefined {
  const [, year, month, day] = (typeof birthdate === 'string' && /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthdate)) || [];
  if (year === undefined || year === '0000') return undefined;
  const today = dayOf(at, typeof zone === 'string' ? zone : 'UTC');
  const hadBirthday = today.slice(5) >= `${month}-${day}`;
  const age = Number(today.slice(0, 4)) - Number(year) - (hadBirthday ? 0 : 1);
  return age >= 0 ? age : undefined;
}

/** The local date, `2026-11-25`. */
function dayOf(at: Date, zone: string): string {
  try {
    // The Swedish way to write a date is ISO 8601.
    return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);
  } catch {
    return at.toISOString().slice(0, 10);
  }
}
