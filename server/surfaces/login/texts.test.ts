import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { languages } from '../../base/languages.ts';
import { texts } from './texts.ts';

const here = new URL('./', import.meta.url);

test('every sentence is there in every language, with the same places to fill', () => {
  const keys = Object.keys(texts.en);
  for (const language of languages) {
    assert.deepEqual(Object.keys(texts[language]), keys, language);
    for (const key of keys) {
      const [own, english] = [texts[language][key] ?? '', texts.en[key] ?? ''];
      assert.ok(own.trim(), `${language}: ${key} is empty`);
      assert.deepEqual(placesOf(own), placesOf(english), `${language}: ${key}`);
    }
  }
});

test('every key that is used is there, and every key that is there is used', async () => {
  const used = await keysIn(here);
  const known = Object.keys(texts.en);
  assert.deepEqual(
    [...used].filter((key) => !known.includes(key)),
    [],
    'used but not written',
  );
  const composed = /^(reset|email_verified|unblock)\.|_title$/;
  assert.deepEqual(
    known.filter((key) => !used.has(key) && !composed.test(key)),
    ['layout.privacy', 'layout.terms', 'layout.support'],
    'written but not used (the layout has its own)',
  );
});

function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}

/** Everything in code and templates that looks like a key of ours: `'area.name'`. */
async function keysIn(folder: URL): Promise<Set<string>> {
  const areas = new Set(Object.keys(texts.en).map((key) => key.split('.')[0]));
  const files = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.test)\.(ts|liquid)$/.test(name));
  const found = new Set<string>();
  for (const name of files) {
    const text = await readFile(new URL(name, folder), 'utf8');
    for (const [, key = '', area = ''] of text.matchAll(/'((\w+)\.\w+)'/g)) {
      if (areas.has(area) && !key.endsWith('.ts')) found.add(key);
    }
  }
  return found;
}
