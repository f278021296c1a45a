import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { askFor, publishNew } from '../../../test/consents.ts';
import type { Page } from '../../../test/http-browser.ts';
import { openWorld, signIn } from '../../../test/sign-in-world.ts';
import { isProblem } from '../../base/errors.ts';
import { countMail } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { consentHistory, stateOf, unsubscribeBy, withdrawWording } from '../../features/consents/consents.ts';
import { identitiesOf } from '../../features/customers/customers.ts';

const world = await openWorld();
after(() => world.close());
const { base } = world;
const password = 'correct horse battery';
const atShop = (page: Page) => page.url.origin === 'http://lumiere.example';
let brand: string;
let news: string;

before(async () => {
  brand = (await brandBySlug(base.db, 'lumiere'))?.id ?? '';
  news = await askFor(base, {
    brand,
    purpose: 'email',
    topic: 'skincare news',
    double_opt_in: true,
    texts: { en: { label: 'Mail me skincare news.' } },
  });
});

const scope = () => ({ brand, purpose: 'email' as const, topic: 'skincare news' });
const state = async (email: string) => stateOf(base.db, (await world.customer(email)).id, scope());

/** Signs up and says yes to the news; gives the link that confirms it. */
async function sayYes(email: string, words = 'Mail me skincare news.'): Promise<string> {
  const browser = world.browser();
  const page = await browser.open(world.door('lumiere', { screen_hint: 'signup' }));
  const typed = await browser.submit(page, 'signup', { username: email, password, [`consent.${news}`]: 'yes' });
  assert.ok(atShop(await browser.submit(typed, 'verify', { code: (await world.mail(email)).code })));
  const mail = await world.mail(email);
  assert.equal(mail.kind, 'confirm_consent');
  assert.ok(mail.text.includes(`“${words}”`), mail.text);
  return mail.link;
}

test('a double opt-in counts when its mailed link was confirmed, with a proof of both halves', async () => {
  const email = 'doubly@example.com';
  const link = await sayYes(email);
  assert.equal(await state(email), 'pending');
  assert.ok(atShop(await signIn(world, world.browser(), email, password)), 'it is not asked again while it waits');

  const phone = world.browser();
  const page = await phone.open(link);
  assert.match(page.text, /Do you confirm this\?.*Mail me skincare news\./);
  assert.equal(await state(email), 'pending', 'looking changes nothing');
  assert.match((await phone.submit(page, 'confirm-consent')).text, /Confirmed/);
  assert.equal(await state(email), 'given');
  const [row] = await consentHistory(base.db, (await world.customer(email)).id);
  assert.partialDeepStrictEqual(row, { given: true, source: 'sign_up', portal: 'lumiere-shop', version: '1' });
  assert.partialDeepStrictEqual(row?.confirmation, { ip: '127.0.0.1', address: email });
  const again = await phone.open(link);
  assert.equal(again.status, 410, 'once');
  assert.ok(again.links.some(({ href }) => href === '/account/preferences'));
});

test('the link is good once, raced twenty times', async () => {
  const email = 'raced@example.com';
  const link = await sayYes(email);
  const ticket = new URL(link).searchParams.get('ticket') ?? '';
  const sent = await Promise.all(
    Array.from({ length: 20 }, () =>
      world.browser().send(link, {
        method: 'POST',
        headers: { origin: world.url },
        body: new URLSearchParams({ ticket }),
      }),
    ),
  );
  assert.equal(sent.filter(({ status }) => status === 200).length, 1);
  assert.equal((await consentHistory(base.db, (await world.customer(email)).id)).length, 1);
});

test('security row 8: a link that is foreign, changed, too old, taken back or of a withdrawn version confirms nothing', async () => {
  const confirm = async (link: string) => {
    const { searchParams } = new URL(link);
    const body = new URLSearchParams({ ticket: searchParams.get('ticket') ?? '' });
    return world.browser().send(link, { method: 'POST', headers: { origin: world.url }, body });
  };
  const link = await sayYes('careful@example.com');
  assert.equal((await confirm(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status, 410);
  assert.equal((await confirm(`${world.url}/u/confirm-consent?ticket=`)).status, 410);
  const forged = await world.browser().send(link, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ ticket: new URL(link).searchParams.get('ticket') ?? '' }),
  });
  assert.equal(forged.status, 403);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 5 * 86_400_000 + 1000 });
  try {
    assert.equal((await confirm(link)).status, 410, 'too old');
  } finally {
    mock.timers.reset();
  }
  assert.equal(await state('careful@example.com'), 'pending');

  const takenBack = await sayYes('takes.back@example.com');
  const [identity] = await identitiesOf(base.db, (await world.customer('takes.back@example.com')).id);
  const { link: stop } = unsubscribeBy(base, { subject: identity?.subject ?? '', ...scope() });
  await world.browser().send(stop, { method: 'POST' });
  assert.equal((await confirm(takenBack)).status, 410);
  assert.equal(await state('takes.back@example.com'), 'withdrawn');

  const second = await publishNew(base, news, { en: { label: 'Mail me wrong news.' } });
  const mistaken = await sayYes('mistaken@example.com', 'Mail me wrong news.');
  await withdrawWording(base, news, second);
  await base.settings.refresh();
  assert.equal((await confirm(mistaken)).status, 410);
  assert.equal((await consentHistory(base.db, (await world.customer('mistaken@example.com')).id)).length, 0);
});

