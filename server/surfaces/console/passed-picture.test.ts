import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { unescapeHtml } from '../../../test/html-forms.ts';
import { type Outside, openOutside, plain } from '../../../test/pictures.ts';
import { startTestServer, type TestServer } from '../../../test/server.ts';
import { administratorVariables, type SignedIn, signInFirst } from '../../../test/staff.ts';
import { writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { passedAddress } from './passed-address.ts';

let server: TestServer;
let staff: SignedIn;
let outside: Outside;
before(async () => {
  server = await startTestServer(administratorVariables);
  outside = await openOutside({
    '/logo': await plain(80, 40).png().toBuffer(),
    '/logo?2': await plain(9, 9).png().toBuffer(),
    '/html': '<script>top.ran = 1</script>',
  });
  const { db, settings } = server.base;
  await writeOutgoingHosts(db, settings, [new URL(outside.url).host]);
  await settings.refresh();
  staff = await signInFirst(server);
});
after(async () => {
  await outside?.[Symbol.asyncDispose]();
  await server?.stop();
});

/** The page that a frame of the console gets for this HTML. */
async function framed(html: string, { kind = 'page', isStaff = true } = {}): Promise<string> {
  const init = {
    method: 'POST',
    headers: { origin: server.url, 'sec-fetch-dest': 'iframe' },
    body: new URLSearchParams({ kind, html }),
  };
  const address = `${server.url}/console/framed`;
  const answer = isStaff ? await staff.browser.send(address, init) : await fetch(address, init);
  assert.equal(answer.status, 200);
  return answer.text();
}

async function addressIn(html: string): Promise<string> {
  const [, address = ''] = /<img src="([^"]+)"/.exec(await framed(html)) ?? [];
  return unescapeHtml(address);
}

test('security row 18: previews have pictures of other sites by this server, made anew; the frame asks with no cookie', async () => {
  const address = await addressIn(`<img src="${outside.url}/logo">`);
  assert.ok(address.startsWith('/console/picture?'), address);
  const answer = await fetch(`${server.url}${address}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'image/webp');
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; sandbox");
  assert.match(answer.headers.get('cache-control') ?? '', /^private, max-age=300$/);
  assert.equal(Buffer.from(await answer.arrayBuffer()).toString('latin1', 8, 12), 'WEBP');
  assert.equal(await addressIn(`<img src="${outside.url}/logo">`), address, 'drafts one after the other have it alike');
});

test('security row 11: only addresses that this server made, for who is signed in and minutes ago, are fetched', async (context) => {
  const good = new URL(await addressIn(`<img src="${outside.url}/logo?2">`), server.url);
  const asked = outside.asked.length;
  const changed = (change: (query: URLSearchParams) => void) => {
    const url = new URL(good);
    change(url.searchParams);
    return url;
  };
  const by = good.searchParams.get('by') ?? '';
  const foreign = await startTestServer();
  const theirs = passedAddress(foreign.base, 'light')(`${outside.url}/logo?2`);
  await foreign.stop();
  const later = String(Number(good.searchParams.get('until')) + 60_000);
  for (const url of [
    changed((query) => query.delete('by')),
    changed((query) => query.set('by', '')),
    changed((query) => query.set('by', by.slice(0, -1))),
    changed((query) => query.append('by', by)),
    changed((query) => query.set('address', `${outside.url}/other`)),
    changed((query) => query.set('scheme', 'dark')),
    changed((query) => query.set('until', later)),
    changed((query) => query.set('until', `${query.get('until')}0`)),
    new URL(theirs, server.url),
    new URL(`/console/picture?address=${encodeURIComponent(`${outside.url}/logo`)}`, server.url),
    new URL('/console/picture', server.url),
  ]) {
    const answer = await fetch(url);
    assert.equal(answer.status, 404, url.search);
    assert.equal(Object(await answer.json()).error, 'no_picture');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }
  const at = Date.now();
  context.mock.timers.enable({ apis: ['Date'], now: at + 10 * 60_000 + 1 });
  assert.equal((await fetch(good)).status, 404, 'ten minutes later');
  context.mock.timers.reset();
  assert.equal(outside.asked.length, asked, 'nobody was asked for any of these');
  context.mock.timers.enable({ apis: ['Date'], now: at + 4 * 60_000 });
  assert.equal((await fetch(good)).status, 200, 'four minutes later');
  const html = `<img src="${outside.url}/logo">`;
  assert.ok((await framed(html, { isStaff: false })).startsWith(html), 'nothing is signed for who is not signed in');
});

test('security row 18: a mail’s pictures stay where they are, and what is none is refused as if it were not there', async () => {
  const html = `<img src="${outside.url}/logo">`;
  assert.ok((await framed(html, { kind: 'mail' })).startsWith(html));
  for (const path of ['/html', '/none']) {
    const answer = await fetch(`${server.url}${await addressIn(`<img src="${outside.url}${path}">`)}`);
    assert.equal(answer.status, 404);
    assert.doesNotMatch(await answer.text(), /<script|127\.0\.0\.1/);
  }
  const inside = await fetch(`${server.url}${await addressIn('<img src="http://169.254.169.254/latest">')}`);
  assert.equal(Object(await inside.json()).error, 'no_picture');
});
