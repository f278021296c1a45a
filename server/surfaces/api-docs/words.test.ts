import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonSchema, readDocument } from './document.ts';
import { type Shown, show } from './words.ts';

const id: JsonSchema = { $ref: '#/components/schemas/Id' };

test('a schema is said in words', () => {
  const cases: [JsonSchema, string][] = [
    [{}, 'anything'],
    [{ not: {} }, 'not taken'],
    [id, '[Id]'],
    [{ type: 'string', minLength: 1, maxLength: 5 }, 'string, 1 to 5 characters'],
    [
      { type: 'string', minLength: 0, maxLength: 1, default: '' },
      'string, at most 1 character, the empty string when left out',
    ],
    [{ type: 'string', pattern: '^[^<>]+$' }, 'string, matching `^[^<>]+$`'],
    [{ type: 'string', format: 'uuid', pattern: '^long$' }, 'string (uuid)'],
    [{ type: ['string', 'null'], maxLength: 9 }, 'string, at most 9 characters or null'],
    [{ type: 'string', enum: ['a', ''], default: 'a' }, '`a` or the empty string, `a` when left out'],
    [{ type: 'boolean', const: true }, '`true`'],
    [{ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }, 'integer'],
    [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'integer, at least 1'],
    [{ type: 'number', minimum: -90, maximum: 90 }, 'number, -90 to 90'],
    [{ type: 'array', items: id, minItems: 2, maxItems: 2 }, 'list of [Id], exactly 2 items'],
    [{ type: 'array', items: { anyOf: [id, { type: 'null' }] } }, 'list of ([Id] or null)'],
    [{ type: 'array', items: { not: {} }, maxItems: 0 }, 'empty list'],
    [{ type: 'array', prefixItems: [{ const: 'x' }, id], items: false }, 'list of `x`, [Id]'],
    [{ type: 'object', properties: {}, additionalProperties: false }, 'empty object'],
    [{ type: 'object', propertyNames: { type: 'string' }, additionalProperties: id }, 'object that maps names to [Id]'],
    [{ type: 'object', propertyNames: { enum: ['en'] }, additionalProperties: id }, 'object that maps `en` to [Id]'],
  ];
  for (const [schema, words] of cases) assert.equal(said(show(schema)), words);
});

test('objects within keep their properties, which are required and which not', () => {
  const inner: JsonSchema = { type: 'object', properties: { b: id, c: id, d: id, e: id }, required: ['c'] };
  const { bits, objects } = show({ type: 'array', items: { anyOf: [inner, { type: 'null' }] } });
  assert.equal(said({ bits, objects }), 'list of (object or null)');
  const [object, ...more] = objects;
  assert.deepEqual(more, []);
  assert.equal(object?.title, 'b, c, d and 1 more');
  assert.deepEqual(
    object?.rows.map((row) => [row.name, row.required, said(row)]),
    [
      ['b', false, '[Id]'],
      ['c', true, '[Id]'],
      ['d', false, '[Id]'],
      ['e', false, '[Id]'],
    ],
  );
});

test('a keyword that the page could not show is refused, not left out', () => {
  const text = (schema: object) =>
    JSON.stringify({ info: { version: '1' }, servers: [{ url: '/' }], paths: {}, components: { schemas: { schema } } });
  readDocument(text({ type: 'integer', minimum: 1 }));
  assert.throws(() => readDocument(text({ type: 'integer', multipleOf: 2 })), /multipleOf/);
});

function said({ bits }: Shown): string {
  const marks = { word: ['', ''], code: ['`', '`'], link: ['[', ']'] } as const;
  return bits.map(({ kind, text }) => `${marks[kind][0]}${text}${marks[kind][1]}`).join('');
}
