import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startTestServer } from '../../../test/server.ts';

const server = await startTestServer();
after(() => server.stop());
const html = '<!doctype html><title>x</title><script>top.ran = 1</script>';

function send(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/console/framed`, {
    method: 'POST',
    headers: { origin: server.url, 'sec-fetch-dest': 'iframe', ...headers },
    body: new URLSearchParams(form),
  });
}

test('security row 18: what the console shows in frames is of no origin, runs nothing and is framed by us alone', async () => {
  for (const [kind, styles] of [
    ['page', "'self'"],
    ['mail', "'unsafe-inline'"],
  ] as const) {
    const answer = await send({ kind, html });
    assert.equal(answer.status, 200);
    assert.ok((await answer.text()).startsWith(html));
    const rules = new Set(answer.headers.get('content-security-policy')?.split('; '));
    for (const rule of [
      'sandbox',
      "default-src 'none'",
      `style-src ${styles}`,
      "img-src 'self' data:",
      "frame-ancestors 'self'",
    ])
      assert.ok(rules.has(rule), rule);
    assert.ok(![...rules].some((rule) => rule.startsWith('script-src') || rule.startsWith('connect-src')));
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  }
});

test('security row 18: no other site can send anything to be shown, and nothing sent is a page by itself', async () => {
  const refused = [
    await send({ kind: 'page', html }, { origin: 'https://evil.example' }),
    await send({ kind: 'page', html }, { origin: 'null' }),
    await send({ kind: 'page', html }, { 'sec-fetch-dest': 'document' }),
    await fetch(`${server.url}/console/framed`, { method: 'POST', body: new URLSearchParams({ kind: 'page', html }) }),
  ];
  for (const answer of refused) {
    assert.equal(answer.status, 403);
    assert.doesNotMatch(await answer.text(), /<script/);
  }
});

test('what is neither a page nor a mail is refused; a long mail is none too long', async () => {
  assert.equal((await send({ kind: 'script', html })).status, 400);
  assert.equal((await send({ kind: 'mail' })).status, 400);
  const long = 'ü'.repeat(200_000);
  assert.ok((await (await send({ kind: 'mail', html: long })).text()).startsWith(long));
});
