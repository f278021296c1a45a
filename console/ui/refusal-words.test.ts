import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldIn, plainWords } from './refusal-words.ts';

const refusals: [message: string, field: string | undefined, words: string | RegExp][] = [
  ["Payload validation error: 'Missing required property: name'.", 'name', 'This is needed.'],
  [
    "Payload validation error: 'Object didn't pass validation for format callback-url' on property callbacks[0].",
    'callbacks[0]',
    /whole address/,
  ],
  [
    "Payload validation error: 'String is too long (201 chars), maximum 200' on property name.",
    'name',
    'At most 200 characters.',
  ],
  [
    String.raw`Payload validation error: 'String does not match pattern: ^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$' on property name.`,
    'name',
    'Letters, digits, spaces and “-” between them.',
  ],
  [
    "Payload validation error: 'String does not match pattern: ^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$' on property name.",
    'name',
    'Letters, digits and “-” between them.',
  ],
  [
    String.raw`Path validation error: 'String does not match pattern: ^[A-Za-z0-9_\-@*+:]*$' on property key.`,
    'key',
    'Letters, digits, “_” and “-”.',
  ],
  [
    "Payload validation error: 'String does not match pattern: ^[A-Z]{3}$' on property currency.",
    'currency',
    'Three letters, such as EUR.',
  ],
  ["Payload validation error: 'No such brand' on property brand.", 'brand', 'No such brand'],
  ['options.client_id: This is needed.', 'options.client_id', 'This is needed.'],
  [
    "Payload validation error: 'At least 16 characters.' on property settings.secret.",
    'settings.secret',
    'At least 16 characters.',
  ],
  [
    "Payload validation error: 'This must be a number, not null.' on property settings.bands.0.",
    'settings.bands.0',
    'Numbers only.',
  ],
  [
    "Payload validation error: 'Expected type object but found type array' on property user.",
    'user',
    'This must be an object: names with values, in braces.',
  ],
  [
    "Payload validation error: 'Expected type string but found type integer' on property name.",
    'name',
    'This must be a text, in quotes.',
  ],
  [
    `Payload validation error: 'No enum match for: "no" (allowed: refuse, go_on)' on property on_failure.`,
    'on_failure',
    'This must be one of: refuse, go_on.',
  ],
  [
    "Payload validation error: 'Additional properties not allowed: a,b' on property context.",
    'context',
    'This is not known here: leave out a,b.',
  ],
  ["Payload validation error: 'Array is too long (21), maximum 20' on property rules.", 'rules', 'At most 20 of them.'],
  [
    "Payload validation error: 'Object didn't pass validation for format uuid' on property id.",
    'id',
    'This is not written as it must be.',
  ],
  ['options.scope: must contain openid', 'options.scope', 'must contain openid'],
  ['enabled_clients names a client that does not exist', 'enabled_clients', /does not exist/],
  ['There is a brand lumiere already.', undefined, 'There is a brand lumiere already.'],
];

for (const [message, field, words] of refusals) {
  test(`what the API says stands at its field: ${message}`, () => {
    assert.equal(fieldIn(message), field);
    if (typeof words === 'string') assert.equal(plainWords(message), words);
    else assert.match(plainWords(message), words);
  });
}
