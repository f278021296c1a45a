import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openLog } from '../server/base/log.ts';
import { createPortal } from '../server/features/portals/portals.ts';
import { testBase } from '../test/base.ts';
import { createTestDatabase } from '../test/database.ts';
import { freePort } from '../test/free-port.ts';
import { createBrowser } from '../test/http-browser.ts';
import { atNetwork } from '../test/sign-in-world.ts';
import { consoleOf, knockAtStaff } from '../test/staff.ts';
import { readDemoConfig } from './demo-config.ts';
import { guideTo } from './guide.ts';
import type { Ports } from './places.ts';
import { startDemo } from './start-demo.ts';
import { demoStaff } from './umbrella/staff.ts';

const count = 12;
const sofia = '108204268033311374519';
const noah = '10103227745190863';
const never = new AbortController().signal;
const secret = randomBytes(32).toString('base64');
const database = await createTestDatabase();
after(() => database.drop());
let variables: Record<string, string>;
let ports: Ports;

before(async () => {
  const free = await Promise.all(Array.from({ length: 10 }, freePort));
  const [
    server = 0,
    google = 0,
    facebook = 0,
    apple = 0,
    x = 0,
    github = 0,
    lumiere = 0,
    northtrail = 0,
    outbox = 0,
    behind = 0,
  ] = free;
  ports = { server: behind, networks: { google, facebook, apple, x, github }, shops: { lumiere, northtrail }, outbox };
  variables = { PORT: String(server), DATABASE_URL: database.url, REGULARS_SECRET: secret };
});

function start(url = database.url) {
  const log = openLog({ write: () => undefined });
  return startDemo(readDemoConfig({ ...variables, DATABASE_URL: url }), log, ports);
}

/** How many rows each table has, and how often settings were changed. */
async function countRows(): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
    );
    const counts: Record<string, number> = {};
    for (const { name } of tables.rows) {
      const found = await client.query<{ count: string }>(`select count(*) from ${client.escapeIdentifier(name)}`);
      counts[name] = Number(found.rows[0]?.count);
    }
    // Goes up with every change of a brand, portal or connection.
    const version = await client.query<{ version: string }>('select version from settings_version');
    return { ...counts, version: Number(version.rows[0]?.version) };
  } finally {
    await client.end();
  }
}

test('two brands, one profile: by a network at one, by one click at the other, and mails on a page', async () => {
  const demo = await start();
  try {
    const stop = new AbortController();
    assert.equal(await demo.makeCustomers(count, (made) => made === 5 && stop.abort(), stop.signal), false);
    const { lumiere, northtrail } = demo.places.shops;
    const browser = createBrowser();
    const shop = await browser.open(lumiere);
    assert.match(shop.text, /Skincare that knows your skin/);
    const login = await browser.follow(shop, 'Sign in');
    assert.match(login.text, /Welcome to Lumière/);
    const away = await browser.submit(login, 'network', {}, 'google-oauth2');
    const back = await atNetwork(browser, away, sofia);
    assert.equal(back.url.origin, lumiere, back.text);
    assert.match(back.text, /Hello, Sofia/);
    assert.match(back.text, /Birthday birthdate April 18, 1991/);
    assert.match(back.text, /Birthday April 18, 1991 told by Google/);

    const other = await browser.follow(await browser.open(northtrail), 'Sign in');
    assert.match(other.text, /Welcome to Northtrail/);
    const welcome = await browser.submit(other, 'continue');
    assert.equal(welcome.url.origin, northtrail, welcome.text);
    const subOf = (html: string) => /data-claim="sub">([^<]+)</.exec(html)?.[1];
    assert.equal(subOf(welcome.html), `google-oauth2|${sofia}`);
    assert.equal(subOf(back.html), subOf(welcome.html));

    const out = await browser.follow(welcome, 'Sign out');
    assert.equal(out.url.href, `${northtrail}/`);
    assert.match(out.text, /Sign in or join/);

    const stranger = createBrowser();
    const door = await stranger.follow(await stranger.open(northtrail), 'Sign in');
    const signUp = await stranger.follow(door, 'Create an account');
    const filled = { username: 'new.walker@example.com', password: 'a walk in the rain' };
    const verify = await stranger.submit(signUp, 'signup', filled);
    const outbox = await stranger.open(demo.places.outbox);
    assert.match(outbox.text, /Northtrail to new\.walker@example\.com/);
    const code = /\b(\d{6})\b/.exec(outbox.text)?.[1] ?? '';
    const joined = await stranger.submit(verify, 'verify', { code });
    assert.equal(joined.url.origin, northtrail, joined.text);
    assert.doesNotMatch(joined.html, /gravatar|Picture/, 'nobody told a picture, and nobody is asked for one');
    const guide = guideTo(demo, count);
    for (const address of [lumiere, northtrail, demo.places.outbox]) assert.ok(guide.includes(address));
    for (const { email } of Object.values(demoStaff)) assert.ok(guide.includes(email));
    assert.ok(guide.includes(demo.staffPassword));
  } finally {
    await demo.stop();
  }
});

