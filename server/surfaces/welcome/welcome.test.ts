import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from '../../../test/api-calls.ts';
import { unescapeHtml } from '../../../test/html-forms.ts';
import { createBrowser } from '../../../test/http-browser.ts';
import { startTestServer } from '../../../test/server.ts';

test('a server without portals shows the calls that lead to the first sign-in page, and they do', async (t) => {
  const server = await startTestServer();
  t.after(() => server.stop());
  const [token, brand, portal, connection, open, ...more] = await callsShown(server.url);
  assert.ok(token && brand && portal && connection && open);
  assert.deepEqual(more, []);

  const first = token.replace('CLIENT_ID', server.machine.id).replace('CLIENT_SECRET', server.machine.secret);
  const { access_token } = await post(first);
  await post(brand, String(access_token));
  const { client_id } = await post(portal, String(access_token));
  const named = (call: string) => call.replace('CLIENT_ID_OF_THE_PORTAL', String(client_id));
  await post(named(connection), String(access_token));

  const page = await createBrowser().open(named(open));
  assert.equal(page.status, 200);
  assert.match(page.html, /<input[^>]* id="username"/);
  assert.deepEqual(await callsShown(server.url), []);
});

async function callsShown(url: string): Promise<string[]> {
  const page = await (await fetch(url)).text();
  return [...page.matchAll(/<pre[^>]*><code>([^<]+)<\/code><\/pre>/g)].map(([, call = '']) => unescapeHtml(call));
}

/** What curl would do with these words: headers of `-H "…"`, JSON of `-d '…'` or the form of `-d name=value`. */
async function post(call: string, token = ''): Promise<Record<string, unknown>> {
  const [url = ''] = /http:\S+/.exec(call) ?? [];
  const headers = [...call.matchAll(/-H "(.+?): (.+?)"/g)].map(([, name = '', value = '']): [string, string] => [
    name,
    value.replace('$TOKEN', token),
  ]);
  const [, json] = /-d '(.+)'/.exec(call) ?? [];
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of call.matchAll(/-d (\w+)=(\S+)/g)) form.set(name, value);
  const answer = await fetch(url, { method: 'POST', headers, body: json ?? form });
  assert.ok(answer.ok, `${call}\n${answer.status}`);
  return readJson(answer);
}
