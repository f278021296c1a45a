import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberByText } from './remember-by-text.ts';

test('a text is looked at once, unless that fails; the one that was not asked for longest is forgotten first', async () => {
  const asked: string[] = [];
  let fails = true;
  const lengthOf = rememberByText(2, async (text) => {
    asked.push(text);
    if (text === 'fails' && fails) throw new Error('not now');
    return text.length;
  });
  assert.deepEqual(await Promise.all([lengthOf('a'), lengthOf('a'), lengthOf('bb')]), [1, 1, 2]);
  await lengthOf('a');
  await lengthOf('ccc');
  assert.deepEqual(asked, ['a', 'bb', 'ccc']);
  await lengthOf('a');
  await lengthOf('bb');
  assert.deepEqual(asked, ['a', 'bb', 'ccc', 'bb']);
  await assert.rejects(lengthOf('fails'), /not now/);
  fails = false;
  assert.equal(await lengthOf('fails'), 5);
});