test('unsubscribing takes one click, by the mail program itself (RFC 8058) or on the page', async () => {
  const email = 'enough@example.com';
  await world.browser().open(await sayYes(email));
  const link = (await world.mail(email)).link;
  const phone = world.browser();
  await phone.submit(await phone.open(link), 'confirm-consent');
  assert.equal(await state(email), 'given');
  const { id } = await world.customer(email);
  const [identity] = await identitiesOf(base.db, id);
  const subject = identity?.subject ?? '';
  const { link: stop, headers } = unsubscribeBy(base, { subject, ...scope() });
  assert.deepEqual(headers, { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });

  const page = await world.browser().open(stop);
  assert.match(page.text, /Shall Lumière stop sending you messages about “skincare news”\?/);
  assert.equal(await state(email), 'given', 'looking changes nothing');
  const program = await fetch(stop, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  assert.equal(program.status, 200);
  assert.equal(await state(email), 'withdrawn');
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  assert.equal((await fetch(stop, { method: 'POST', body: form })).status, 200, 'RFC 8058 asks for multipart, too');
  const before = (await consentHistory(base.db, id)).length;
  const reader = world.browser();
  assert.match((await reader.submit(page, 'unsubscribe')).text, /You are unsubscribed/);
  assert.equal((await consentHistory(base.db, id)).length, before, 'again changes nothing');

  // All mail of the brand; and what was never asked is a no all the same.
  await world.browser().send(unsubscribeBy(base, { subject, ...scope(), topic: null }).link, { method: 'POST' });
  assert.equal(await stateOf(base.db, id, { brand, purpose: 'email' }), 'withdrawn');
  const [row] = await consentHistory(base.db, id);
  assert.partialDeepStrictEqual(row, { source: 'mail', topic: null, given: false });
});

test('security row 16: a link stops what it was made for, and nothing else', async () => {
  const email = 'stays@example.com';
  const phone = world.browser();
  await phone.submit(await phone.open(await sayYes(email)), 'confirm-consent');
  const [identity] = await identitiesOf(base.db, (await world.customer(email)).id);
  const { link } = unsubscribeBy(base, { subject: identity?.subject ?? '', ...scope(), purpose: 'sms' });
  const [said = '', signature = ''] = (new URL(link).searchParams.get('token') ?? '').split('.');
  const other = Buffer.from(Buffer.from(said, 'base64url').toString().replace('sms', 'email')).toString('base64url');
  for (const token of [
    `${other}.${signature}`,
    `${other}.`,
    other,
    `${said}.${signature}x`,
    '',
    '.',
    'x'.repeat(3000),
  ]) {
    const answer = await fetch(`${world.url}/u/unsubscribe?token=${token}`, { method: 'POST' });
    assert.equal(answer.status, 410, token.slice(0, 50));
  }
  assert.equal(await state(email), 'given');
});

test('mails of a double opt-in are bounded at the sign-in, too: nothing is said then, and the page stands', async () => {
  const email = 'flooded@example.com';
  await sayYes(email);
  const texts = { en: { label: 'Mail me what is on sale.' } };
  const sale = await askFor(base, { brand, purpose: 'email', topic: 'sale', double_opt_in: true, texts });
  const browser = world.browser();
  const page = await signIn(world, browser, email, password);
  assert.match(page.url.pathname, /\/consent$/, page.text);
  const flood = async () => {
    for (let tries = 1; tries < 100; tries += 1) await countMail(base, email, `198.51.100.${tries}`);
  };
  await assert.rejects(flood(), (error) => isProblem(error, 'too_many_attempts'));
  const refused = await browser.submit(page, 'consent', { [`consent.${sale}`]: 'yes' });
  assert.equal(refused.status, 429);
  const { id } = await world.customer(email);
  assert.equal(await stateOf(base.db, id, { brand, purpose: 'email', topic: 'sale' }), undefined);
});
