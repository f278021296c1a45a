import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import type { Json } from '../../base/json.ts';
import { type Form, textField } from '../login/login.ts';
import type { Option, ValueField } from './value-field.ts';

const mostText = 1000;
const mostLines = 200;

/**
 * The value that was typed into this field.
 *
 * @throws Problem `invalid_body` (extra: field, text) when it is missing or none of its kind
 */
export function readValue(form: Form, field: ValueField): Json {
  switch (field.kind) {
    case 'lines':
      return readLines(form);
    case 'number':
      return readNumber(form);
    case 'date':
      return readDate(textField(form, 'value', 10));
    case 'birthday':
      return readBirthday(form);
    case 'checks':
      return field.options.map(({ value }) => value).filter((value) => form[`choice:${value}`] !== undefined);
    case 'select':
      return readChoice(form, field.options);
    case 'boolean':
      return readChoice(form, field.options) === 'yes';
    case 'url':
      return readAddress(textField(form, 'value', 2000).trim());
    case 'text':
      return textField(form, 'value', mostText).trim();
  }
}

function bad(text: string): Problem {
  return new Problem('invalid_body', undefined, { field: 'value', text });
}

function readChoice(form: Form, options: readonly Option[]): string {
  const typed = textField(form, 'value', mostText);
  if (!options.some(({ value }) => value === typed)) throw bad('problem.field_missing');
  return typed;
}

function readLines(form: Form): string[] {
  const lines = (form.value ?? '').split(/\r\n|\r|\n/).map((line) => line.trim());
  const said = [...new Set(lines.filter((line) => line !== ''))];
  if (said.length > mostLines) throw bad('problem.field_long');
  return said.map((line) => textField({ value: line }, 'value', mostText));
}

/** With a point or a comma, as both are typed. */
function readNumber(form: Form): number {
  const typed = textField(form, 'value', 30).trim().replace(',', '.');
  if (!/^[+-]?\d+(\.\d+)?$/.test(typed)) throw bad('problem.number_invalid');
  return Number(typed);
}

function readDate(typed: string): string {
  if (!isDay(typed)) throw bad('problem.date_invalid');
  return typed;
}

/** `1990-03-14`; without a year `0000-03-14`, as OpenID Connect writes it. */
function readBirthday({ day = '', month = '', year = '' }: Form): string {
  if (!/^\d{1,2}$/.test(day) || !/^\d{2}$/.test(month)) throw bad('problem.date_invalid');
  const rest = `-${month}-${day.padStart(2, '0')}`;
  if (year.trim() === '') {
    // The 29th of February is a birthday in any year that is not known.
    if (!isDay(`2000${rest}`)) throw bad('problem.date_invalid');
    return `0000${rest}`;
  }
  const said = `${year.trim()}${rest}`;
  const born = /^\d{4}-/.test(said) && isDay(said) ? Date.parse(said) : Number.NaN;
  if (!(born > Date.UTC(1880, 0, 1) && born < now().getTime())) throw bad('problem.date_invalid');
  return said;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function readAddress(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) throw bad('problem.address_invalid');
  return url.href;
}
