import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOf } from '../../../test/html-forms.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { type Document, readDocument } from './document.ts';

let server: TestServer;
let page: Response;
let html: string;
let document: Document;
before(async () => {
  server = await startTestServer();
  page = await fetch(`${server.url}/api/docs`);
  html = await page.text();
  document = readDocument(await (await fetch(`${server.url}/api/v2/openapi.json`)).text());
});
after(() => server.stop());

/** Without what tags become, and marks of code. */
const bare = (text: string) => text.replaceAll(/[\s`]/g, '');
const articles = () => html.split('<article>').slice(1);

test('every operation of the document is on the page, with who may call it and what it takes and answers', () => {
  const shown = articles().map((article) => ({ article, text: textOf(article) }));
  let count = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { summary, security, parameters, requestBody, responses }] of Object.entries(operations)) {
      const title = `${method.toUpperCase()} ${path}`;
      const { article, text } = shown.find((one) => one.text.startsWith(`${title} `)) ?? { article: '', text: '' };
      assert.ok(bare(text).includes(bare(summary)), title);
      const scopes = security.flatMap(({ machine = [] }) => machine);
      const [own] = security.flatMap(({ customer = [] }) => customer);
      const others =
        scopes.length > 0 ? `Scope ${scopes.join(' or ')}` : 'For staff who are signed in, not for machines.';
      const who = own ? `A customer's own access token, with the scope ${own}` : others;
      assert.ok(text.includes(who), `${title}: ${who}`);
      for (const { name } of parameters) assert.ok(article.includes(`<dt><code>${name}</code>`), `${title}: ${name}`);
      const referred = JSON.stringify([requestBody, responses]).matchAll(/"#\/components\/schemas\/(\w+)"/g);
      for (const [, name] of referred) assert.ok(article.includes(`href="#shape-${name}"`), `${title}: ${name}`);
      for (const status of Object.keys(responses)) assert.ok(article.includes(`<code>${status}</code>`), title);
      assert.equal(article.includes('<h4>Body</h4>'), requestBody !== undefined, title);
      count += 1;
    }
  }
  assert.equal(shown.length, count + Object.keys(document.components.schemas).length);
});

test('every shape shows its properties, and every link on the page leads somewhere', () => {
  for (const [name, { properties = {} }] of Object.entries(document.components.schemas)) {
    const article = articles().find((one) => one.includes(`id="shape-${name}"`)) ?? '';
    for (const property of Object.keys(properties)) assert.ok(article.includes(`<code>${property}</code>`), property);
  }
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
  assert.equal(new Set(ids).size, ids.length, 'no anchor is there twice');
  for (const anchor of ['get-users-id', 'patch-users-id', 'patch-users-id-notes-note-id', 'shape-User'])
    assert.ok(ids.includes(anchor), anchor);
  const anchors = [...html.matchAll(/ href="#([^"]+)"/g)].map(([, id = '']) => id);
  assert.deepEqual(
    anchors.filter((id) => !ids.includes(id)),
    [],
  );
});

test('what the document says is shown as text: no markup but ours, nothing inline', () => {
  assert.ok(html.includes('<code>^[^&lt;&gt;]+$</code>'), 'a pattern of the document that would be a tag');
  const elements = new Set([...html.matchAll(/<\/?([^\s>]*)/g)].map(([, name]) => name));
  const ours = ['!doctype', 'a', 'article', 'b', 'body', 'code', 'dd', 'details', 'div', 'dl', 'dt', 'footer', 'h1'];
  ours.push('h2', 'h3', 'h4', 'head', 'header', 'html', 'li', 'link', 'main', 'meta', 'nav', 'p', 'pre', 'section');
  ours.push('span', 'summary', 'title', 'ul');
  assert.deepEqual([...elements].sort(), ours);
  assert.doesNotMatch(html, /<[^>]* (style|on\w+)=/);
});

test('it is public, small, kept by browsers and asked for again, under the strictest policy', async () => {
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(page.headers.get('cache-control'), 'public, no-cache');
  assert.equal(page.headers.get('set-cookie'), null);
  assert.equal(page.headers.get('x-frame-options'), 'DENY');
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(
    policy,
    /^default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; frame-ancestors 'none'/,
  );
  assert.doesNotMatch(policy, /script-src|unsafe/);

  const ask = (headers: Record<string, string>) => fetch(`${server.url}/api/docs`, { headers });
  const etag = page.headers.get('etag') ?? '';
  const known = await ask({ 'if-none-match': `"other", ${etag}` });
  assert.deepEqual([known.status, await known.text()], [304, '']);
  assert.equal((await ask({ 'if-none-match': '"other"' })).status, 200);
  const plain = await ask({ 'accept-encoding': 'gzip' });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(await plain.text(), html);
  const small = await ask({ 'accept-encoding': 'br' });
  assert.equal(small.headers.get('content-encoding'), 'br');
  assert.ok(Number(small.headers.get('content-length')) < 40_000);
  assert.equal(await small.text(), html);
});

test('it tells the addresses of this server', () => {
  const text = textOf(html);
  assert.ok(text.includes(`-d audience=${server.url}/api/v2/`));
  assert.ok(text.includes(`Issuer ${server.url}/`));
  assert.ok(html.includes('href="/api/v2/openapi.json"'));
});
