import assert from 'node:assert/strict';
import { after, mock, test } from 'node:test';
import { likePages } from '../../../demo/networks/liked-pages.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signIn, signInWith, signUp } from '../../../test/sign-in-world.ts';
import { transact } from '../../base/db.ts';
import {
  createAttribute,
  explain,
  findById,
  learn,
  subjectsOf,
  timelineOf,
  update,
} from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { facebook } = world.networks;
const { db, settings } = world.base;
const account = `${world.url}/account`;
const password = 'correct horse battery';

let number = 0;
/** A person at Facebook who has signed in here, and their browser. */
async function fan(name: string): Promise<{ browser: Browser; id: string; customer: string; email: string }> {
  number += 1;
  const id = `2100000000${number}`;
  const email = `${name.toLowerCase()}@example.com`;
  const birthday = { year: 1990, month: 2, day: 28 };
  facebook.people.add({ id, name, givenName: name, familyName: 'Fan', email, likes: likePages(0, 12), birthday });
  const browser = world.browser();
  await signInWith(world, browser, 'facebook', id, { likes: 'yes' });
  return { browser, id, customer: (await world.customer(email)).id, email };
}
async function member(email: string): Promise<{ browser: Browser; customer: string }> {
  const browser = world.browser();
  await signUp(world, browser, email, password);
  return { browser, customer: (await world.customer(email)).id };
}
const look = (browser: Browser, path: string) =>
  browser.open(`${account}/known/value?${new URLSearchParams({ path })}`);
const post = (browser: Browser, page: Page, act: string, fields: Record<string, string>) => {
  const body = new URLSearchParams({ token: page.forms[0]?.fields.token ?? '', ...fields });
  return browser.send(`${account}/${act}`, { method: 'POST', body, headers: { origin: world.url } });
};
const heldAt = async (customer: string, path: string) => (await findById(db, customer))?.attributes[path];

test('every value is there in plain words, with who told it and when', async () => {
  const { browser } = await fan('Words');
  const page = await browser.follow(await browser.open(account), 'What we know');
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date());
  assert.match(page.text, new RegExp(`First name Words Facebook told us on ${date}\\.`));
  assert.match(page.text, /Birthday 28 February 1990/);
  assert.match(page.text, /Likes sensitive .+, .+ and 7 more Facebook told us/);
  assert.doesNotMatch(page.text, /given_name|\[object/);
});

test('an answer is told as such, and can be taken back', async () => {
  const { browser, customer } = await member('answered@example.com');
  const said = {
    path: 'user_metadata.interest',
    value: 'Hair care',
    source: 'asked',
    origin: 'x',
    at: new Date(),
  } as const;
  const [subject = ''] = await subjectsOf(db, customer);
  await transact(db, (tx) => learn(tx, subject, [said]));
  const page = await look(browser, said.path);
  assert.match(page.text, /Interest Hair care You answered a question on \d+ \w+ \d{4}\./);
  const done = await browser.submit(page, 'withdraw');
  assert.match(done.text, /Interest: deleted/);
  assert.equal((await findById(db, customer))?.user_metadata.interest, undefined);
});

test('a corrected value holds, also after the network has told its own again', async () => {
  const { browser, id, customer, email } = await fan('Correct');
  const page = await look(browser, 'given_name');
  assert.match(page.text, /First name Correct Facebook told us on/);
  const done = await browser.submit(page, 'correct', { value: 'Right' });
  assert.equal(done.url.pathname, '/account/known');
  assert.match(done.text, /First name: saved/);
  assert.match(done.text, /First name Right You told us on/);
  await signInWith(world, world.browser(), 'facebook', id, { likes: 'yes' });
  assert.equal(await heldAt(customer, 'given_name'), 'Right');
  assert.match((await look(browser, 'given_name')).text, /What was said, too .* Correct Facebook told us on/);
  assert.equal((await world.mail(email, 'profile_changed')).language, 'en');
});

test('a deleted value stays away after a sign-in by the network, until the customer says it anew', async () => {
  const { browser, id, customer } = await fan('Delete');
  const done = await browser.submit(await look(browser, 'birthdate'), 'withdraw');
  assert.match(done.text, /Birthday: deleted/);
  assert.match(done.text, /Not kept, because you said so .* Birthday/);
  await signInWith(world, world.browser(), 'facebook', id, { likes: 'yes' });
  assert.equal(await heldAt(customer, 'birthdate'), undefined);
  const again = await browser.submit(await look(browser, 'birthdate'), 'correct', { day: '1', month: '03', year: '' });
  assert.match(again.text, /Birthday 1 March You told us/);
  assert.equal(await heldAt(customer, 'birthdate'), '0000-03-01');
});

