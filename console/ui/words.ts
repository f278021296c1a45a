const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const seconds = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const numbers = new Intl.NumberFormat();

/** The day of an instant where the staff member is: "25 Nov 2026". */
export function day(instant: string | null | undefined): string | undefined {
  return instant ? days.format(new Date(instant)) : undefined;
}

/** A day that is the same everywhere, `2026-11-25`, as people write it; what is none, as it is. */
export function date(text: string): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : dates.format(at);
}

/** How days of a time zone are written: as all others. */
export function daysIn(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone });
}

/** The day that it is now where the staff member is: `2026-11-25`. */
export function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** Day and time. */
export function moment(instant: string | null | undefined): string | undefined {
  return instant ? times.format(new Date(instant)) : undefined;
}

/** Day and time, to the second: of what comes faster than people do. */
export function second(instant: string): string {
  return seconds.format(new Date(instant));
}

/** A number as people read it: "1,000,000". */
export function whole(number: number): string {
  return numbers.format(number);
}
