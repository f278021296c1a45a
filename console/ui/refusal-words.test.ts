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
  ['options.client_id: Invalid input: expected string, received undefined', 'options.client_id', 'This is needed.'],
  ["Payload validation error: 'Invalid URL' on property settings.address.", 'settings.address', /whole address/],
  [
    "Payload validation error: 'Invalid input: expected string, received number' on property settings.fields.",
    'settings.fields',
    'Texts only, in quotes.',
  ],
  [
    "Payload validation error: 'Too small: expected string to have >=16 characters' on property settings.secret.",
    'settings.secret',
    'At least 16 characters.',
  ],
  [
    "Payload validation error: 'Too big: expected array to have <=20 items' on property settings.bands.",
    'settings.bands',
    'At most 20 of them.',
  ],
  [
    "Payload validation error: 'Too small: expected number to be >=2' on property settings.milestones.0.",
    'settings.milestones.0',
    'At least 2.',
  ],
  [
    "Payload validation error: 'Invalid input: expected number, received null' on property settings.bands.0.",
    'settings.bands.0',
    'Numbers only.',
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
