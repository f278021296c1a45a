import type { RefusedPart } from '../../ui/refused.ts';
import { entriesIn, linesOf, refusedEntry, whyNoEntries, writtenEntries } from './settings-lines.ts';

/** How a setting is typed. */
type Kind =
  | { readonly kind: 'text' | 'secret' | 'switch' }
  | { readonly kind: 'number'; readonly isWhole: boolean; readonly least?: number; readonly most?: number }
  /** One in each line. */
  | { readonly kind: 'lines'; readonly isNumbers: boolean }
  /** Names with a text or several (`areMany`) each: `name = text; text`, one in each line. */
  | { readonly kind: 'entries'; readonly areMany: boolean }
  | { readonly kind: 'choice' | 'choices'; readonly choices: readonly string[] };

/** A field of the form of a library rule, as its JSON Schema asks for it. */
export type Field = Kind & {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly isNeeded: boolean;
  /** The address of a server that is told something: what is secret goes where it leads. */
  readonly isOutside: boolean;
  readonly first: unknown;
};

/** What stands in the fields; `false` in that of a secret takes away what is set. */
export type Typed = Readonly<Record<string, string | number | boolean | readonly string[]>>;
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
type Settings = Readonly<Record<string, unknown>>;

export function fieldsOf(schema: Settings): Field[] {
  const needed = isList(schema.required) ? schema.required : [];
  return Object.entries(record(schema.properties)).map(([name, given]) => {
    const property = record(given);
    return {
      ...kindOf(property),
      name,
      label: typeof property.title === 'string' ? property.title : name,
      about: typeof property.description === 'string' ? property.description : '',
      isNeeded: needed.includes(name),
      isOutside: property.outside === true,
      first: property.default,
    };
  });
}

/** What the fields show at first: what is set, or what the library has. A secret is never shown. */
export function typedOf(fields: readonly Field[], settings: Settings): Typed {
  return Object.fromEntries(fields.map((field) => [field.name, show(field, settings[field.name] ?? field.first)]));
}

/**
 * The settings that were typed; what is empty and needs nothing is left out, a secret too, which stays as it is then.
 * Lines that cannot be read go as they were typed: they are refused there with all else that is wrong.
 */
export function settingsOf(fields: readonly Field[], typed: Typed): Record<string, Json> {
  return Object.fromEntries(
    fields.flatMap((field): [string, Json][] => {
      const value = readField(field, typed[field.name]);
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/** Does an address lead to another server than before? The secrets that are set are asked for again then. */
export function leadElsewhere(fields: readonly Field[], before: Typed, now: Typed): boolean {
  return fields.some(({ name, isOutside }) => isOutside && originOf(before[name]) !== originOf(now[name]));
}

function originOf(value: Typed[string] | undefined): Typed[string] | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return URL.canParse(text) ? new URL(text).origin : value;
}

function kindOf(property: Settings): Kind {
  const { type, minimum, maximum } = property;
  if (property.secret === true) return { kind: 'secret' };
  if (type === 'boolean') return { kind: 'switch' };
  if (type === 'number' || type === 'integer') {
    return {
      kind: 'number',
      isWhole: type === 'integer',
      ...(typeof minimum === 'number' && { least: minimum }),
      ...(typeof maximum === 'number' && { most: maximum }),
    };
  }
  if (type === 'array') {
    const items = record(property.items);
    if (isList(items.enum)) return { kind: 'choices', choices: items.enum.map(String) };
    return { kind: 'lines', isNumbers: items.type !== 'string' };
  }
  if (type === 'object') return { kind: 'entries', areMany: record(property.additionalProperties).type === 'array' };
  if (isList(property.enum)) return { kind: 'choice', choices: property.enum.map(String) };
  return { kind: 'text' };
}

function show(field: Field, value: unknown): Typed[string] {
  switch (field.kind) {
    case 'secret':
      return '';
    case 'switch':
      return value === true;
    case 'number':
      return typeof value === 'number' ? value : '';
    case 'lines':
      return isList(value) ? value.map(String).join('\n') : '';
    case 'choices':
      return isList(value) ? value.map(String) : [];
    case 'entries':
      return writtenEntries(record(value));
    default:
      return typeof value === 'string' ? value : '';
  }
}

function readField(field: Field, value: Typed[string] | undefined): Json | undefined {
  const text = textOf(value);
  switch (field.kind) {
    case 'secret':
      if (value === false) return '';
      return text === '' ? undefined : text;
    case 'number':
      return value === '' || value === undefined ? undefined : Number(value);
    case 'lines':
      return linesOf(text).map((line) => (field.isNumbers ? Number(line) : line));
    case 'entries':
      return entriesIn(text, field.areMany) ?? text;
    case 'text':
      return text === '' && field.isNeeded ? undefined : text;
    default:
      return typeof value === 'object' ? [...value] : value;
  }
}

const mostTold = 5;

/** What was refused of a field, a line each: of one of several things, which one it is. */
export function refusedIn(field: Field, value: Typed[string], refused: readonly RefusedPart[]): string[] {
  const typed = textOf(value);
  const why = field.kind === 'entries' && refused.length > 0 ? whyNoEntries(typed) : undefined;
  if (why !== undefined) return [why];
  const lines = field.kind === 'lines' ? linesOf(typed) : [];
  const told = refused.map(({ below, text }) => {
    const which = field.kind === 'entries' ? refusedEntry(typed, below) : (lines[Number(below)] ?? below);
    return below === '' ? text : `${which}: ${text}`;
  });
  const more = told.length - mostTold;
  return more > 0 ? [...told.slice(0, mostTold), `And ${more} more like these.`] : told;
}

function textOf(value: Typed[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function record(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
