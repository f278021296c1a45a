import { ApiError } from './api.ts';
import { fieldIn, plainWords } from './refusal-words.ts';
import { Refused } from './refused.ts';
import { isBeyondRole, wordsOf } from './states.tsx';

/** Why something was not saved, and the field it is about, if it is about one: `callbacks[0]`, `options.client_id`. */
export type Refusal = { readonly field: string | undefined; readonly text: string };

/** What the API says of a form, in words for whoever typed it. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refused) return { field: error.field, text: error.message };
  if (!(error instanceof ApiError)) return { field: undefined, text: wordsOf(error).text };
  if (isBeyondRole(error)) {
    const { title, text } = wordsOf(error);
    return { field: undefined, text: `${title}. ${text}` };
  }
  return { field: fieldIn(error.message), text: plainWords(error.message) };
}

/** All that was refused at once: where the API tells more than the first, each beside its own field. */
export function refusalsOf(error: unknown): Refusal[] {
  const faults = error instanceof ApiError && Array.isArray(error.more.faults) ? error.more.faults : [];
  const told = faults.flatMap((fault: unknown) => {
    const { property, message } = Object(fault);
    return typeof property === 'string' && typeof message === 'string'
      ? [{ field: property, text: plainWords(message) }]
      : [];
  });
  if (told.length > 0) return told;
  return [error, ...(error instanceof Refused ? error.others : [])].map(refusalOf);
}

/** Is the refusal about this field, or about a part of it? */
export function isAbout({ field = '' }: Refusal, name: string): boolean {
  return field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`);
}
