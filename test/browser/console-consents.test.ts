// Consents in the console: put into the catalogue, worded in two languages, published, and asked of a customer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Manage, makePortal, manageAt } from '../api-calls.ts';
import { desktop, openBrowser, visitor } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, joinStaff, roleId, type SignedIn, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let admin: SignedIn;
let page: Page;
let complaints: string[];
let lumiere: string;
let signUp: string;
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  lumiere = String((await manage('POST', 'brands', { slug: 'lumiere', name: 'Lumière' })).id);
  await manage('POST', 'brands', { slug: 'northtrail', name: 'Northtrail' });
  const callback = `${server.url}/healthz`;
  const portal = await makePortal(manage, { callbacks: [callback], brand: 'lumiere' });
  const asked = { client_id: portal.client_id, redirect_uri: callback, response_type: 'code', scope: 'openid' };
  signUp = `${server.url}/authorize?${new URLSearchParams({ ...asked, state: 's', screen_hint: 'signup' })}`;
  admin = await signInFirst(server);
  const roles = [await roleId(admin, 'Marketer')];
  const marketer = await joinStaff(server, admin, { email: 'mara@umbrella.example', roles });
  ({ page } = await atConsole(browser, server, marketer, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const main = () => page.getByRole('main');
const dialog = () => page.getByRole('dialog');
const press = (name: string) => main().getByRole('button', { name, exact: true }).click();
const answer = (name: string) => dialog().getByRole('button', { name, exact: true }).click();
const field = (label: string, among: ReturnType<typeof main> = main()) => among.getByLabel(label, { exact: true });
async function open(path: string, heading: string): Promise<void> {
  await page.goto(`${server.url}/console${path}`);
  await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor({ timeout: 120_000 });
}
async function catalogue(): Promise<Record<string, unknown>[]> {
  const { consents } = await manage('GET', 'consents?include_totals=true');
  assert.ok(Array.isArray(consents));
  return consents;
}
/** What a newcomer who speaks this language is asked at the sign-up of Lumière. */
async function askedAtSignUp(locale: string): Promise<string[]> {
  const { context, page: theirs } = await visitor(browser, { locale });
  await theirs.goto(signUp);
  await theirs.locator('#username').waitFor();
  const labels = await theirs.locator('label.check').allInnerTexts();
  await context.close();
  return labels.map((label) => label.trim());
}

test('an empty catalogue says what a consent is, and a ready rule that nobody is asked for what it needs', async () => {
  await open('/consents', 'Consents');
  await page.getByRole('heading', { name: 'No consent yet' }).waitFor();
  await main().getByText('what data services answer').waitFor();
  await look(page, 'Consents');
  await open('/rules/library', 'Library of rules');
  const card = page.getByRole('link', { name: /^Income by area|^Household income/ });
  await card.getByText('Nobody is asked for it yet').waitFor();
  await open('/rules/library/income-by-area', await nameOf('income-by-area'));
  await main().getByText('is not in the catalogue: nobody is asked.').waitFor();
  await look(page, await nameOf('income-by-area'));
  await main().getByRole('link', { name: 'Profiling', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'New consent' }).waitFor();
  await page.getByRole('radio', { name: 'Profiling', checked: true }).waitFor();
});

test('a consent is made; what does not go together is told where it was chosen', async () => {
  await field('Brand').selectOption({ label: 'Lumière' });
  const required = page.getByRole('switch', { name: /^Required/ });
  const mailed = page.getByRole('switch', { name: /^A yes is confirmed by mail/ });
  await required.press('Space');
  await main().getByText('Who does not want this goes away').waitFor();
  await mailed.press('Space');
  await field('From what age').fill('16');
  await field('Who is younger').selectOption('refuse');
  await look(page, 'New consent');
  await press('Put it into the catalogue');
  await main().getByText('What is required cannot wait for a mail').waitFor();
  assert.deepEqual(await catalogue(), []);
  await required.press('Space');
  await press('Put it into the catalogue');
  await page.getByRole('heading', { level: 1, name: 'Profiling' }).waitFor();
  const [made] = await catalogue();
  const settings = { required: false, double_opt_in: true, minimum_age: 16, under_age: 'skip', position: 0 };
  assert.partialDeepStrictEqual(made, { brand: lumiere, purpose: 'profiling', topic: null, ...settings });
  await main().getByText('Nobody is asked yet').waitFor();
  await mailed.press('Space');
  await field('From what age').fill('');
  await press('Save');
  await page.getByText('Saved. It counts from the next sign-in on.').waitFor();
  const [saved] = await catalogue();
  assert.partialDeepStrictEqual(saved, { double_opt_in: false, minimum_age: null });
});

test('words in two languages are a draft first; published, a newcomer is asked in their own', async () => {
  await press('Write the words');
  await field('Language', dialog()).selectOption('de');
  await field('Beside the box', dialog()).fill('{brand} darf mich kennenlernen.');
  await field('Language', dialog()).selectOption('en');
  await field('Small print', dialog()).fill('From where I sign in.');
  await answer('Save the draft');
  await dialog().getByText('The words beside the box are needed in English, too.').waitFor();
  await field('Beside the box', dialog()).fill('Get to know me, {brand}.');
  await field('Where the whole text is', dialog()).fill('javascript:alert(1)');
  await answer('Save the draft');
  await dialog().getByText('This is not a whole address').waitFor();
  await field('Where the whole text is', dialog()).fill('https://lumiere.example/profiling');
  await dialog().getByRole('region', { name: 'What customers read' }).getByText('Get to know me, Lumière.').waitFor();
  await look(page, 'Profiling');
  await answer('Save the draft');
  await dialog().waitFor({ state: 'detached' });
  assert.deepEqual(await askedAtSignUp('en-US'), [], 'a draft is asked of nobody');
  await open('/consents', 'Consents');
  await page
    .getByRole('row', { name: /^Profiling Lumière No words published yet: nobody is asked Draft: 1/ })
    .waitFor();
  await look(page, 'Consents');
  await main().getByRole('link', { name: 'Profiling' }).click();

  await press('Publish: version 1');
  await dialog().getByText('Everybody else is asked after their next sign-in.').waitFor();
  await dialog().getByText('It is written in English and German').waitFor();
  await look(page, 'Profiling');
  await answer('Publish it');
  await dialog().waitFor({ state: 'detached' });
  await main().getByText('In force', { exact: true }).waitFor();
  await look(page, 'Profiling');
  assert.deepEqual(await askedAtSignUp('en-US'), ['Get to know me, Lumière.']);
  assert.deepEqual(await askedAtSignUp('de-DE'), ['Lumière darf mich kennenlernen.']);
});

test('a next version begins with the words in force, and replaces it; withdrawn, the one before is asked again', async () => {
  await press('New version');
  await field('Beside the box', dialog()).fill('Get to know me better, {brand}.');
  await field('Name of the version', dialog()).fill('1');
  await answer('Save the draft');
  await dialog().getByText('There is a version 1 already.').waitFor();
  await field('Name of the version', dialog()).fill('2026-11');
  await answer('Save the draft');
  await dialog().waitFor({ state: 'detached' });
  await press('Publish: version 2026-11');
  await dialog().getByText('Version 2026-11 takes the place of version 1.').waitFor();
  await dialog().getByText('Who said no is not asked again.').waitFor();
  await answer('Publish it');
  await main().getByText('Replaced', { exact: true }).waitFor();
  assert.deepEqual(await askedAtSignUp('en-US'), ['Get to know me better, Lumière.']);
  await press('Withdraw: version 2026-11');
  await dialog().getByText('Version 1 is in force again').waitFor();
  await answer('Withdraw it');
  await main().getByText('Withdrawn', { exact: true }).waitFor();
  await look(page, 'Profiling');
  assert.deepEqual(await askedAtSignUp('en-US'), ['Get to know me, Lumière.']);
});

test('two who change one draft: the second is told, and what they typed stays', async () => {
  await press('New version');
  await field('Beside the box', dialog()).fill('Mine.');
  await answer('Save the draft');
  await press('Change: version 2');
  await field('Beside the box', dialog()).fill('Mine, again.');
  const [{ id } = {}] = await catalogue();
  await manage('PATCH', `consents/${id}/wordings/2`, { texts: { en: { label: 'Theirs.' } } });
  await answer('Save the draft');
  await dialog().getByText('Somebody changed this while you did').waitFor();
  await answer('Save mine over it');
  await dialog().waitFor({ state: 'detached' });
  assert.partialDeepStrictEqual(await manage('GET', `consents/${id}/wordings/2`), {
    texts: { en: { label: 'Mine, again.' }, de: { label: '{brand} darf mich kennenlernen.' } },
  });
});

test('where a consent is needed it is told how far the catalogue is with it', async () => {
  await open('/rules/library/income-by-area', await nameOf('income-by-area'));
  await main().getByText('is asked at Lumière, and nowhere else.').waitFor();
  await open('/enrichment', 'Enrichment');
  const card = page.getByRole('region', { name: 'FullContact', exact: true });
  await card.getByText('The consent “Enrichment” is not in the catalogue').waitFor();
  await look(page, 'Enrichment');
  await open('/questions/new', 'New question');
  await field('What it is').first().selectOption('consent');
  await main().getByText('The consent “Mails” is not in the catalogue').waitFor();
  await field('Purpose').selectOption('profiling');
  await main().getByText('The consent “Profiling” is asked at Lumière').waitFor();
  await look(page, 'New question');
  await manage('POST', 'consents', { purpose: 'sms', topic: 'sales' });
  await open('/consents?purpose=sms', 'Consents');
  await main().getByRole('link', { name: 'Text messages · sales' }).waitFor();
  assert.equal(await main().getByRole('link', { name: 'Profiling' }).count(), 0);
  await field('Brand').selectOption({ label: 'Lumière' });
  await main().getByText('No such consent').waitFor();
  await look(page, 'Consents');
  await press('Show all');
  await main().getByRole('link', { name: 'Profiling' }).waitFor();
  assertQuiet(complaints);
});

test('who may read alone changes nothing; who is limited to a brand nothing that all ask', async () => {
  const roles = async (name: string) => [await roleId(admin, name)];
  const auditor = await joinStaff(server, admin, { email: 'audit@umbrella.example', roles: await roles('Auditor') });
  const limited = { email: 'lou@umbrella.example', roles: await roles('Marketer'), brands: [lumiere] };
  const marketer = await joinStaff(server, admin, limited);
  const consents = await catalogue();
  const idOf = (purpose: string) => String(consents.find((one) => one.purpose === purpose)?.id);
  ({ page } = await atConsole(browser, server, auditor, { viewport: desktop }));
  await open('/consents', 'Consents');
  await main().getByRole('link', { name: 'Profiling' }).waitFor();
  assert.equal(await main().getByRole('link', { name: 'New consent' }).count(), 0);
  await readOnly(`/consents/${idOf('profiling')}`, 'Profiling');
  await main().getByRole('button', { name: 'Read: version 1' }).waitFor();
  await look(page, 'Profiling');
  await open('/consents/new', 'New consent');
  await main().getByText('Your role does not allow this').waitFor();

  ({ page } = await atConsole(browser, server, marketer, { viewport: desktop }));
  await readOnly(`/consents/${idOf('sms')}`, 'Text messages · sales');
  await main().getByText('it is changed by who is limited to none').waitFor();
  await open(`/consents/${idOf('profiling')}`, 'Profiling');
  await main().getByRole('button', { name: 'New version' }).waitFor();
  await open('/consents/new', 'New consent');
  assert.deepEqual(await field('Brand').getByRole('option').allInnerTexts(), ['Lumière']);
});

/** Nothing of the page writes. */
async function readOnly(path: string, heading: string): Promise<void> {
  await open(path, heading);
  await page.getByRole('heading', { level: 2, name: 'Words' }).waitFor();
  await page.getByRole('switch', { name: /^Required/, disabled: true }).waitFor();
  for (const name of [/^Write the words|^New version/, /^(Publish|Change|Throw away|Withdraw):/, 'Save', 'Remove']) {
    assert.equal(await main().getByRole('button', { name, exact: true }).count(), 0, String(name));
  }
}

async function nameOf(library: string): Promise<string> {
  const { items } = await manage('GET', 'rules/library');
  assert.ok(Array.isArray(items));
  return String(items.find(({ id }) => id === library)?.name);
}
