import { now } from '../../base/clock.ts';

/** A birthday as far as it is told. */
export type ToldBirthday = { year?: number | undefined; month?: number | undefined; day?: number | undefined };

/**
 * A birthday in the precision it was told, as OpenID Connect Core 5.1 writes `birthdate`: `YYYY-MM-DD`, or
 * `0000-MM-DD` without the year. Undefined without month and day, for days that do not exist and for the future.
 */
export function formatBirthday({ year, month, day }: ToldBirthday): string | undefined {
  if (month === undefined || day === undefined) return undefined;
  const known = year !== undefined && year >= 1900;
  const date = new Date(Date.UTC(known ? year : 2000, month - 1, day)); // 2000 had a 29 February
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (known && date > now()) return undefined;
  const monthAndDay = date.toISOString().slice(5, 10);
  return known ? `${date.getUTCFullYear()}-${monthAndDay}` : `0000-${monthAndDay}`;
}

/** Reads `YYYY-MM-DD`, `--MM-DD`, `MM/DD/YYYY` and `MM/DD`. */
export function readBirthday(text: string | undefined): string | undefined {
  const iso = /^(\d{4}|-)-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (iso) return formatBirthday({ year: iso[1] === '-' ? undefined : Number(iso[1]), ...parts(iso[2], iso[3]) });
  const us = /^(\d{2})\/(\d{2})(?:\/(\d{4}))?$/.exec(text ?? '');
  return us ? formatBirthday({ year: us[3] ? Number(us[3]) : undefined, ...parts(us[1], us[2]) }) : undefined;
}

function parts(month: string | undefined, day: string | undefined): { month: number; day: number } {
  return { month: Number(month), day: Number(day) };
}
