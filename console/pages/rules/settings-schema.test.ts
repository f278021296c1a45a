import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { libraryRules } from '../../../rules-library/library.ts';
import { fieldsOf, leadElsewhere, refusedIn, settingsOf, typedOf } from './settings-schema.ts';

const schemaOf = (settings: z.ZodObject) => ({ ...z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) });

for (const { id, settings } of libraryRules) {
  test(`${id}: what the form shows at first is what the library has, and comes back as it was`, () => {
    const fields = fieldsOf(schemaOf(settings));
    const typed = typedOf(fields, {});
    const needed = Object.fromEntries(fields.filter(({ isNeeded }) => isNeeded).map(({ name }) => [name, undefined]));
    const defaults = Object.fromEntries(fields.map(({ name, first }) => [name, first]));
    assert.partialDeepStrictEqual({ ...defaults, token: '' }, settingsOf(fields, typed));
    for (const field of fields) {
      assert.notEqual(field.label, field.name, 'a label');
      assert.notEqual(field.about, '', 'a line of help');
      if (field.kind === 'entries') {
        // What cannot be read is sent as it was typed, for the server to refuse.
        assert.equal(settings.shape[field.name]?.safeParse('x').success, false, field.name);
      }
      if (field.kind !== 'secret' && !(field.name in needed)) assert.ok(field.first !== undefined, field.name);
    }
  });
}

test('each kind of setting is read as it was typed', () => {
  const fields = fieldsOf(
    schemaOf(
      z.strictObject({
        key: z.string().meta({ title: 'Key', secret: true }),
        ages: z.array(z.int()),
        words: z.array(z.string()),
        only: z.array(z.literal(['a', 'b'])),
        most: z.number(),
        list: z.record(z.string(), z.array(z.string())),
        names: z.record(z.string(), z.string()),
        note: z.string(),
      }),
    ),
  );
  const typed = {
    ages: '18\n 25 \n\n',
    words: 'one\n two',
    only: ['a'],
    most: 2.5,
    list: ' a=x ; y, z;\n\nb =',
    names: 'a = b = c',
    note: '',
  };
  assert.deepEqual(settingsOf(fields, { ...typed, key: '' }), {
    ...{
      ages: [18, 25],
      words: ['one', 'two'],
      only: ['a'],
      most: 2.5,
      list: { a: ['x', 'y, z'], b: [] },
      names: { a: 'b = c' },
    },
  });
  assert.equal(settingsOf(fields, { ...typed, key: 'k' }).key, 'k');
  assert.equal(settingsOf(fields, { ...typed, key: '', list: 'a' }).list, 'a', 'it is told with all else');
  const at = (name: string) => fields.find((field) => field.name === name);
  const told = (name: string, value: string, ...refused: Parameters<typeof refusedIn>[2]) => {
    const field = at(name);
    assert.ok(field);
    return refusedIn(field, value, refused);
  };
  const nothing = { below: '', text: 'x' };
  assert.deepEqual(told('list', 'a = b\nc', nothing), ['“c” has no =: in each line a name stands in front of one.']);
  assert.deepEqual(told('list', '= b', nothing), ['“= b” has no name in front of the =.']);
  assert.deepEqual(told('names', 'a = b\na = c', nothing), ['“a” is there twice: write it once.']);
  assert.deepEqual(told('list', 'a = b', { below: '', text: 'Too many.' }), ['Too many.']);
  assert.deepEqual(told('list', 'a = x; y\na.b = z; *', { below: 'a.b.1', text: 'No *.' }), ['a.b, *: No *.']);
  assert.deepEqual(told('names', 'a = ', { below: 'a', text: 'A text.' }), ['a: A text.']);
  assert.deepEqual(told('ages', '18\n\nold', { below: '1', text: 'Numbers only.' }), ['old: Numbers only.']);
  const many = Array.from({ length: 8 }, (_, below) => ({ below: String(below), text: 'No.' }));
  assert.deepEqual(told('words', 'a\nb\nc\nd\ne\nf\ng\nh', ...many).slice(-2), ['e: No.', 'And 3 more like these.']);
});

test('an address leads elsewhere where its scheme, host or port is another', () => {
  const address = z.string().meta({ title: 'Address', outside: true });
  const fields = fieldsOf(schemaOf(z.strictObject({ address, claim: z.string() })));
  const before = { address: 'https://crm.example/{email}', claim: 'https://shop.example/a' };
  const leads = (now: string) => leadElsewhere(fields, before, { address: now, claim: 'https://other.example/a' });
  for (const same of [before.address, ' https://crm.example:443/v2', 'https://CRM.example'])
    assert.equal(leads(same), false);
  for (const other of ['http://crm.example/', 'https://crm.example:8443/', 'https://evil.example/', 'https:', '']) {
    assert.equal(leads(other), true, other);
  }
});
