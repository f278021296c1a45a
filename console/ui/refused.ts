/** Refused by the form itself, before anything was sent. */
export class Refused extends Error {
  readonly field: string;
  /** What else was refused at once. */
  readonly others: readonly Refused[];

  constructor(field: string, text: string, others: readonly Refused[] = []) {
    super(text);
    this.field = field;
    this.others = others;
  }
}

/** What was refused of a field, and where below it: `0` of `bands.0`; an empty text for all of it. */
export type RefusedPart = { readonly below: string; readonly text: string };
