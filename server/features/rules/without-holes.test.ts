import assert from 'node:assert/strict';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { withoutHoles } from './without-holes.ts';

test('code whose types were taken away reads as if it had none; texts, comments and lines stay', () => {
  const typed = [
    'async function run(user, context: Context): Promise<void> {',
    '    // Two  blanks,   and three.',
    '    const plain = (text: string) => text.replace(/  a/u, "b   c");',
    '    const all = new Map<string, number>([["x", user.list!.length as number]]);',
    '    const told = plain(context.name as string) + `   two',
    '      line`;',
    '    if (all.size > 0) return callback(null, { told }, context);',
    '  }',
  ].join('\n');
  const clean = [
    'async function run(user, context) {',
    '  // Two  blanks,   and three.',
    '  const plain = (text) => text.replace(/  a/u, "b   c");',
    '  const all = new Map([["x", user.list.length]]);',
    '  const told = plain(context.name) + `   two',
    '      line`;',
    '  if (all.size > 0) return callback(null, { told }, context);',
    '}',
  ].join('\n');
  assert.equal(withoutHoles(stripTypeScriptTypes(typed), 2), clean);
});
