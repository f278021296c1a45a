import type { Language } from '../../../contract/brands.ts';
import type { QuestionField } from '../../../contract/questions.ts';
import { countries } from '../../base/country-codes.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { type Customer, isDefaultAt, valueAt } from '../../features/customers/customers.ts';
import { type AnswerFault, type FactField, notForMe, takenBack } from '../../features/questions/questions.ts';
import { type Box, boxesOf } from './consent-form.ts';
import type { Form } from './form.ts';
import type { Consents } from './question-consents.ts';
import { textIn } from './question-words.ts';
import type { Say } from './texts.ts';
import type { Visit } from './visit.ts';

/** Whose words a page speaks, and in which language. */
type Words = Pick<Visit, 'brand' | 'language'>;

// What a form with a question looks like: a field `field.<key>`, of several boxes `field.<key>.<number>`, of a birthday
// `field.<key>.day`, `.month` and `.year`; "not for me" is `none.<key>`. Consents are boxes as everywhere.

type Option = { value: string; label: string; picture?: string | undefined; name: string; chosen: boolean };

/** A field as the page shows it. */
export type ShownField = {
  readonly key: string;
  readonly name: string;
  readonly kind: QuestionField['type'];
  readonly label: string | undefined;
  readonly hint: string | undefined;
  readonly required: boolean;
  /** What was typed, or is known and asked for again. */
  readonly value: string;
  /** It is known, but not surely. */
  readonly isRight: boolean;
  /** What is known, as the form sends it along. */
  readonly known: string;
  readonly several: boolean;
  readonly options: readonly Option[];
  readonly none: boolean | undefined;
  /** What the first and the last step of a scale stand for. */
  readonly ends: { readonly from: string | undefined; readonly to: string | undefined } | undefined;
  readonly boxes: readonly Box[];
  readonly birthday: { day: string; month: string; year: string; months: Option[] } | undefined;
};

/** Of a customer: what is known of them. */
export type Known = Pick<Customer, 'attributes' | 'user_metadata' | 'app_metadata' | 'brand_values'>;

type Showing = {
  readonly visit: Words;
  readonly customer: Known;
  readonly consents: Consents;
  readonly form: Form | undefined;
  /** What fields begin with, by their keys, where nothing was typed yet. */
  readonly preset?: JsonObject | undefined;
};

/** The fields of a page, with what was typed into them before it was refused. */
export function fieldsOf(fields: readonly QuestionField[], showing: Showing): ShownField[] {
  return fields.map((field) => ('path' in field ? factField(field, showing) : consentField(field, showing)));
}

function consentField(
  field: Extract<QuestionField, { purpose: string }>,
  { visit, consents, form }: Showing,
): ShownField {
  const wishes = wishesOf(visit);
  return {
    ...nothing,
    key: field.key,
    name: `field.${field.key}`,
    kind: field.type,
    label: field.type === 'topics' ? textIn(field.labels, wishes) : undefined,
    boxes: boxesOf(consents.get(field.key) ?? [], visit, form),
  };
}

const nothing = {
  hint: undefined,
  required: false,
  value: '',
  isRight: false,
  known: '',
  several: false,
  options: [],
  none: undefined,
  ends: undefined,
  boxes: [],
  birthday: undefined,
};

function factField(field: FactField, { visit, customer, form, preset }: Showing): ShownField {
  const wishes = wishesOf(visit);
  const name = `field.${field.key}`;
  const known = isDefaultAt(customer, field.path) ? undefined : valueAt(customer, field.path);
  const given = form
    ? typedInto(field, form)
    : ((preset && Object.hasOwn(preset, field.key) ? preset[field.key] : undefined) ?? known);
  const chosen = (Array.isArray(given) ? given : [given]).map(String);
  return {
    ...nothing,
    key: field.key,
    name,
    kind: field.type,
    label: textIn(field.labels, wishes),
    hint: textIn(field.hints, wishes),
    required: field.required,
    value: textOf(given),
    isRight: known !== undefined,
    known: textOf(known),
    several: field.type === 'choices' || (field.type === 'picture_choice' && field.several),
    options: optionsOf(field, wishes, visit.language).map((option, number) => ({
      ...option,
      name: `${name}.${number}`,
      chosen: chosen.includes(option.value),
    })),
    none: 'not_for_me' in field && field.not_for_me ? saysNone(field, form, given) : undefined,
    ends:
      field.type === 'scale' && field.ends
        ? { from: textIn(field.ends.from, wishes), to: textIn(field.ends.to, wishes) }
        : undefined,
    birthday: field.type === 'birthday' ? birthdayOf(form, name, given, visit.language) : undefined,
  };
}

