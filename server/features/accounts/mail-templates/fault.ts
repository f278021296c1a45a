import { Problem } from '../../../base/errors.ts';

/** A part of a template. */
export type Part = 'subject' | 'html' | 'text';

/** Why a template cannot be used. @param words a sentence that says what to do */
export function fault(part: Part, words: string): Problem {
  const sentence = words.replaceAll("'", '’').replace(/\.$/, '');
  return new Problem('invalid_body', `Payload validation error: '${sentence}.' on property ${part}.`, {
    part,
    sentence: `${sentence}.`,
  });
}
