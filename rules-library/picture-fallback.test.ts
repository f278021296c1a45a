import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureFallback } from './picture-fallback.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const settings = { address: 'https://pictures.example/{letter}/{initials}.png?of={hash}' };
const hash = 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514';

test('who has no picture, or a silhouette, gets one of yours', async () => {
  const user = { name: 'Élise du Pont', email: ' User@Example.com ' };
  const expected = `https://pictures.example/${encodeURIComponent('É')}/${encodeURIComponent('ÉD')}.png?of=${hash}`;
  for (const picture of [undefined, '', 'https://abs.twimg.com/sticky/default_profile_images/x.png']) {
    const run = await runRule(pictureFallback, {
      user: { ...user, ...(picture !== undefined && { picture }) },
      settings,
    });
    assert.equal(run.user.picture, expected);
    assert.deepEqual(run.learned, [{ path: 'picture', value: expected, confidence: 0.1 }]);
  }
});

test('a picture stays; a name without letters has a sign of its own', async () => {
  const kept = await runRule(pictureFallback, { user: { picture: 'https://x.example/me.png' }, settings });
  assert.deepEqual([kept.learned, kept.user.picture], [[], 'https://x.example/me.png']);
  const odd = await runRule(pictureFallback, { user: { name: '123' }, settings });
  assert.match(String(factsOf(odd).picture), /^https:\/\/pictures\.example\/%3F\/%3F\.png/);
  assert.throws(() => pictureFallback.settings.parse({ address: 'http://pictures.example/' }));
  assert.throws(() => pictureFallback.settings.parse({ address: 'javascript:alert(1)' }));
});

test('an address with a name in braces that nothing fills is refused: it would be broken for everybody', () => {
  for (const part of ['{foo}', '{Letter}', '{letter', 'hash}', '{{hash}}', '{}']) {
    const { error } = pictureFallback.settings.safeParse({ address: `https://pictures.example/${part}.png` });
    assert.match(error?.issues[0]?.message ?? '', /^Between braces stands/, part);
  }
  assert.ok(pictureFallback.settings.safeParse({ address: 'https://pictures.example/grey.png' }).success);
});
