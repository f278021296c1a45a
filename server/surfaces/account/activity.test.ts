import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openWorld, signIn, signUp } from '../../../test/sign-in-world.ts';
import { appendTimeline, identitiesOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const password = 'correct horse battery';
const activity = `${world.url}/account/activity`;

async function member(email: string) {
  const browser = world.browser();
  await signUp(world, browser, email, password);
  const { id } = await world.customer(email);
  const subject = (await identitiesOf(world.base.db, id))[0]?.subject ?? '';
  return { browser, subject };
}

test('what happened is told in sentences, with when, by which browser and where', async () => {
  const { browser } = await member('told@example.com');
  const other = world.browser({
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
  });
  await signIn(world, other, 'told@example.com', 'wrong password');
  await signIn(world, other, 'told@example.com', password);
  const page = await browser.open(activity);
  assert.match(
    page.text,
    /You signed in: E-mail and password new device \d+ \w+ \d{4}.* Firefox \(Linux\) · 127\.0\.0\.1 · Lumière.* A wrong password was typed/,
  );
  assert.match(page.text, /You made your account/);
  const german = await world.browser().open(activity);
  assert.match(german.url.pathname, /\/login$/);
});

test('the kinds are shown apart', async () => {
  const { browser } = await member('kinds@example.com');
  const page = await browser.follow(await browser.open(activity), 'Your details');
  assert.match(page.text, /You made your account/);
  assert.doesNotMatch(page.text, /You signed in:/);
  assert.equal((await browser.open(`${activity}?kind=nonsense`)).status, 200);
});

test('of what the shop changed it names what the customer is shown, and nothing else', async () => {
  const { browser, subject } = await member('changed-by-shop@example.com');
  const row = { class: 'profile', subject, source: 'rules', name: 'profile_changed', occurredAt: new Date() } as const;
  const paths = ['zoneinfo', 'user_metadata.shoe_size', 'app_metadata.secret_score', 'nonsense.path.of.four'];
  await appendTimeline(world.base.db, [{ ...row, data: { paths } }]);
  const { text } = await browser.open(activity);
  assert.match(text, /The shop changed: Time zone, Shoe size \d/);
  assert.doesNotMatch(text, /score|nonsense/i);
  await appendTimeline(world.base.db, [{ ...row, data: { paths: ['app_metadata.secret_score'] } }]);
  assert.match((await browser.open(activity)).text, /The shop changed your details \d/);
});

test('every row is on exactly one page, also when new ones come in between', async () => {
  const { browser, subject } = await member('pages@example.com');
  const row = { class: 'security', subject, source: 'test', name: 'code_sent', occurredAt: new Date() } as const;
  const add = (from: number, count: number) =>
    appendTimeline(
      world.base.db,
      Array.from({ length: count }, (_, index) => ({
        ...row,
        userAgent: `Row ${String(from + index).padStart(3, '0')}`,
      })),
    );
  await add(0, 70);
  const seen: string[] = [];
  let page = await browser.open(`${activity}?kind=security`);
  for (let pages = 1; ; pages += 1) {
    seen.push(...(page.text.match(/Row \d{3}/g) ?? []));
    if (pages === 2) await add(100, 5);
    if (!page.links.some(({ text }) => text === 'Earlier')) break;
    page = await browser.follow(page, 'Earlier');
  }
  const expected = Array.from({ length: 70 }, (_, index) => `Row ${String(index).padStart(3, '0')}`).reverse();
  assert.deepEqual(seen, expected);
});

test('security row 16: a mark that is none, or another customer’s, shows nothing of theirs', async () => {
  const { browser } = await member('marks@example.com');
  const other = await member('other-marks@example.com');
  const row = { class: 'security', subject: other.subject, source: 'test', name: 'code_sent' } as const;
  await appendTimeline(
    world.base.db,
    Array.from({ length: 30 }, () => ({ ...row, occurredAt: new Date(), userAgent: 'Theirs' })),
  );
  const foreign = (await other.browser.open(activity)).links.find(({ text }) => text === 'Earlier')?.href ?? '';
  const page = await browser.open(new URL(foreign, world.url));
  assert.doesNotMatch(page.text, /Theirs/);
  for (const mark of ['x', "' or 1=1 --", Buffer.from('1.2').toString('base64url')]) {
    assert.equal((await browser.open(`${activity}?${new URLSearchParams({ before: mark })}`)).status, 400, mark);
  }
});
