import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { z } from 'zod';
import { libraryRules, librarySources } from './library.ts';

test('each rule is a file with its test, has a card, and asks for what it needs with labels', async () => {
  const files = await readdir(new URL('.', import.meta.url));
  const ids = libraryRules.map(({ id }) => id);
  assert.ok(ids.length >= 16);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, name, card, settings, deadlineMs } of libraryRules) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(files.includes(`${id}.ts`) && files.includes(`${id}.test.ts`), `${id} has a file and a test`);
    for (const text of [name, ...Object.values(card)]) assert.ok(text.length > 2 && text.length < 240, text);
    for (const text of Object.values(card)) assert.match(text, /^[A-Z].*\.$/s);
    assert.ok(deadlineMs >= 100 && deadlineMs <= 2000);
    for (const [key, setting] of Object.entries(settings.shape)) {
      const { title, description } = setting.meta() ?? {};
      assert.ok(title && description, `${id}: the setting ${key} has a label and a line of help`);
    }
    assert.ok(z.toJSONSchema(settings, { io: 'input' }), `${id}: a form can be made of its settings`);
  }
});

test('rules that refuse sign-ins refuse when they fail; those that only enrich do not', () => {
  const refusing = libraryRules.filter(({ run }) => /UnauthorizedError|multifactor/.test(String(run)));
  assert.ok(refusing.length >= 5);
  for (const { id, onFailure } of refusing) assert.equal(onFailure, 'refuse', id);
  for (const { id, onFailure, needsConsent } of libraryRules) if (needsConsent) assert.equal(onFailure, 'go_on', id);
});

test('a rule calls outside exactly if it has a service; its keys are secret', () => {
  const callers = libraryRules.filter(({ callsOutside }) => callsOutside).map(({ id }) => id);
  assert.deepEqual(callers.sort(), librarySources.map(({ id }) => id).sort());
  for (const { id, settings } of libraryRules) {
    for (const [key, setting] of Object.entries(settings.shape)) {
      const isKey = /^(key|secret|token)$/.test(key);
      assert.equal(setting.meta()?.secret === true, isKey, `${id}: ${key}`);
    }
  }
});

test('the address of a server that is told something is marked: secrets go nowhere else', () => {
  const marked = libraryRules.flatMap(({ id, settings }) =>
    Object.entries(settings.shape).flatMap(([key, setting]) =>
      setting.meta()?.outside === true ? [`${id} ${key}`] : [],
    ),
  );
  const callers = librarySources.map(({ id }) => `${id} address`);
  assert.deepEqual(marked.sort(), [...callers, 'picture-fallback address'].sort());
});

test('what a rule keeps beside the profile is told on its customer’s pages, with a label in each language', async () => {
  for (const { id, tells } of libraryRules) {
    const text = await readFile(new URL(`${id}.ts`, import.meta.url), 'utf8');
    const kept = [...text.matchAll(/\bpath: '(app_metadata\.\w+)', value/g)].map(([, path]) => path);
    const told = tells?.values.map(({ path }) => path) ?? [];
    for (const path of kept)
      assert.ok(
        told.some((one) => one === path),
        `${id} keeps ${path}, and tells it nobody`,
      );
    for (const { labels } of tells?.values ?? []) assert.equal(new Set(Object.keys(labels)).size, 4);
  }
});
