import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { box, openConsentScene, password } from '../../../test/consent-scene.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { askLive, contentOf, pauseFor } from '../../../test/questions.ts';
import { signIn } from '../../../test/sign-in-world.ts';
import { askErasure } from '../../features/accounts/accounts.ts';
import { brandBySlug } from '../../features/brands/brands.ts';
import { identitiesOf } from '../../features/customers/customers.ts';
import { removeQuestion } from '../../features/questions/questions.ts';

const { world, base, brand, terms, said } = await openConsentScene();
const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
const email = 'early@example.com';
before(() => world.allow(grant_type));
after(() => world.close());

/** A device that shows its code, and somebody who typed it and their password in a browser. */
async function connecting(browser: Browser) {
  const client = await world.machine('/oauth/device/code', { scope: 'openid email' });
  const user_code = String(client.user_code);
  const typed = await browser.submit(await browser.open(`${world.url}/activate`), 'activate', { user_code });
  const login = await browser.submit(typed, 'activate', {}, 'Yes, connect it');
  const asked = await browser.submit(login, 'login', { username: email, password });
  const poll = () => world.token({ grant_type, device_code: String(client.device_code) });
  return { asked, poll };
}

/** Not sooner than a device may ask again. */
async function later<T>(act: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 10_000 });
  try {
    return await act();
  } finally {
    mock.timers.reset();
  }
}

/** The same form, posted by a browser that has not this flow. */
async function elsewhere(asked: Page, more: Record<string, string>): Promise<number> {
  const body = new URLSearchParams({ ...asked.forms[0]?.fields, ...more });
  return (await world.browser().send(asked.url, { method: 'POST', body, headers: { origin: world.url } })).status;
}

test('security row 14: a device waits for the consent that is due, and is connected with it', async () => {
  const browser = world.browser();
  const { asked, poll } = await connecting(browser);
  assert.match(asked.url.pathname, /\/consent$/, asked.text);
  assert.equal(await elsewhere(asked, box(terms)), 400, 'another browser has not this flow');
  assert.equal((await poll()).body.error, 'authorization_pending');
  const done = await browser.submit(asked, 'consent', box(terms));
  assert.match(done.text, /Your device is connected/);
  assert.equal((await said(email)).length, 2);
  assert.equal((await later(poll)).claims.email, email);
});

test('nobody is asked a question by whom a device is connected: it is asked at the next sign-in', async () => {
  await pauseFor(base, 0);
  const name = { type: 'text', key: 'nickname', path: 'nickname', labels: { en: 'What are you called?' } };
  const question = await askLive(base, { name: 'Nickname', brand, content: contentOf([name]) });
  const browser = world.browser();
  const { asked, poll } = await connecting(browser);
  assert.match(asked.text, /Your device is connected/);
  assert.equal((await later(poll)).claims.email, email);
  const next = await signIn(world, world.browser(), email, password);
  assert.match(next.url.pathname, /\/question$/, next.text);
  await removeQuestion(base, question);
  await base.settings.refresh();
});

test('security row 14: a device waits for whoever asked to be erased to say that they stay', async () => {
  const customer = await world.customer(email);
  const [identity] = await identitiesOf(base.db, customer.id);
  assert.ok(identity);
  const shop = await brandBySlug(base.db, 'lumiere');
  assert.ok(shop);
  const asked = { brand: shop, language: 'en', ip: '192.0.2.1' } as const;
  await askErasure(base, {
    customer: customer.id,
    subject: identity.subject,
    asked,
    endSessions: async () => undefined,
  });
  const browser = world.browser();
  const { asked: page, poll } = await connecting(browser);
  assert.match(page.url.pathname, /\/keep$/, page.text);
  assert.equal(await elsewhere(page, {}), 400);
  assert.equal((await poll()).body.error, 'authorization_pending');
  const done = await browser.submit(page, 'keep');
  assert.match(done.text, /Your device is connected/);
  assert.equal((await later(poll)).claims.email, email);
});