test('“not for me” takes one like away for ever, and leaves the others', async () => {
  const { browser, id, customer } = await fan('Exclude');
  const page = await look(browser, 'likes');
  const form = page.forms.find(({ action }) => action.endsWith('/exclude'));
  const [first, second] = form?.buttons ?? [];
  assert.ok(first && second);
  const done = await browser.submit(page, 'exclude', {}, first.value);
  assert.match(done.text, /Likes: we will not use that again/);
  // A page that was open before means the same item, whatever has gone since.
  await browser.submit(page, 'exclude', {}, second.value);
  Object.assign(facebook.people.find(id) ?? assert.fail(), { likes: likePages(0, 14) });
  await signInWith(world, world.browser(), 'facebook', id, { likes: 'yes' });
  const likes = await heldAt(customer, 'likes');
  assert.ok(Array.isArray(likes));
  assert.equal(likes.length, 12, 'two new ones came, two stay away');
  const twice = await browser.submit(page, 'exclude', {}, first.value);
  assert.equal(twice.status, 409, 'it is gone already, which is said');
});

test('a deletion holds when the identity by which it was said is unlinked', async () => {
  const email = 'parting@example.com';
  const { browser, customer } = await member(email);
  facebook.people.add({ id: '2200000001', name: 'Parting', givenName: 'Parting', familyName: 'Fan', email });
  const ways = await browser.open(`${account}/ways`);
  const { atNetwork } = await import('../../../test/sign-in-world.ts');
  const back = await atNetwork(browser, await browser.submit(ways, 'link', {}, 'facebook'), '2200000001');
  assert.match(back.text, /From now on Facebook opens your account/);
  await browser.submit(await look(browser, 'given_name'), 'withdraw');
  await browser.submit(await browser.open(`${account}/ways`), 'unlink', {}, 'Remove');
  assert.equal(await heldAt(customer, 'given_name'), undefined);
  await signInWith(world, world.browser(), 'facebook', '2200000001', { likes: 'no' });
  assert.equal(await heldAt(customer, 'given_name'), undefined);
});

test('two tabs: the second is told what is there by now, keeps what it typed, and nothing is lost', async () => {
  const { browser, customer } = await fan('Tabs');
  const [one, two] = [await look(browser, 'given_name'), await look(browser, 'given_name')];
  await browser.submit(one, 'correct', { value: 'First' });
  const told = await browser.submit(two, 'correct', { value: 'Second' });
  assert.equal(told.status, 409);
  assert.match(told.text, /changed in another window meanwhile/);
  assert.match(told.text, /First name .* First You told us/);
  assert.match(told.html, /value="Second"/);
  assert.equal(await heldAt(customer, 'given_name'), 'First');
  assert.equal((await browser.submit(two, 'withdraw')).status, 409, 'a deletion of what was not seen, neither');
  const saved = await browser.submit(told, 'correct', { value: 'Second' });
  assert.match(saved.text, /First name: saved/);
});

test('of twenty corrections at once one is written', async () => {
  const { browser, customer } = await fan('Race');
  const page = await look(browser, 'given_name');
  const seen = page.forms.find(({ action }) => action.endsWith('/correct'))?.fields.seen ?? '';
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      post(browser, page, 'correct', { path: 'given_name', seen, value: `Name ${index}` }),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array.from({ length: 19 }, () => 409)]);
  const own = (await explain(db, customer)).filter(
    ({ path, source }) => path === 'given_name' && source === 'customer',
  );
  assert.equal(own.length, 1);
});

