import type { QuestionTexts } from '../../../contract/questions.ts';
import type { QuestionField } from './api.ts';

export type FieldKind = QuestionField['type'];
/** A field whose answer is a value of the profile. */
export type FactField = Extract<QuestionField, { path: string }>;

/** What can be asked for, as people call it. */
export const kinds: readonly { readonly value: FieldKind; readonly label: string }[] = [
  { value: 'choice', label: 'One of several' },
  { value: 'choices', label: 'Some of several' },
  { value: 'picture_choice', label: 'Pictures to choose from' },
  { value: 'yes_no', label: 'Yes or no' },
  { value: 'scale', label: 'A scale' },
  { value: 'text', label: 'A short text' },
  { value: 'long_text', label: 'A long text' },
  { value: 'number', label: 'A number' },
  { value: 'date', label: 'A date' },
  { value: 'birthday', label: 'Birthday' },
  { value: 'country', label: 'Country' },
  { value: 'postal_code', label: 'Postal code' },
  { value: 'phone', label: 'Phone number' },
  { value: 'email', label: 'E-mail address' },
  { value: 'consent', label: 'A consent' },
  { value: 'topics', label: 'Topics of a consent' },
];

const noLabels: QuestionTexts = {};

/** A field of this kind, with what the one before it had in common with it. */
export function fieldOf(type: FieldKind, from: QuestionField | { readonly key: string }): QuestionField {
  const { key } = from;
  const labels = 'labels' in from ? from.labels : noLabels;
  if (type === 'consent') return { type, key, purpose: 'email' };
  if (type === 'topics') return { type, key, labels, purpose: 'email', topics: [] };
  const asked = {
    key,
    labels,
    hints: 'hints' in from ? from.hints : undefined,
    required: 'required' in from ? from.required : false,
    path: 'path' in from ? from.path : type === 'birthday' ? 'birthdate' : 'user_metadata.',
    confirm_below: 'confirm_below' in from ? from.confirm_below : null,
  };
  const choices = 'choices' in from ? from.choices : [blankChoice, blankChoice];
  const not_for_me = 'not_for_me' in from ? from.not_for_me : false;
  switch (type) {
    case 'text':
      return { type, ...asked, most: 100 };
    case 'long_text':
      return { type, ...asked, most: 1000 };
    case 'number':
      return { type, ...asked, whole: false };
    case 'choice':
    case 'choices':
      return { type, ...asked, choices, not_for_me };
    case 'picture_choice':
      return { type, ...asked, choices, not_for_me, several: false };
    case 'scale':
      return { type, ...asked, from: 1, to: 5 };
    default:
      return { type, ...asked };
  }
}

export const blankChoice = { value: '', labels: noLabels } as const;

/** A key that no other field has: what is answered is kept under it. */
export function freeKey(taken: readonly string[], wanted = 'field'): string {
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!taken.includes(`${wanted}-${number}`)) return `${wanted}-${number}`;
}
