// What every surface's sentences must be: there in all languages, and used.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { languages, type Texts } from '../server/base/languages.ts';

/** Every sentence is written in every language, with the same places to fill. */
export function assertTranslated(texts: Texts): void {
  const keys = Object.keys(texts.en);
  for (const language of languages) {
    assert.deepEqual(Object.keys(texts[language]).sort(), [...keys].sort(), language);
    for (const key of keys) {
      const [own, english] = [texts[language][key] ?? '', texts.en[key] ?? ''];
      assert.ok(own.trim(), `${language}: ${key} is empty`);
      assert.deepEqual(placesOf(own), placesOf(english), `${language}: ${key}`);
    }
  }
}

/** Every key that code and templates in `folders` use is written, and every written one is used. */
export async function assertUsed(
  texts: Texts,
  folders: readonly URL[],
  isComposed: (key: string) => boolean,
): Promise<void> {
  const known = Object.keys(texts.en);
  const areas = new Set(known.map((key) => key.split('.')[0] ?? ''));
  const found = await Promise.all(folders.map((folder) => keysIn(folder, areas)));
  const used = new Set(found.flat());
  const missing = [...used].filter((key) => !known.includes(key));
  assert.deepEqual(missing, [], 'used but not written');
  const idle = known.filter((key) => !used.has(key) && !isComposed(key));
  assert.deepEqual(idle, [], 'written but not used');
}

function placesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}

/** Everything in code and templates that looks like a key: `'area.name'`. */
async function keysIn(folder: URL, areas: ReadonlySet<string>): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.test)\.(ts|liquid)$/.test(name));
  const keys: string[] = [];
  for (const name of files) {
    const text = await readFile(new URL(name, folder), 'utf8');
    for (const [, key = '', area = ''] of text.matchAll(/'((\w+)\.\w+)'/g)) {
      if (areas.has(area) && !key.endsWith('.ts')) keys.push(key);
    }
  }
  return keys;
}
