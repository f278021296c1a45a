const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const numbers = new Intl.NumberFormat();

/** The day of an instant where the staff member is: "25 Nov 2026". */
export function day(instant: string | null | undefined): string | undefined {
  return instant ? days.format(new Date(instant)) : undefined;
}

/** Day and time. */
export function moment(instant: string | null | undefined): string | undefined {
  return instant ? times.format(new Date(instant)) : undefined;
}

/** A number as people read it: "1,000,000". */
export function whole(number: number): string {
  return numbers.format(number);
}