test('a new customer: interests by what they like, the income of the area they come from, each with its source', async () => {
  const demo = await start();
  try {
    await demo.askConsents();
    const { lumiere } = demo.places.shops;
    const browser = createBrowser();
    const login = await browser.follow(await browser.open(lumiere), 'Sign in');
    const connect = await browser.submit(login, 'network', {}, 'facebook');
    const away = await browser.submit(connect, 'connect', {}, 'yes');
    const asked = await atNetwork(browser, away, noah);
    assert.match(asked.text, /Get to know me, so that what you show me fits/);
    const boxes = asked.html.matchAll(/<input[^>]*type="checkbox"[^>]*name="([^"]+)"/g);
    const yes = Object.fromEntries([...boxes].map(([, name = '']) => [name, 'yes']));
    const back = await browser.submit(asked, 'consent', yes);
    assert.equal(back.url.origin, lumiere, back.text);
    // All of it was allowed on the way to here, so it counts at once.
    assert.match(back.text, /Interests hiking[^.]*told by the rule “Likes to interests”/);
    assert.match(
      back.text,
      /Household income of the area about \$68,400 a year in ZIP 97209: an estimate for the area, not the person told by the rule “Household/,
    );
    assert.match(back.text, /City Portland told by the rule “Country, city and time zone”/);
    assert.match(
      back.text,
      /First came by [^.]*, with Facebook, on \d+ \w+ \d{4} told by the rule “First source of visit”/,
    );
    assert.match(back.text, /Tidied name (\S+ \S+) told by the rule “Tidy names”/);
    assert.match(back.text, /Try the demo from another city: .* \(counts from the next sign-in\)/);
  } finally {
    await demo.stop();
  }
});

test('at the third sign-in Lumière asks, with pictures of its own shop; then not again', async () => {
  const demo = await start();
  try {
    await demo.askConsents();
    await demo.askQuestions();
    const { lumiere } = demo.places.shops;
    const come = async () => {
      const browser = createBrowser();
      const login = await browser.follow(await browser.open(lumiere), 'Sign in');
      const connect = await browser.submit(login, 'network', {}, 'facebook');
      const page = await atNetwork(browser, await browser.submit(connect, 'connect', {}, 'yes'), noah);
      const boxes = [...page.html.matchAll(/<input[^>]*type="checkbox"[^>]*name="(consent[^"]+)"/g)];
      const yes = Object.fromEntries(boxes.map(([, name = '']) => [name, 'yes']));
      const here = boxes.length > 0 ? await browser.submit(page, 'consent', yes) : page;
      return { browser, page: here };
    };
    const seen: string[] = [];
    for (let visit = 0; visit < 6 && !seen.includes('asked'); visit += 1) {
      const { browser, page } = await come();
      seen.push(page.url.pathname.endsWith('/question') ? 'asked' : 'left');
      if (seen.at(-1) === 'left') continue;
      assert.match(page.text, /Fragrance or hair care\?/);
      const [, picture = ''] = /<img src="([^"]+fragrance\.svg)"/.exec(page.html) ?? [];
      assert.equal((await fetch(picture)).headers.get('content-type'), 'image/svg+xml');
      const back = await browser.submit(page, 'question', { 'field.interest': 'fragrance' });
      assert.equal(back.url.origin, lumiere, back.text);
    }
    assert.equal(seen.at(-1), 'asked', seen.join());
    assert.equal((await come()).page.url.origin, lumiere, 'the pause');
  } finally {
    await demo.stop();
  }
});

