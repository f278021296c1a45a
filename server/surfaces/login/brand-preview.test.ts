import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { manageAt } from '../../../test/api-calls.ts';
import { unescapeHtml } from '../../../test/html-forms.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';

const server = await startTestServer();
after(() => server.stop());
const manage = await manageAt(server);
const page = { language: 'en', page: 'login' };

async function htmlOf(draft: object): Promise<string> {
  return String((await manage('POST', 'brands/preview', { name: 'Lumière', ...page, ...draft })).html);
}

test('a preview is the real page in the clothes of a draft, and nothing is kept of it', async () => {
  const texts = { de: { 'login.title': 'Schön, dass du da bist' } };
  const html = await htmlOf({ theme: { primary: '#fff200', corners: 'square' }, texts, language: 'de' });
  assert.match(html, /<h1>Schön, dass du da bist<\/h1>/);
  assert.match(html, /id="username"/);
  const sheet = unescapeHtml(/href="(\/brand-draft\.css[^"]+)"/.exec(html)?.[1] ?? '');
  const style = await fetch(server.url + sheet);
  assert.equal(style.headers.get('content-type'), 'text/css; charset=utf-8');
  const css = await style.text();
  assert.match(css, /--brand: #fff200;/);
  assert.match(css, /--corner: 2px;/);
  const { items } = await manage('GET', 'brands');
  assert.deepEqual(items, []);
  assert.match(await htmlOf({ page: 'signup' }), /autocomplete="new-password"/);
});

test('a brand that tries to reach staff: its words are words, and its theme is colours', async () => {
  const hostile = '"><script>alert(1)</script>{{ 7 | plus: 7 }}<style>*{display:none}</style>';
  const html = await htmlOf({
    name: 'Lumière',
    texts: { en: { 'login.title': hostile, 'layout.privacy': hostile } },
    privacy_url: 'https://lumiere.example/"onmouseover="alert(1)',
  });
  assert.doesNotMatch(html, /<script|<style|" ?onmouseover=/);
  assert.ok(unescapeHtml(html).includes(hostile));

  const draft = (theme: unknown) =>
    fetch(`${server.url}/brand-draft.css?${new URLSearchParams({ theme: JSON.stringify(theme) })}`);
  for (const theme of [
    { primary: 'red;}*{background:url(https://evil.example)}' },
    { primary: '#12345' },
    { font: '"; } @import "https://evil.example' },
    { '--page': '#ffffff' },
    [],
    'x',
  ]) {
    const answer = await draft(theme);
    assert.equal(answer.status, 400);
    assert.doesNotMatch(await answer.text(), /evil|import/);
  }
  assert.equal((await fetch(`${server.url}/brand-draft.css`)).status, 400);
});

test('the door by which a connection is tried leads to the sign-in of that brand, and nowhere else', async () => {
  await manage('POST', 'brands', { slug: 'northtrail', name: 'Northtrail' });
  const { client_id } = await manage('POST', 'clients', { name: 'Shop', brand: 'northtrail' });
  const store = { name: 'store', strategy: 'auth0', enabled_clients: [client_id] };
  await manage('POST', 'connections', store);
  const shown = await createBrowser().open(`${server.url}/account/enter?brand=northtrail&connection=store`);
  assert.match(shown.url.pathname, /\/login$/);
  assert.equal(shown.url.origin, server.url);
  assert.match(shown.text, /Northtrail/);
  for (const query of ['', '?brand=nobody', '?brand=northtrail&brand=x', '?brand=..%2F..'])
    assert.equal((await fetch(`${server.url}/account/enter${query}`)).status, 404, query);
});
