// Without a mouse, without JavaScript, with mistakes, with a network that fails: everybody gets in, or is told how.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sharedPassword } from '../../demo/customers/make-customers.ts';
import { syntheticCustomer } from '../../demo/customers/synthetic-customers.ts';
import { tabTo, visitor } from '../browser.ts';
import { arrive, beAtNetwork, countInput, knock, type Meridian, openMeridian, readCode } from './meridian.ts';

let meridian: Meridian;
const { email } = syntheticCustomer(0);
before(async () => {
  meridian = await openMeridian();
  await meridian.makeCustomers(1, () => undefined, new AbortController().signal);
});
after(() => meridian.close());

test('by keyboard alone: password', async () => {
  const { context, page } = await visitor(meridian.browser);
  const input = await countInput(context, meridian);
  await page.goto(meridian.places.shops.lumiere);
  await tabTo(page, '#sign-in');
  await page.keyboard.press('Enter');
  await page.locator('#username').waitFor();
  await tabTo(page, '#username');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(sharedPassword);
  await page.keyboard.press('Enter');
  await arrive(page, meridian);
  assert.equal(input.clicks, 0);
  await context.close();
});

test('by keyboard alone: a network', async () => {
  const { context, page } = await visitor(meridian.browser);
  const input = await countInput(context, meridian);
  await knock(page, meridian);
  await tabTo(page, 'button[value=google-oauth2]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === meridian.places.networks.google);
  await tabTo(page, 'button.person');
  await page.keyboard.press('Enter');
  await tabTo(page, '#agree');
  await page.keyboard.press('Enter');
  await arrive(page, meridian);
  assert.equal(input.clicks, 0);
  await context.close();
});

test('without JavaScript: sign up with a mailed code, password, account page', async () => {
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: false });
  await knock(page, meridian, 'northtrail');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.locator('#username').fill('no.script@example.com');
  await page.locator('#password').fill('nothing runs in here');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.locator('#code').fill(await readCode(context, meridian));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  const userId = await arrive(page, meridian, 'northtrail');
  await page.getByRole('link', { name: 'Your account' }).click();
  await page.getByRole('heading', { name: 'Your account' }).waitFor();
  await page.goto(meridian.places.shops.northtrail);
  await page.locator('#sign-out').click();
  await page.locator('#sign-in').click();
  await page.locator('#username').fill('no.script@example.com');
  await page.locator('#password').fill('nothing runs in here');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  assert.equal(await arrive(page, meridian, 'northtrail'), userId);
  await context.close();
});

test('without JavaScript: networks that answer by address and by form', async () => {
  const { context, page } = await visitor(meridian.browser, { javaScriptEnabled: false });
  await knock(page, meridian);
  await page.locator('button[value=github]').click();
  await beAtNetwork(page, meridian, 'github', 'Kenji Tanaka');
  await arrive(page, meridian);
  await page.locator('#sign-out').click();
  await page.locator('#sign-in').click();
  await page.locator('button[value=apple]').click();
  await beAtNetwork(page, meridian, 'apple', 'Amélie Laurent');
  await page.locator('#continue').click(); // Apple's own page, which a script would leave
  await arrive(page, meridian);
  await context.close();
});

test('a wrong password says what to do next: try again, or a mailed code', async () => {
  const { context, page } = await visitor(meridian.browser);
  await knock(page, meridian);
  await page.locator('#username').fill(email);
  await page.locator('#password').fill('not the one');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  const problem = page.getByRole('alert');
  assert.match((await problem.textContent()) ?? '', /Wrong e-mail address or password\. Try again, or let us mail/);
  assert.equal(await page.locator('#username').inputValue(), email);
  await page.getByRole('link', { name: 'E-mail me a code instead' }).click();
  await page.locator('#username').fill(email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.locator('#code').fill('000000');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  assert.match((await page.getByRole('alert').textContent()) ?? '', /not right\. Look at the newest message/);
  await page.locator('#code').fill(await readCode(context, meridian));
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await arrive(page, meridian);
  await context.close();
});

test('a page that expired, or of another browser, leads back to the shop', async () => {
  const one = await visitor(meridian.browser);
  await knock(one.page, meridian);
  const address = one.page.url();
  const other = await visitor(meridian.browser);
  await other.page.goto(address);
  assert.match((await other.page.getByRole('alert').textContent()) ?? '', /expired\. Go back .* sign in again/);
  await other.page.getByRole('link', { name: /Back to/ }).click();
  await other.page.locator('#sign-in').waitFor();
  await one.context.close();
  await other.context.close();
});

test('a network that fails, and one that is told no: another way, or the same again', async () => {
  const { context, page } = await visitor(meridian.browser);
  const { x } = meridian.networks;
  await knock(page, meridian);
  x.misbehave('error_500', { endpoint: 'token', times: 10 });
  await page.locator('button[value=twitter]').click();
  await beAtNetwork(page, meridian, 'x', 'Noah Okafor');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /X did not answer as it should\. Try again/);
  x.misbehave(null);
  await page.locator('button[value=google-oauth2]').click();
  await page.waitForURL((url) => url.origin === meridian.places.networks.google);
  await page.locator('#cancel').click();
  assert.match((await page.getByRole('alert').textContent()) ?? '', /Google did not sign you in\. Try again/);
  await page.locator('button[value=twitter]').click();
  await arrive(page, meridian);
  await context.close();
});

test('nothing else went wrong unseen', () => {
  const unexpected = meridian.logged.filter((line) => !line.includes('"msg":"a network failed"'));
  assert.deepEqual(unexpected, []);
});
