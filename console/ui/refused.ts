/** Refused by the form itself, before anything was sent. */
export class Refused extends Error {
  readonly field: string;

  constructor(field: string, text: string) {
    super(text);
    this.field = field;
  }
}
