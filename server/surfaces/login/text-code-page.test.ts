import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import { bindActions } from '../../../test/actions.ts';
import { openTextScene } from '../../../test/text-scene.ts';
import { createConnection, setEnabledClients } from '../../features/connections/connections.ts';

const grant_type = 'http://auth0.com/oauth/grant-type/passwordless/otp';
const scene = await openTextScene();
const { world, codeTo, forgetCounts, another, ownerOf } = scene;
before(async () => {
  await world.allow(grant_type);
  const { id } = await createConnection(world.base, { name: 'sms', strategy: 'sms' });
  await setEnabledClients(world.base, id, [{ client_id: portalIds.lumiere, status: true }]);
  await scene.carry(true);
});
after(() => scene.close());

/** Asks for a code on the hosted pages; ends at the page where it is typed. */
async function askOnPage(phone: string) {
  const browser = world.browser();
  const login = await browser.open(world.door());
  const page = await browser.follow(login, 'Send me a code by text message');
  return { browser, page: await browser.submit(page, 'text', { phone }) };
}

test('who has a phone number only signs in on the hosted pages, too, and gets another code there', async () => {
  await forgetCounts();
  const phone = '+14155550171';
  const { browser, page } = await askOnPage('+1 (415) 555-0171');
  assert.match(page.text, /Check your phone .*sent a code to \+14155550171/);
  const first = await codeTo(phone);
  const again = await browser.submit(page, 'verify-again');
  const code = await codeTo(phone, 2);
  if (first !== code) assert.equal((await browser.submit(again, 'verify', { code: first })).status, 400);
  const wrong = await browser.submit(again, 'verify', { code: another(code) });
  assert.equal(wrong.status, 400);
  const arrived = await browser.submit(wrong, 'verify', { code });
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
  const { claims } = await world.tokens(arrived);
  assert.match(String(claims.sub), /^sms\|[0-9a-f]{24}$/);
  assert.deepEqual(claims.amr, ['sms']);

  const back = await askOnPage(phone);
  const known = await back.browser.submit(back.page, 'verify', { code: await codeTo(phone, 3) });
  assert.equal((await world.tokens(known)).claims.sub, claims.sub, 'the same customer');
  const direct = await world.browser().open(world.door('lumiere', { connection: 'sms' }));
  assert.match(direct.url.pathname, /\/text$/, 'the portal may ask for it');
});

test('an action at registration is told the number of who signs up by it', async () => {
  await forgetCounts();
  const phone = '+14155550178';
  await bindActions(world.base, 'pre-user-registration', [
    `exports.onExecutePreUserRegistration = async ({ user }, api) => {
      if (user.phone_verified && user.phone_number === '${phone}') api.access.deny('internal', 'Not this number.');
    };`,
  ]);
  const { browser, page } = await askOnPage(phone);
  const refused = await browser.submit(page, 'verify', { code: await codeTo(phone) });
  assert.match(refused.text, /Not this number\./);
  await bindActions(world.base, 'pre-user-registration', []);
});

test('a number that is the only way in is not taken away on the account page, by deletion or as “not for me”', async () => {
  await forgetCounts();
  const phone = '+14155550175';
  const { browser, page } = await askOnPage(phone);
  const { claims } = await world.tokens(await browser.submit(page, 'verify', { code: await codeTo(phone) }));
  const value = await browser.open(`${world.url}/account/known/value?path=phone_number`);
  for (const act of ['withdraw', 'exclude']) {
    const refused = await browser.submit(value, act);
    assert.equal(refused.status, 400, act);
    assert.match(refused.text, /This is the only way into your account\. Add another one first\./);
  }
  await forgetCounts();
  const again = await askOnPage(phone);
  const back = await again.browser.submit(again.page, 'verify', { code: await codeTo(phone, 2) });
  assert.equal((await world.tokens(back)).claims.sub, claims.sub, 'it opens the account as before');
});

test('security row 13: a code of a page is good in its own flow only, and none of a portal in a flow', async () => {
  await forgetCounts();
  const phone = '+14155550172';
  const { browser, page } = await askOnPage(phone);
  const code = await codeTo(phone);
  const other = await askOnPage(phone);
  const theirs = await codeTo(phone, 2);
  if (theirs !== code) assert.equal((await other.browser.submit(other.page, 'verify', { code })).status, 400);
  const form = { grant_type, username: phone, otp: code, realm: 'sms' };
  assert.equal((await world.token(form)).status, 403, 'not at the token endpoint');
  await world.machine('/passwordless/start', { connection: 'sms', phone_number: phone });
  const portals = await codeTo(phone, 3);
  if (portals !== code) assert.equal((await browser.submit(page, 'verify', { code: portals })).status, 400);
  const arrived = await browser.submit(page, 'verify', { code });
  assert.equal(arrived.url.origin, 'http://lumiere.example', arrived.text);
});

test('security rows 15 and 19: pages answer every number alike, five tries for a code, and no flood', async () => {
  await forgetCounts();
  await ownerOf('+14155550173', 'paged@example.com');
  const [known, unknown] = [await askOnPage('+14155550173'), await askOnPage('+14155550174')];
  assert.equal(known.page.text.replaceAll('0173', ''), unknown.page.text.replaceAll('0174', ''));
  const code = await codeTo('+14155550174');
  for (let tries = 0; tries < 5; tries += 1) {
    assert.equal((await unknown.browser.submit(unknown.page, 'verify', { code: another(code) })).status, 400);
  }
  assert.equal((await unknown.browser.submit(unknown.page, 'verify', { code })).status, 400, 'it comes too late');
  const bad = await askOnPage('0151 23');
  assert.equal(bad.page.status, 400);
  assert.match(bad.page.text, /does not look like a phone number/);
  await forgetCounts();
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1) statuses.push((await askOnPage('+14155550175')).page.status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 429]);
});

test('a number that several have proven opens no page, and a portal without text codes has none', async () => {
  await forgetCounts();
  const phone = '+14155550176';
  for (const name of ['one', 'two']) await ownerOf(phone, `shared-${name}@example.com`);
  const { browser, page } = await askOnPage(phone);
  const refused = await browser.submit(page, 'verify', { code: await codeTo(phone) });
  assert.match(refused.text, /Several accounts share this phone number/);
  const other = world.browser();
  const login = await other.open(world.door('northtrail'));
  assert.doesNotMatch(login.text, /text message/);
  const hidden = await other.open(login.url.href.replace(/login.*$/, 'text'));
  assert.equal(hidden.status, 403);
});
