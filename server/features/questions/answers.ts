import parsePhone, { isSupportedCountry } from 'libphonenumber-js';
import { normaliseEmail } from '../../../contract/email-address.ts';
import type { QuestionField } from '../../../contract/questions.ts';
import { now } from '../../base/clock.ts';
import { isCountry } from '../../base/country-codes.ts';
import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** Why an answer to a field is refused; each has a sentence in every language. */
export type AnswerFault =
  | 'missing'
  | 'not_offered'
  | 'not_both'
  | 'too_many'
  | 'too_long'
  | 'markup'
  | 'no_text'
  | 'no_number'
  | 'unclear_number'
  | 'number_range'
  | 'no_whole_number'
  | 'no_date'
  | 'date_range'
  | 'no_country'
  | 'no_postal_code'
  | 'no_phone'
  | 'no_email';

/** A field that becomes a fact. */
export type FactField = Extract<QuestionField, { path: string }>;

/** What a customer says to one field: a value, that none of the choices is for them, or that what is known is wrong. */
export type FactAnswer = { readonly value: Json } | { readonly notForMe: true } | { readonly withdrawn: true };

/** Said for "not for me", where a field offers it. */
export const notForMe = { not_for_me: true } as const;

/** Said where a known value was shown and is taken away. */
export const takenBack = { taken_back: true } as const;

type Read = FactAnswer | { readonly fault: AnswerFault } | undefined;

/**
 * What was given to a field as it is kept, or why it is refused; undefined: nothing was given. Texts of a form and
 * values of JSON are read alike: `"7"` is a number to a field of numbers.
 *
 * @param country where a number without one is taken to be, two letters
 */
export function readAnswer(field: FactField, given: Json | undefined, country?: string | null): Read {
  if (isNothing(given)) return undefined;
  if (saysOf(given, 'taken_back')) return { withdrawn: true };
  if (saysOf(given, 'not_for_me')) return readNotForMe(field, given);
  switch (field.type) {
    case 'text':
      return readText(given, field.most, false);
    case 'long_text':
      return readText(given, field.most, true);
    case 'number':
      return readNumber(given, field);
    case 'date':
      return readDate(given, field);
    case 'birthday':
      return readBirthday(given);
    case 'choice':
      return readChoice(given, field.choices);
    case 'choices':
      return readChoices(given, field.choices, field.most ?? field.choices.length);
    case 'picture_choice':
      return field.several ? readChoices(given, field.choices, field.choices.length) : readChoice(given, field.choices);
    case 'yes_no':
      return readYesNo(given);
    case 'scale':
      return readNumber(given, { least: field.from, most: field.to, whole: true });
    case 'country':
      return typeof given === 'string' && isCountry(given) ? { value: given } : fault('no_country');
    case 'postal_code':
      return readPostalCode(given);
    case 'phone':
      return readPhone(given, country);
    case 'email':
      return readEmail(given);
  }
}

function fault(name: AnswerFault): Read {
  return { fault: name };
}

function isNothing(given: Json | undefined): given is undefined | null {
  return given === undefined || given === null || given === '' || (typeof given === 'string' && given.trim() === '');
}

function saysOf(given: Json, what: 'taken_back' | 'not_for_me'): given is JsonObject {
  return isJsonObject(given) && given[what] === true;
}

