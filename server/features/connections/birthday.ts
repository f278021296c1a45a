import { now } from '../../base/clock.ts';

/** A birthday as far as it is told. */
export type ToldBirthday = { year?: number | undefined; month?: number | undefined; day?: number | undefined };

/**
 * A birthday in the precision it was told, as OpenID Connect Core 5.1 writes `birthdate`: `YYYY-MM-DD`, `0000-MM-DD`
 * without the year, `YYYY` with nothing else. Undefined for days that do not exist and for the future.
 */
export function formatBirthday({ year, month, day }: ToldBirthday): string | undefined {
  const known = year !== undefined && year >= 1900 && year <= now().getUTCFullYear();
  if (year !== undefined && year > 0 && !known) return undefined;
  if (month === undefined || day === undefined) return known && month === undefined ? String(year) : undefined;
  const date = new Date(Date.UTC(known ? year : 2000, month - 1, day)); // 2000 had a 29 February
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || (known && date > now())) return undefined;
  return `${known ? year : '0000'}-${date.toISOString().slice(5, 10)}`;
}

/** Reads `YYYY-MM-DD`, `--MM-DD`, `MM/DD/YYYY`, `MM/DD` and `YYYY`. */
export function readBirthday(text: string | undefined): string | undefined {
  const iso = /^(\d{4}|-)-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (iso) return fromParts(iso[1], iso[2], iso[3]);
  const us = /^(?:(\d{2})\/(\d{2}))?\/?(\d{4})?$/.exec(text ?? '');
  return us ? fromParts(us[3], us[1], us[2]) : undefined;
}

function fromParts(year?: string, month?: string, day?: string): string | undefined {
  const numberOf = (part: string | undefined) => (part === undefined || part === '-' ? undefined : Number(part));
  return formatBirthday({ year: numberOf(year), month: numberOf(month), day: numberOf(day) });
}
