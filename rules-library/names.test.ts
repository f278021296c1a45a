import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { names } from './names.ts';
import { factsOf, runRule } from './test-run-rule.ts';

const tidy = async (user: Record<string, string>) => factsOf(await runRule(names, { user }))['app_metadata.tidy_name'];

const told: [Record<string, string>, string, string][] = [
  [{ name: 'SOFIA MARCHETTI' }, 'Sofia', 'Marchetti'],
  [{ name: 'MARCHETTI, SOFIA' }, 'Sofia', 'Marchetti'],
  [{ name: '  sofia   marchetti ✨' }, 'Sofia', 'Marchetti'],
  [{ name: 'Dr. Jonas Weber' }, 'Jonas', 'Weber'],
  [{ name: 'ludwig van beethoven' }, 'Ludwig', 'van Beethoven'],
  [{ name: "MARY-JANE O'NEILL" }, 'Mary-Jane', "O'Neill"],
  [{ name: 'Ian McKellen' }, 'Ian', 'McKellen'],
  [{ name: 'x', given_name: 'AMÉLIE', family_name: 'laurent' }, 'Amélie', 'Laurent'],
];

for (const [user, given_name, family_name] of told) {
  test(`${Object.values(user).join(' | ')} is ${given_name} ${family_name}`, async () => {
    assert.deepEqual(await tidy(user), { given_name, family_name, name: `${given_name} ${family_name}` });
  });
}

test('one name alone is a first name; an address, figures or signs are none', async () => {
  assert.deepEqual(await tidy({ name: 'madonna' }), { given_name: 'Madonna', name: 'Madonna' });
  for (const name of ['', 'sofia@example.com', '12345', '✨✨']) assert.equal(await tidy({ name }), undefined, name);
});

test('what is told stays; what is missing is filled', async () => {
  const { user } = await runRule(names, { user: { name: 'SOFIA MARCHETTI' } });
  assert.partialDeepStrictEqual(user, { name: 'SOFIA MARCHETTI', given_name: 'Sofia', family_name: 'Marchetti' });
});

test('whatever is told, it never fails, and what is tidy stays as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (name) => {
      const once = await tidy({ name });
      if (typeof once !== 'object' || once === null || Array.isArray(once) || !once.given_name) return;
      const { given_name, family_name } = once;
      const again = await tidy({
        given_name: String(given_name),
        ...(family_name && { family_name: String(family_name) }),
      });
      assert.deepEqual(again, once);
    }),
    { numRuns: 30 },
  );
});
