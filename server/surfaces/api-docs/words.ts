import type { JsonSchema } from './document.ts';

/** A piece of a sentence; a link leads to the shape of that name. */
export type Bit = { readonly kind: 'word' | 'code' | 'link'; readonly text: string };

/** What a value looks like: in words, and the properties of the objects in it. */
export type Shown = { readonly bits: readonly Bit[]; readonly objects: readonly Properties[] };
export type Properties = { readonly title: string; readonly rows: readonly Row[] };
export type Row = Shown & { readonly name: string; readonly required: boolean };

export const word = (text: string): Bit => ({ kind: 'word', text });
export const code = (value: unknown): Bit => {
  if (value === '') return word('the empty string');
  return { kind: 'code', text: typeof value === 'string' ? value : JSON.stringify(value) };
};

/** A sentence of ours, in which names stand between backticks. */
export function sentence(text: string): Bit[] {
  return text
    .split('`')
    .map((part, place) => (place % 2 === 0 ? word(part) : code(part)))
    .filter((bit) => bit.text !== '');
}

/** Says what a value of this schema looks like. */
export function show(schema: JsonSchema): Shown {
  const { bits, objects } = showValue(schema);
  if (schema.default === undefined) return { bits, objects };
  return { bits: [...bits, word(', '), code(schema.default), word(' when left out')], objects };
}

/** The properties of an object, in the order of the document. */
export function rowsOf({ properties = {}, required = [] }: JsonSchema): Row[] {
  return Object.entries(properties).map(([name, one]) => ({ name, required: required.includes(name), ...show(one) }));
}

function showValue(schema: JsonSchema): Shown {
  if (schema.$ref !== undefined) return plain({ kind: 'link', text: schema.$ref.replace('#/components/schemas/', '') });
  if (schema.not) return plain(word('not taken'));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return showChoice(choices.map(showValue));
  if (schema.const !== undefined) return plain(code(schema.const));
  if (schema.enum) return showChoice(schema.enum.map((value) => plain(code(value))));
  if (Array.isArray(schema.type)) return showChoice(schema.type.map((type) => showValue({ ...schema, type })));
  if (schema.type === 'array') return showList(schema);
  if (schema.type === 'object') return showObject(schema);
  if (schema.type === 'string') return plain(...stringWords(schema));
  if (schema.type === undefined) return plain(word('anything'));
  return plain(word(schema.type + numberLimits(schema)));
}

function plain(...bits: readonly Bit[]): Shown {
  return { bits, objects: [] };
}

function showChoice(choices: readonly Shown[]): Shown {
  return {
    bits: choices.flatMap(({ bits }, place) => (place === 0 ? bits : [word(' or '), ...bits])),
    objects: choices.flatMap(({ objects }) => objects),
  };
}

function showList({ items, prefixItems, minItems, maxItems }: JsonSchema): Shown {
  if (prefixItems) {
    const parts = prefixItems.map(showValue);
    const bits = parts.flatMap((part, place) => [word(place === 0 ? 'list of ' : ', '), ...part.bits]);
    return { bits, objects: parts.flatMap(({ objects }) => objects) };
  }
  if (maxItems === 0) return plain(word('empty list'));
  const { bits, objects } = showValue(items || {});
  const limits = between(minItems, maxItems, 'items');
  // Without them, a list of one thing or another reads like a list or another thing.
  const needsBrackets = bits.some(({ kind, text }) => kind === 'word' && /,| or /.test(text));
  const inner = needsBrackets ? [word('('), ...bits, word(')')] : bits;
  return { bits: [word('list of '), ...inner, ...(limits ? [word(`, ${limits}`)] : [])], objects };
}

function showObject(schema: JsonSchema): Shown {
  const { additionalProperties, propertyNames } = schema;
  const rows = rowsOf(schema);
  const objects = rows.length > 0 ? [{ title: titleOf(rows), rows }] : [];
  if (typeof additionalProperties !== 'object') {
    return { bits: [word(rows.length === 0 && additionalProperties === false ? 'empty object' : 'object')], objects };
  }
  const value = showValue(additionalProperties);
  const isNamed = propertyNames?.enum ?? propertyNames?.pattern ?? propertyNames?.maxLength;
  const names = isNamed === undefined ? [word('names')] : showValue(propertyNames ?? {}).bits;
  const bits = [word('object that maps '), ...names, word(' to '), ...value.bits];
  return { bits, objects: [...objects, ...value.objects] };
}

function titleOf(rows: readonly Row[]): string {
  const names = rows.slice(0, 3).map(({ name }) => name);
  return `${names.join(', ')}${rows.length > names.length ? ` and ${rows.length - names.length} more` : ''}`;
}

function stringWords({ format, minLength, maxLength, pattern }: JsonSchema): Bit[] {
  const limits = between(minLength || undefined, maxLength, 'characters');
  const bits = [word(`string${format ? ` (${format})` : ''}${limits ? `, ${limits}` : ''}`)];
  // How a format is written is known; its pattern is long and says nothing more.
  return pattern === undefined || format ? bits : [...bits, word(', matching '), code(pattern)];
}

function numberLimits({ minimum, maximum }: JsonSchema): string {
  // Every integer has these, as JSON can say no more exactly.
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const limits = between(least, most, '');
  return limits ? `, ${limits}` : '';
}

/** `1 to 5 items`, `exactly 5 items`, `at most 5 items`, `at least 1 item`; nothing when there are no limits. */
function between(least: number | undefined, most: number | undefined, things: string): string {
  const unit = (count: number) => (things === '' ? '' : ` ${count === 1 ? things.replace(/s$/, '') : things}`);
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `at least ${least}${unit(least ?? 0)}`;
  if (least === most) return `exactly ${most}${unit(most)}`;
  return `${least === undefined ? 'at most' : `${least} to`} ${most}${unit(most)}`;
}