function readNotForMe(field: FactField, { value }: JsonObject): Read {
  if (!('not_for_me' in field && field.not_for_me)) return fault('not_offered');
  return value === undefined ? { notForMe: true } : fault('not_both');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
// An element, a comment or a character that is written as code: nobody types these about themselves.
const markup = /<[a-z!/?]|&#?\w{1,31};/i;

function readText(given: Json, most: number, lines: boolean): Read {
  if (typeof given !== 'string' || !given.isWellFormed()) return fault('no_text');
  if (given.length > most * 4) return fault('too_long');
  const typed = (lines ? given.replace(/\r\n?/g, '\n') : given.replace(/\s+/g, ' ')).trim();
  if (typed.length > most) return fault('too_long');
  if (control.test(typed)) return fault('no_text');
  return markup.test(typed) ? fault('markup') : { value: typed };
}

function readNumber(
  given: Json,
  { least, most, whole }: { least?: number | undefined; most?: number | undefined; whole: boolean },
): Read {
  // One and a half thousand to some, one and a half to others.
  if (typeof given === 'string' && /^\s*[+-]?[1-9]\d{0,2}[.,]\d{3}\s*$/.test(given)) return fault('unclear_number');
  const typed = typeof given === 'string' ? given.trim().replace(',', '.') : given;
  const isWritten = typeof typed === 'string' && /^[+-]?\d{1,15}(\.\d{1,10})?$/.test(typed);
  const value = isWritten ? Number(typed) : typed;
  if (typeof value !== 'number' || !Number.isFinite(value)) return fault('no_number');
  if (whole && !Number.isSafeInteger(value)) return fault('no_whole_number');
  if ((least !== undefined && value < least) || (most !== undefined && value > most)) return fault('number_range');
  return { value };
}

/** Is there such a day? */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function readDate(
  given: Json,
  { earliest, latest }: { earliest?: string | undefined; latest?: string | undefined },
): Read {
  if (typeof given !== 'string' || !isDay(given)) return fault('no_date');
  if ((earliest !== undefined && given < earliest) || (latest !== undefined && given > latest))
    return fault('date_range');
  return { value: given };
}

/** `1990-03-14`; without a year `0000-03-14`, as OpenID Connect writes it. */
function readBirthday(given: Json): Read {
  if (typeof given !== 'string') return fault('no_date');
  // The 29th of February is a birthday in any year that is not known.
  const isKnown = given.startsWith('0000-') ? isDay(`2000${given.slice(4)}`) : isDay(given) && given >= '1880-01-01';
  if (!isKnown) return fault('no_date');
  return given > now().toISOString().slice(0, 10) ? fault('date_range') : { value: given };
}

// So many a field offers at most.
const mostChoices = 30;

type Choices = readonly { readonly value: string }[];

function readChoice(given: Json, choices: Choices): Read {
  const one = Array.isArray(given) && given.length === 1 ? (given[0] ?? null) : given;
  return choices.some(({ value }) => value === one) ? { value: one } : fault('not_offered');
}

function readChoices(given: Json, choices: Choices, most: number): Read {
  const all = Array.isArray(given) ? given : [given];
  if (all.length === 0) return undefined;
  if (all.length > mostChoices) return fault('not_offered');
  if (!all.every((one) => choices.some(({ value }) => value === one))) return fault('not_offered');
  // In the order in which they are offered: the same answer is the same value.
  const taken = choices.filter(({ value }) => all.includes(value)).map(({ value }) => value);
  return taken.length > most ? fault('too_many') : { value: taken };
}

function readYesNo(given: Json): Read {
  if (given === true || given === 'yes') return { value: true };
  return given === false || given === 'no' ? { value: false } : fault('not_offered');
}

function readPostalCode(given: Json): Read {
  if (typeof given !== 'string' || given.length > 100) return fault('no_postal_code');
  const typed = given.trim().toUpperCase().replace(/\s+/g, ' ');
  return /^(?=.{2,12}$)[A-Z0-9]+([ -][A-Z0-9]+)*$/.test(typed) ? { value: typed } : fault('no_postal_code');
}

function readPhone(given: Json, country?: string | null): Read {
  if (typeof given !== 'string' || given.length > 40) return fault('no_phone');
  const home = country && isSupportedCountry(country) ? country : undefined;
  const number = parsePhone(given, home);
  return number?.isValid() ? { value: number.number } : fault('no_phone');
}

function readEmail(given: Json): Read {
  const address = typeof given === 'string' ? normaliseEmail(given) : undefined;
  return address === undefined ? fault('no_email') : { value: address };
}