test('its staff sign in without a second factor, and each sees what the role allows', async () => {
  const demo = await start();
  try {
    await demo.makeCustomers(1, () => undefined, never);
    const enter = async ({ email }: { email: string }) => {
      const browser = createBrowser();
      const page = await knockAtStaff({ url: demo.places.server }, browser, { email, password: demo.staffPassword });
      assert.equal(page.url.pathname, '/staff/security', page.text);
      return consoleOf({ url: demo.places.server }, browser);
    };
    const { administrator, marketer, associate } = demoStaff;
    const [admin, market, shop] = [await enter(administrator), await enter(marketer), await enter(associate)];
    const statuses = async (path: string) =>
      Promise.all([admin, market, shop].map(async (call) => (await call('GET', path)).status));
    assert.deepEqual(await statuses('users?take=1'), [200, 200, 200]);
    assert.deepEqual(await statuses('brands'), [200, 200, 200]);
    assert.deepEqual(await statuses('consents'), [200, 200, 403]);
    assert.deepEqual(await statuses('staff'), [200, 403, 403]);
    const { body } = await shop('GET', 'brands');
    assert.doesNotMatch(JSON.stringify(body), /northtrail/i);
    assert.match(JSON.stringify((await shop('GET', 'stores')).body), /Rue Vivienne/);
  } finally {
    await demo.stop();
  }
});

test('started again, it completes what was interrupted; started once more, it changes nothing', async () => {
  const again = await start();
  await again.askConsents();
  await again.askQuestions();
  assert.ok(await again.makeCustomers(count, () => undefined, never));
  await again.stop();
  const before = await countRows();
  assert.ok(Number(before.customers) >= count);
  assert.equal(before.consent_catalogue, 7);
  assert.equal(before.questions, 3);
  assert.equal(before.rules, 8);

  const third = await start();
  await third.askConsents();
  await third.askQuestions();
  const told: number[] = [];
  assert.ok(await third.makeCustomers(count, (made) => told.push(made), never));
  assert.deepEqual(told, []);
  await third.stop();
  assert.deepEqual(await countRows(), before);
});

test("a database that is somebody's is left alone", async () => {
  const base = await testBase({}, Buffer.from(secret, 'base64'));
  try {
    await createPortal(base, { client_id: 'mine', name: 'Mine', app_type: 'spa' }, () => undefined);
    const found = await base.pool.query<{ name: string }>('select current_database() as name');
    const url = new URL(database.url);
    url.pathname = `/${found.rows[0]?.name}`;
    await assert.rejects(start(url.href), /DATABASE_URL must be for the demo alone/);
  } finally {
    await base.close();
  }
});

test('a port that is in use is told by the setting that names it', async () => {
  for (const [port, told] of [
    [ports.server, /^--ports must be a free port, but \d+ is in use\.$/],
    [ports.shops.lumiere, /^--ports must name other ports /],
    [Number(variables.PORT), /^PORT must be a free port, /],
  ] as const) {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await assert.rejects(start(), { message: told });
    other.close();
  }
});

test('the demo listens where HOST says, if it says so', () => {
  assert.equal(readDemoConfig({}).host, '127.0.0.1');
  assert.equal(readDemoConfig({ HOST: '0.0.0.0' }).host, '0.0.0.0');
});

test('the program prints where to look, and stops at SIGTERM', async () => {
  const own = await createTestDatabase();
  const program = fileURLToPath(new URL('../server/cli.ts', import.meta.url));
  const first = 12_000 + 100 * Math.floor(Math.random() * 190);
  const child = spawn(process.execPath, [program, 'demo', '--customers', '3', '--ports', String(first)], {
    env: { ...process.env, ...variables, HOST: '', DATABASE_URL: own.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    let said = '';
    const guide = Promise.withResolvers<void>();
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ctrl+C stops everything')) guide.resolve();
      });
    }
    await Promise.race([guide.promise, ended]);
    assert.match(said, new RegExp(`http://localhost:${first + 21}`));
    assert.equal((await fetch(`http://localhost:${first + 23}/`)).status, 200);
    // Its passwords are on the screen: no other machine gets at them.
    const answer = await fetch(`http://127.0.0.1:${variables.PORT}/`);
    // How long a connection stays open is for the proxy to say, or the next request may go into one that it closes.
    assert.equal(answer.headers.get('keep-alive'), 'timeout=5');
    await assert.rejects(fetch(`http://127.0.0.2:${variables.PORT}/`), 'it listens on this address, too');
    // As when a terminal and npm both pass it on.
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    assert.equal(await ended, 0, said);
    assert.match(said, /Stopping\./);
    await assert.rejects(fetch(`http://localhost:${first + 23}/`));
  } finally {
    child.kill('SIGKILL');
    await own.drop();
  }
});
