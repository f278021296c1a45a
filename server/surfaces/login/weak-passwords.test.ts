import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { writeBreachedPasswords } from '../../features/accounts/accounts.ts';
import {
  connectionByName,
  defaultPasswordConnection,
  updateConnection,
} from '../../features/connections/connections.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const store = await connectionByName(base, defaultPasswordConnection);
await updateConnection(base, store?.id ?? '', { options: { passwordPolicy: 'good' } });
await base.settings.refresh();

async function tryToSignUp(email: string, password: string, language = 'en') {
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup', ui_locales: language }));
  return browser.submit(page, 'signup', { username: email, password });
}

test('a password that is easy to guess is refused beside its field, with what to do better, in each language', async () => {
  const said = {
    en: /Take words that do not belong together/,
    de: /Nehmen Sie Wörter, die nicht zusammengehören/,
    es: /Usa palabras que no vayan juntas/,
    fr: /Prenez des mots sans rapport entre eux/,
  };
  for (const [language, sentence] of Object.entries(said)) {
    const page = await tryToSignUp('weak@example.com', 'abcdefghij', language);
    assert.equal(page.status, 400);
    assert.match(page.text, sentence, language);
    assert.match(page.html, /id="password-error"/);
  }
});

test('one’s own address and the name of the brand make no password', async () => {
  assert.match((await tryToSignUp('catherine.smithson@example.com', 'catherinesmithson')).text, /guessed first/);
  assert.match(
    (await tryToSignUp('brand@example.com', 'lumièrelumière')).text,
    /guessed first|does not make it stronger/,
  );
  const taken = await tryToSignUp('strong@example.com', 'four words of mine, unlikely');
  assert.match(taken.url.pathname, /\/verify$/);
});

test('security row 19: a known address is refused the same weak password in the same words', async () => {
  const email = 'known-weak@example.com';
  await signUp(world, world.browser(), email, 'four words of mine, unlikely');
  const [known, unknown] = [
    await tryToSignUp(email, 'password1234'),
    await tryToSignUp('unknown-weak@example.com', 'password1234'),
  ];
  assert.equal(known.status, unknown.status);
  assert.equal(known.text, unknown.text);
});

test('neither the password nor what is looked up of it is ever logged, whatever fails', async () => {
  const password = 'planted words of a password';
  await writeBreachedPasswords(base, base.db, { source: 'folder' });
  await base.settings.refresh();
  const page = await tryToSignUp('unlogged@example.com', password);
  assert.match(page.url.pathname, /\/verify$/, 'a list that is not there keeps nobody out');
  const lines = world.logged.join('');
  assert.match(lines, /Breached passwords could not be looked up/);
  const hash = createHash('sha1').update(password).digest('hex');
  assert.ok(!lines.includes(password));
  // Ids of requests are random, and may hold any five digits.
  const withoutIds = lines.toLowerCase().replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
  assert.ok(!withoutIds.includes(hash.slice(0, 5)), 'not even the five digits');
});