test('values are typed by their kind in the catalogue, in the customer’s language', async () => {
  const { browser, customer } = await member('kinds@example.com');
  const at = new Date();
  const labels = { en: 'Skin', de: 'Haut' };
  const choices = [
    { value: 'dry', labels: { en: 'Dry skin' } },
    { value: 'oily', labels: { en: 'Oily skin' } },
  ];
  await createAttribute(db, { path: 'user_metadata.skin', type: 'choice', labels, choices }, at);
  await createAttribute(db, { path: 'user_metadata.scents', type: 'choices', choices }, at);
  await createAttribute(db, { path: 'user_metadata.height', type: 'number', labels: { en: 'Height' } }, at);
  await createAttribute(db, { path: 'user_metadata.vegan', type: 'boolean', labels: { en: 'Vegan' } }, at);
  await createAttribute(db, { path: 'brands.northtrail.shops', type: 'list', labels: { en: 'Shops' } }, at);
  await settings.refresh();
  const metadata = { skin: 'dry', height: 170, vegan: true, scents: ['dry'], nested: { deep: [1, 2] } };
  const said = { source: 'umbrella', origin: 'importer', at } as const;
  await update(db, customer, { user_metadata: metadata, brands: { northtrail: { shops: ['Oslo', 'Bergen'] } } }, said);
  const page = await browser.open(`${account}/known`);
  assert.match(page.text, /Skin Dry skin We noted it on/);
  assert.match(page.text, /Vegan Yes/);
  assert.match(page.text, /At Northtrail Shops Oslo, Bergen/);
  assert.match(page.text, /Nested deep: 1, 2/);
  const save = async (path: string, fields: Record<string, string>) =>
    browser.submit(await look(browser, path), 'correct', fields);
  assert.equal((await save('user_metadata.skin', { value: 'green' })).status, 400);
  assert.match((await save('user_metadata.skin', { value: 'oily' })).text, /Skin Oily skin You told us/);
  assert.match((await save('user_metadata.height', { value: 'tall' })).text, /This is not a number/);
  await save('user_metadata.height', { value: '171,5' });
  await save('user_metadata.vegan', { value: 'no' });
  await save('user_metadata.scents', { 'choice:oily': 'on' });
  await save('brands.northtrail.shops', { value: 'Oslo\r\n\r\nTromsø\r\nOslo' });
  const now = await findById(db, customer);
  assert.partialDeepStrictEqual(now?.user_metadata, { skin: 'oily', height: 171.5, vegan: false });
  assert.deepEqual(now?.brand_values, { northtrail: { shops: ['Oslo', 'Tromsø'] } });
  const nested = await look(browser, 'user_metadata.nested');
  assert.ok(!nested.forms.some(({ action }) => action.endsWith('/correct')), 'nobody types an object');
  await browser.submit(nested, 'withdraw');
  assert.ok(!('nested' in ((await findById(db, customer))?.user_metadata ?? {})));
});

test('security row 17: no customer says of themselves that they are proven, or writes what the umbrella keeps', async () => {
  const { browser, customer } = await fan('Verify');
  const at = new Date();
  await createAttribute(db, { path: 'app_metadata.tier', type: 'text', labels: { en: 'Tier' } }, at);
  await settings.refresh();
  const said = { source: 'umbrella', origin: 'importer', at } as const;
  await update(db, customer, { app_metadata: { tier: 'gold', roles: ['admin'], flagged: 'yes' } }, said);
  const listed = await browser.open(`${account}/known`);
  assert.match(listed.text, /For our own work Tier gold/);
  assert.doesNotMatch(listed.text, /admin|flagged/i, 'what is in no catalogue is not shown');
  const page = await look(browser, 'given_name');
  const seen = page.forms.find(({ action }) => action.endsWith('/correct'))?.fields.seen ?? '';
  const before = await findById(db, customer);
  const paths = [
    'email_verified',
    'phone_verified',
    'blocked',
    'user_id',
    'computed.stage',
    'email',
    'username',
    'app_metadata.tier',
    'app_metadata.roles',
    'app_metadata.flagged',
    'brands.lumiere.made_up',
    'made_up',
  ];
  for (const path of paths) {
    for (const act of ['correct', 'withdraw', 'exclude']) {
      const answer = await post(browser, page, act, { path, seen, value: 'true' });
      assert.ok(answer.status >= 400 && answer.status < 500, `${act} ${path}: ${answer.status}`);
    }
  }
  const phone = await post(browser, page, 'correct', { path: 'phone_number', seen, value: '+491701234567' });
  assert.equal(phone.status, 403, 'a number is proven, not typed');
  assert.deepEqual(await findById(db, customer), before);
  for (const path of ['app_metadata.roles', 'made_up', 'email_verified']) {
    assert.equal((await look(browser, path)).status, 404, path);
  }
});

