import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { readFiles } from './chosen-files.ts';
import { inParts } from './in-parts.ts';
import { readExport } from './read-export.ts';

const scriptOf = (bytes: number, filler = 'x') => `function (user, context, callback) { /*${filler.repeat(bytes)}*/ }`;
const sizesOf = (scripts: readonly string[]) => inParts(scripts, (script) => ({ script })).map(({ length }) => length);

test('what is asked about goes in parts that the server takes: by bytes as they are sent, and by number', () => {
  assert.deepEqual(sizesOf([]), []);
  assert.deepEqual(sizesOf(Array.from({ length: 45 }, () => scriptOf(10))), [20, 20, 5]);
  const rules = Array.from({ length: 20 }, (_, place) => ({ name: `r${place}`, script: scriptOf(60_000) }));
  const parts = inParts(rules, (rule) => rule);
  assert.deepEqual(parts.flat(), rules);
  for (const part of parts) assert.ok(JSON.stringify({ rules: part }).length < 1024 * 1024, `${part.length} at once`);
  assert.ok(parts.length <= 3, 'no more often than it takes');
  // Each takes three bytes, or six of JSON.
  assert.deepEqual(sizesOf(Array.from({ length: 4 }, () => scriptOf(90_000, '\u6f22'))), [2, 2]);
  assert.deepEqual(sizesOf(Array.from({ length: 3 }, () => scriptOf(90_000, '\u0001'))), [1, 1, 1]);
  assert.deepEqual(sizesOf(['a', scriptOf(2_000_000), 'b']), [1, 1, 1]);
});

test('a file that is too large is told by its name, with the size that is allowed', async () => {
  const large = '#'.repeat(1024 * 1024);
  const { files, problems } = await readFiles([
    new File([`rules:\n  - name: One\n    script: "x"\n${large}`], 'tenant.yaml'),
    new File([`/*${large}*/`], 'bundle.js'),
    new File([large.repeat(2), ' '], 'package-lock.json'),
    new File([large.repeat(2)], 'notes.md'),
    new File([large], 'exact.json'),
    new File([scriptOf(10)], 'One.js'),
  ]);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['exact.json', 'One.js'],
  );
  assert.equal(problems.length, 2);
  assert.match(
    problems[0] ?? '',
    /^tenant\.yaml is left out: it has 1\.1 MB, and a file that is read has at most 1 MB\. .*AUTH0_INCLUDED_ONLY/,
  );
  assert.match(problems[1] ?? '', /^bundle\.js is left out: it has 1\.1 MB, and .* at most 1 MB\.$/);
});

test('a script that no rule may have is told by its file, and the others come along', () => {
  const sized = (bytes: number) => scriptOf(bytes - scriptOf(0).length);
  const code = 'exports.onExecutePostLogin = async () => {};'.padEnd(100_001);
  const action = { code: './actions/Wide/code.js', supported_triggers: [{ id: 'post-login' }] };
  const found = readExport(
    [
      { path: 'x/rules/One.js', text: sized(100 * 1024) },
      { path: 'x/rules/Two.js', text: sized(100 * 1024 + 1) },
      { path: 'x/rules/Two.json', text: JSON.stringify({ name: 'Two', script: './Two.js' }) },
      { path: 'x/rules/Loose.js', text: sized(150_000) },
      { path: 'x/actions/Wide/code.js', text: code },
      { path: 'x/actions/Wide.json', text: JSON.stringify({ ...action, name: 'Wide' }) },
      { path: 'x/actions/Exact.json', text: JSON.stringify({ ...action, name: 'Exact', code: code.slice(1) }) },
      { path: 'tenant.json', text: JSON.stringify({ rules: [{ name: 'Three', script: sized(150_000) }] }) },
    ],
    parse,
  );
  assert.deepEqual(
    found.rules.map(({ name }) => name),
    ['One'],
  );
  assert.deepEqual(
    found.actions.map(({ name }) => name),
    ['Exact'],
  );
  assert.deepEqual(found.problems.toSorted(), [
    'tenant.json: the script of Three is left out: it has 146.5 kB, and a script has at most 100 kB.',
    'x/actions/Wide/code.js is left out: it has 100,001 characters, and the code of an action has at most 100,000.',
    'x/rules/Loose.js is left out: it has 146.5 kB, and a script has at most 100 kB.',
    'x/rules/Two.js is left out: it has 100.1 kB, and a script has at most 100 kB.',
  ]);
});
