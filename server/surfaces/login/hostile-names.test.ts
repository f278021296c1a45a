import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { brandDraft } from '../../../contract/brands.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { openWorld, signUp } from '../../../test/sign-in-world.ts';
import { brandBySlug, updateBrand } from '../../features/brands/brands.ts';
import { connectionByName, updateConnection } from '../../features/connections/connections.ts';
import { updatePortal } from '../../features/portals/portals.ts';

// Names are checked where they come in; here they are what got past that, or was there before.
const markup = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
const template = `{{ 7 | times: 7 }}{% assign dress = 'x' %}{{ 'login.title' | t }}`;
const hostile = `${markup}${template}\u202e\u200f`;
const long = `${hostile}${'N'.repeat(1000)}`;

const world = await openWorld();
const { base } = world;
after(() => world.close());
before(async () => {
  const brand = await brandBySlug(base.db, 'lumiere');
  const network = await connectionByName(base, 'facebook');
  assert.ok(brand && network);
  await updateBrand(base, brand.id, { name: long });
  await updatePortal(base, portalIds.lumiere, { name: long }, () => undefined);
  await updateConnection(base, network.id, { display_name: long });
  await base.settings.refresh();
});

/** The names stand there as they are written: no tag, no attribute and no template of theirs is at work. */
function assertHarmless(html: string, where: string): void {
  for (const bad of ['<script>alert', '<img src=x', `"'><`]) assert.ok(!html.includes(bad), `${where}: ${bad}`);
  assert.doesNotMatch(html, /onerror=alert\(1\)(&gt;|>)49/, `${where}: the template ran`);
}

test('brand, portal and connection of hostile names: every page on the way shows them as text', async () => {
  const browser = world.browser();
  const email = 'hostile.names@example.com';
  const seen = [];
  const login = await browser.open(world.door());
  assert.ok(login.text.includes('7 | times: 7'), 'the name is shown');
  for (const step of ['signup', 'forgot', 'code']) seen.push(await browser.open(new URL(step, login.url)));
  const connect = await browser.submit(await browser.open(world.door()), 'network', {}, 'facebook');
  assert.match(connect.url.pathname, /\/connect$/);
  assert.equal((await signUp(world, browser, email, 'a long enough phrase')).url.origin, 'http://lumiere.example');
  for (const path of ['', '/ways', '/known', '/devices', '/activity', '/data', '/preferences', '/erase']) {
    seen.push(await browser.open(`${world.url}/account${path}`));
  }
  seen.push(
    await browser.open(`${world.url}/activate`),
    await browser.open(`${world.url}/oidc/logout?client_id=${portalIds.lumiere}`),
  );
  for (const page of [login, connect, ...seen]) {
    assert.ok(page.status < 400, `${page.url} ${page.status}`);
    assertHarmless(page.html, page.url.pathname);
    assert.match(page.html, /<html lang="en"/);
  }
});

test('mails of such a brand: one line of subject and sender, markup as text', async () => {
  const [mail] = await base.db
    .selectFrom('outbox')
    .selectAll()
    .where('recipient', '=', 'hostile.names@example.com')
    .execute();
  assert.ok(mail);
  assertHarmless(mail.body_html ?? '', 'html');
  assert.doesNotMatch(`${mail.subject}${mail.sender}`, /[\r\n]/);
  assert.match(mail.sender, /<[^<>@\s]+@[^<>\s]+>$/, 'the name is not taken for an address');
  assert.ok(mail.body_text.includes('7 | times: 7'));
});

test('a name has one line, no tags, and turns nobody’s direction', () => {
  const name = (value: string) => brandDraft.safeParse({ slug: 'a', name: value }).success;
  for (const bad of [markup, 'a\nb', 'a\r\nBcc: x', 'moc\u202eelpmaxe', '\u2066a', 'a\u2029b', '', 'N'.repeat(201)]) {
    assert.equal(name(bad), false, JSON.stringify(bad));
  }
  for (const good of ['Lumière', 'عطور لوميير', 'בושם', '資生堂', template]) assert.equal(name(good), true, good);
});