function textOf(given: Json | undefined): string {
  if (typeof given === 'boolean') return given ? 'yes' : 'no';
  // A number that would be unclear if a customer typed it.
  if (typeof given === 'number') return String(given).replace(/^(-?[1-9]\d{0,2}\.\d{3})$/, '$10');
  return typeof given === 'string' ? given : '';
}

function wishesOf({ language, brand }: Words): Language[] {
  return [language, brand.default_language];
}

function optionsOf(
  field: FactField,
  wishes: readonly Language[],
  language: Language,
): { value: string; label: string; picture?: string | undefined }[] {
  switch (field.type) {
    case 'choice':
    case 'choices':
    case 'picture_choice':
      return field.choices.map(({ value, labels, picture }) => ({
        value,
        label: textIn(labels, wishes) ?? value,
        picture,
      }));
    case 'scale':
      return Array.from({ length: field.to - field.from + 1 }, (_, step) => {
        const value = String(field.from + step);
        return { value, label: value };
      });
    case 'country':
      return countryNames(language);
    default:
      return [];
  }
}

function countryNames(language: Language): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const { compare } = new Intl.Collator(language);
  return countries
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => compare(a.label, b.label));
}

function birthdayOf(form: Form | undefined, name: string, given: Json | undefined, language: Language) {
  const [year = '', month = '', day = ''] = typeof given === 'string' ? given.split('-') : [];
  const typed = form
    ? { day: form[`${name}.day`] ?? '', month: form[`${name}.month`] ?? '', year: form[`${name}.year`] ?? '' }
    : { day, month, year: year === '0000' ? '' : year };
  const { format } = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
  const months = Array.from({ length: 12 }, (_, number) => {
    const value = String(number + 1).padStart(2, '0');
    return { value, label: format(new Date(Date.UTC(2000, number, 1))), name: '', chosen: typed.month === value };
  });
  return { ...typed, months };
}

/** What was typed into the fields, as values. */
export function givenIn(form: Form, fields: readonly QuestionField[]): Record<string, Json | undefined> {
  return Object.fromEntries(fields.flatMap((field) => ('path' in field ? [[field.key, givenTo(field, form)]] : [])));
}

function givenTo(field: FactField, form: Form): Json | undefined {
  const typed = typedInto(field, form);
  const known = form[`known.${field.key}`];
  const isEmpty = typed === undefined || typed.length === 0 || (typeof typed === 'string' && typed.trim() === '');
  if ('not_for_me' in field && form[`none.${field.key}`] !== undefined) {
    // What was ticked for them because it is known is not what they say.
    return isEmpty || typed === known ? { ...notForMe } : { ...notForMe, value: typed };
  }
  return isEmpty && known !== undefined ? { ...takenBack } : typed;
}

function typedInto(field: FactField, form: Form): string | string[] | undefined {
  const name = `field.${field.key}`;
  switch (field.type) {
    case 'choices':
      return boxesIn(form, name);
    case 'picture_choice':
      return field.several ? boxesIn(form, name) : form[name];
    case 'birthday':
      return birthdayIn(form, name);
    default:
      return form[name];
  }
}

function boxesIn(form: Form, name: string): string[] {
  const taken = Object.entries(form).filter(
    ([one]) => one.startsWith(`${name}.`) && /^\d{1,2}$/.test(one.slice(name.length + 1)),
  );
  return taken.map(([, value]) => value);
}

function birthdayIn(form: Form, name: string): string | undefined {
  const { [`${name}.day`]: day = '', [`${name}.month`]: month = '', [`${name}.year`]: year = '' } = form;
  if (`${day}${month}${year}`.trim() === '') return undefined;
  return `${year.trim() || '0000'}-${month}-${day.trim().padStart(2, '0')}`;
}

function saysNone({ key }: FactField, form: Form | undefined, given: Json | undefined): boolean {
  return form ? form[`none.${key}`] !== undefined : isJsonObject(given) && given.not_for_me === true;
}

/** Why answers are refused, in the words of the page. */
export function sentencesOf(faults: ReadonlyMap<string, AnswerFault>, say: Say): Record<string, string> {
  return Object.fromEntries([...faults].map(([key, fault]) => [key, say(`question.fault.${fault}`)]));
}
