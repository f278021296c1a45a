import { wordingVersion } from '../../../contract/consents.ts';
import { Problem } from '../../base/errors.ts';
import { languages } from '../../base/languages.ts';
import { type Answer, type EntryInForce, mostInForce, wordsIn } from '../../features/consents/consents.ts';
import type { Form } from './form.ts';
import type { Visit } from './visit.ts';

// What a form with consents looks like: for each a box `consent.<id>`, and in `shown.<id>` what was shown beside it.

/** One box of the form, never ticked before the customer did. */
export type Box = {
  readonly id: string;
  /** Language and version of the words. */
  readonly shown: string;
  readonly label: string;
  readonly details: string | undefined;
  readonly link: string | undefined;
  readonly required: boolean;
  readonly ticked: boolean;
};

/** The boxes of these entries; ticked are those that were in the form that is shown again with the same words. */
export function boxesOf(
  entries: readonly EntryInForce[],
  { brand, language }: Pick<Visit, 'brand' | 'language'>,
  form: Form = {},
): Box[] {
  return entries.map(({ id, version, texts, required }) => {
    const words = wordsIn(texts, [language, brand.default_language], brand.name);
    const { label, details, link } = words;
    const shown = `${words.language}.${version}`;
    const ticked = form[`shown.${id}`] === shown && form[`consent.${id}`] === 'yes';
    return { id, shown, label, details, link, required, ticked };
  });
}

/** What was answered: a box that was shown and not ticked is a no. */
export function answersIn(form: Form): Answer[] {
  const names = Object.keys(form).filter((name) => name.startsWith('shown.'));
  return names.slice(0, mostInForce).flatMap((name) => {
    const consent = name.slice('shown.'.length);
    const [tag = '', ...rest] = (form[name] ?? '').split('.');
    const language = languages.find((one) => one === tag);
    const version = wordingVersion.safeParse(rest.join('.'));
    if (!language || !version.success) return [];
    return [{ consent, version: version.data, language, given: form[`consent.${consent}`] === 'yes' }];
  });
}

/**
 * Do the answers fit what is asked now?
 *
 * @throws Problem `consent_changed`; `invalid_body` (extra: field, text) for a no to what is required
 */
export function checkAnswers(asked: readonly EntryInForce[], answers: readonly Answer[]): void {
  const found = asked.map((entry) => ({
    entry,
    answer: answers.find(({ consent, version }) => consent === entry.id && version === entry.version),
  }));
  if (answers.length !== asked.length || found.some(({ answer }) => !answer)) throw new Problem('consent_changed');
  const missing = found.find(({ entry, answer }) => entry.required && !answer?.given);
  if (missing) throw new Problem('invalid_body', undefined, { field: missing.entry.id, text: 'consent.required' });
}