test('security row 6: nothing is changed from another site, by another session’s form, or without a fresh proof', async () => {
  const { browser, customer } = await fan('Strict');
  const other = await fan('Stranger');
  const page = await look(browser, 'given_name');
  const { token = '', seen = '' } = page.forms.find(({ action }) => action.endsWith('/correct'))?.fields ?? {};
  const send = (fields: Record<string, string>, origin: string) => {
    const body = new URLSearchParams({ path: 'given_name', seen, value: 'Evil', ...fields });
    return browser.send(`${account}/correct`, { method: 'POST', body, headers: { origin } });
  };
  assert.equal((await send({ token }, 'https://evil.example')).status, 403);
  assert.equal((await send({}, world.url)).status, 403);
  const foreign = (await look(other.browser, 'given_name')).forms[0]?.fields.token ?? '';
  assert.equal((await send({ token: foreign }, world.url)).status, 403);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 11 * 60_000 });
  try {
    const stale = await send({ token }, world.url);
    assert.match(stale.headers.get('location') ?? '', /\/authorize\?.*prompt=login/);
    const state = new URL(stale.headers.get('location') ?? '', world.url).searchParams.get('state');
    assert.equal(state, '/known/value?path=given_name', 'and comes back to where it was');
    const shown = await browser.open(`${account}/known`);
    assert.equal(shown.url.pathname, '/account/known', 'looking is fine');
  } finally {
    mock.timers.reset();
  }
  assert.equal(await heldAt(customer, 'given_name'), 'Strict');
  assert.equal(await heldAt(other.customer, 'given_name'), 'Stranger');
});

test('after signing in again one is back at the value, and nowhere but on these pages', async () => {
  const { browser } = await member('back@example.com');
  await browser.submit(await browser.open(account), 'sign-out');
  const door = await look(browser, 'name');
  const page = await browser.submit(door, 'login', { username: 'back@example.com', password });
  assert.equal(page.url.href, `${account}/known/value?path=name`);
  for (const state of ['//evil.example', '/../evil', 'https://evil.example', '/known?path=//evil.example']) {
    const back = await browser.send(`${account}/callback?${new URLSearchParams({ state })}`);
    const to = new URL(back.headers.get('location') ?? '', world.url);
    assert.equal(to.origin, world.url);
    assert.match(to.pathname, /^\/account(\/known)?$/);
  }
});

test('several corrections are one mail, and each is a row of the timeline', async () => {
  const { browser, customer } = await member('one-mail@example.com');
  await browser.submit(await look(browser, 'given_name'), 'correct', { value: 'One' });
  await browser.submit(await look(browser, 'family_name'), 'correct', { value: 'Mail' });
  const kinds = (await world.mails('one-mail@example.com')).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'profile_changed').length, 1);
  const { entries } = await timelineOf(db, customer, { perPage: 10, classes: ['profile'] });
  const corrected = entries.filter(({ name }) => name === 'value_corrected');
  assert.deepEqual(corrected.map(({ data }) => data.path).sort(), ['family_name', 'given_name']);
});

test('another session’s change is told though this one’s was a moment ago, and no flood of codes keeps it back', async () => {
  const email = 'told-all-the-same@example.com';
  const { browser } = await member(email);
  const told = async () => (await world.mails(email)).filter(({ kind }) => kind === 'profile_changed').length;
  await browser.submit(await look(browser, 'given_name'), 'correct', { value: 'Owner' });
  assert.equal(await told(), 1);
  // A stranger uses up what may be mailed to this address.
  for (let count = 0; count < 12; count += 1) {
    const stranger = world.browser();
    const page = await stranger.follow(await stranger.open(world.door()), 'code');
    await stranger.submit(page, 'code', { username: email });
  }
  const thief = world.browser();
  await signIn(world, thief, email, password);
  await thief.submit(await look(thief, 'given_name'), 'correct', { value: 'Thief' });
  assert.equal(await told(), 2);
  await thief.submit(await look(thief, 'given_name'), 'correct', { value: 'Thief again' });
  assert.equal(await told(), 2);
});

test('what people are called cannot become markup', async () => {
  const { browser } = await member('markup@example.com');
  const evil = '<img src=x onerror=alert(1)> "quoted" {{ 7 | times: 7 }}';
  await browser.submit(await look(browser, 'nickname'), 'correct', { value: evil });
  for (const page of [await browser.open(`${account}/known`), await look(browser, 'nickname')]) {
    assert.doesNotMatch(page.html, /<img src=x/);
    assert.match(page.html, /&lt;img src=x onerror=alert\(1\)&gt; &#34;quoted&#34; \{\{ 7/);
  }
  await signIn(world, world.browser(), 'markup@example.com', password);
});
