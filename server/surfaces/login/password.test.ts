import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { multiFactorAcr } from '../../features/accounts/accounts.ts';
import { connectionByName, updateConnection } from '../../features/connections/connections.ts';

const world = await openWorld();
after(() => world.close());

test('sign up by password and code, then sign in', async () => {
  const browser = world.browser();
  const arrived = await signUp(world, browser, 'anna@example.com', 'correct horse battery');
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
  assert.equal(arrived.url.searchParams.get('state'), 'shop-state');
  const { status, claims, body } = await world.tokens(arrived);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(claims.email, 'anna@example.com');
  assert.equal(claims.email_verified, true);

  const again = await signIn(world, world.browser(), 'Anna@Example.com', 'correct horse battery');
  assert.equal(again.url.origin, 'http://lumiere.example', again.text);
  assert.equal((await world.tokens(again)).claims.sub, claims.sub);
  assert.equal((await world.customer('anna@example.com')).logins_count, 2);
});

/** What is counted against a customer, and against the place where all of these tests are. */
async function counted(email: string): Promise<string[]> {
  const { id } = await world.customer(email);
  const rows = await world.base.db
    .selectFrom('attempts')
    .selectAll()
    .where((where) => where.or([where('hint', '=', id), where('scope', '=', 'ip_failures')]))
    .orderBy('scope', 'desc')
    .execute();
  return rows.map(({ scope, count, failed }) => `${scope} ${count} ${failed}`);
}

/** Sends the form of a new flow; everything but the cookies of the session is as it was. */
async function again(browser: Browser, email: string, password: string, params: Record<string, string> = {}) {
  const page = await browser.open(world.door('lumiere', { prompt: 'login', ...params }));
  return browser.submit(page, 'login', { username: email, password });
}

/** The form alone, without going on. */
function post(browser: Browser, { url, forms }: Page, username: string, password: string): Promise<Response> {
  const token = forms.find(({ action }) => action.endsWith('login'))?.fields.token ?? '';
  const body = new URLSearchParams({ token, username, password });
  return browser.send(url, { method: 'POST', body, headers: { origin: world.url } });
}

test('security row 15: no right password is left counted, however the sign-in ends; wrong ones are', async () => {
  const [email, password] = ['bert@example.com', 'correct horse battery'];
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const known = await again(browser, email, password);
  assert.equal(known.url.origin, 'http://lumiere.example', known.text);
  await again(browser, email, 'wrong');
  await again(browser, email, 'wrong, too');
  assert.deepEqual(await counted(email), ['sign_in 2 2', 'ip_failures 2 2']);

  const { text, url } = await again(browser, email, password, { acr_values: multiFactorAcr });
  assert.match(url.pathname, /enrol$/, text);
  assert.deepEqual(await counted(email), ['sign_in 0 0', 'ip_failures 2 2'], 'a page is needed first');

  await again(browser, email, 'wrong');
  assert.equal((await again(browser, email, password)).url.origin, 'http://lumiere.example');
  assert.deepEqual(await counted(email), ['sign_in 0 0', 'ip_failures 3 3'], 'on a device that is known');

  assert.equal((await again(world.browser(), email, password)).url.origin, 'http://lumiere.example');
  assert.deepEqual(await counted(email), ['sign_in 0 0', 'ip_failures 3 3'], 'on another device');

  const twice = await browser.open(world.door('lumiere', { prompt: 'login' }));
  const answers = await Promise.all([1, 2].map(() => post(browser, twice, email, password)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [303, 303],
  );
  assert.deepEqual(await counted(email), ['sign_in 0 0', 'ip_failures 3 3'], 'a form that is sent twice');

  const all = Array.from({ length: 20 }, async () => {
    const one = world.browser();
    one.jar.store(new URL(world.url), [`device=${'d'.repeat(43)}; path=/`]);
    return again(one, email, password);
  });
  const pages = await Promise.all(all);
  assert.ok(pages.some((page) => page.url.origin === 'http://lumiere.example'));
  assert.deepEqual(await counted(email), ['sign_in 0 0', 'ip_failures 3 3'], 'many at once');
});

test('the form of a sign-in is four ways to the database: the flow, who it is, the try, and all that is written', async () => {
  const [email, password] = ['cora@example.com', 'correct horse battery'];
  const browser = world.browser();
  await signUp(world, browser, email, password);
  await again(browser, email, password);
  const counts: number[] = [];
  // The fewest of four: jobs and settings are looked at meanwhile.
  for (let i = 0; i < 4; i += 1) {
    const page = await browser.open(world.door('lumiere', { prompt: 'login' }));
    let ways = 0;
    const count = () => {
      ways += 1;
    };
    world.base.pool.on('acquire', count);
    const answer = await post(browser, page, email, password);
    world.base.pool.off('acquire', count);
    assert.equal(answer.status, 303, await answer.text());
    counts.push(ways);
  }
  assert.equal(Math.min(...counts), 4, counts.join());
});

test('security row 6: each flow has a token of its own on the same page, and what was typed stays in its flow', async () => {
  const open = (browser: Browser, params = {}) => browser.open(world.door('lumiere', { prompt: 'login', ...params }));
  const tokenIn = ({ html }: { html: string }) => {
    const tokens = new Set([...html.matchAll(/name="token" value="([^"]*)"/g)].map(([, token]) => token));
    assert.equal(tokens.size, 1);
    return [...tokens][0] ?? '';
  };
  const [one, other] = [await open(world.browser()), await open(world.browser())];
  assert.match(tokenIn(one), /^[\w-]{43}$/);
  assert.notEqual(tokenIn(one), tokenIn(other));
  assert.equal(one.html.replaceAll(tokenIn(one), ''), other.html.replaceAll(tokenIn(other), ''), 'else they are alike');
  const hinted = await open(world.browser(), { login_hint: 'dora@example.com' });
  assert.match(hinted.html, /value="dora@example.com"/);
  const browser = world.browser();
  const refused = await browser.submit(await open(browser), 'login', { username: 'emil@example.com', password: 'no' });
  assert.match(refused.html, /value="emil@example.com"/);
  const next = await open(world.browser());
  assert.doesNotMatch(next.html, /@example\.com"/);
  assert.doesNotMatch(next.html, /id="problem"/);
  const german = await open(world.browser(), { ui_locales: 'de' });
  assert.match(german.html, /<html lang="de">/);
  const northtrail = await world.browser().open(world.door('northtrail', { prompt: 'login' }));
  assert.match(northtrail.html, /Northtrail/);
});

test('where people have user names, the field says so and takes them without complaint', async () => {
  const field = /<input id="username"[^>]*>/;
  const pages = async () => {
    const browser = world.browser();
    const login = await browser.open(world.door());
    return [login, await browser.open(new URL('forgot', login.url))];
  };
  for (const page of await pages()) {
    assert.match(page.html, /<label for="username">E-mail address<\/label>/);
    assert.match(field.exec(page.html)?.[0] ?? '', /type="email"/);
  }
  const store = await connectionByName(world.base, 'Username-Password-Authentication');
  assert.ok(store);
  await updateConnection(world.base, store.id, { options: { requires_username: true } });
  await world.base.settings.refresh();
  for (const page of await pages()) {
    assert.match(page.html, /<label for="username">E-mail address or user name<\/label>/);
    assert.match(field.exec(page.html)?.[0] ?? '', /type="text" inputmode="email"/);
  }
});
