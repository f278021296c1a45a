// What the console tells of values that rules have learned: how they are called, how sure they are, who changed them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { transact } from '../../server/base/db.ts';
import { appendTimeline, findByUserId, learn, subjectsOf } from '../../server/features/customers/customers.ts';
import { type Manage, makeCustomer, makePortal, manageAt } from '../api-calls.ts';
import { openBrowser } from '../browser.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { consoleOfStaff, look } from '../staff-page.ts';

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let path: string;
let subject: string;
before(async () => {
  [server, browser] = await Promise.all([startTestServer({ ...administratorVariables }), openBrowser()]);
  manage = await manageAt(server);
  await makePortal(manage, { app_type: 'regular_web' });
  const id = await makeCustomer(manage, 'sofia.marchetti@example.com', 'seven green rivers');
  path = encodeURIComponent(id);
  await manage('PATCH', `users/${path}`, { name: 'Sofia Marchetti', user_metadata: { size: 38 } });
  const customer = await findByUserId(server.base.db, id);
  [subject = ''] = await subjectsOf(server.base.db, customer?.id ?? '');
  page = await consoleOfStaff(browser, server, await signInFirst(server));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const told = (
  rule: string,
  values: Readonly<Record<string, string | Record<string, string | number>>>,
  confidence = 1,
) =>
  transact(server.base.db, (tx) =>
    learn(
      tx,
      subject,
      Object.entries(values).map(([key, value]) => {
        const by = { source: 'rule', origin: `library:${rule}`, at: new Date() } as const;
        return { ...by, path: `app_metadata.${key}`, value, confidence };
      }),
    ),
  );
const open = () => page.goto(`${server.url}/console/customers/${path}`);
const row = (label: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: label }) });

test('a value that is not certain says how sure it is; what is certain says nothing of it', async () => {
  await told('income-by-area', { income_area: { area: 'ZIP 80302', median_household_income: 91_700 } }, 0.2);
  await told('fullcontact', { employer: 'Mill & Sons' }, 0.95);
  await open();
  await row('Household income of the area')
    .getByText('by the ready rule “Household income by area”, only 20% sure')
    .waitFor();
  await row('Employer').getByText('by the ready rule “FullContact”, 95% sure').waitFor();
  const size = await row('Size').innerText();
  assert.match(size, /by the company/);
  assert.doesNotMatch(size, /sure/);
  await look(page, 'Sofia Marchetti');
});

test('what ready rules keep is called and said in their words; dates of a page are written alike', async () => {
  await manage('POST', 'attributes', { path: 'app_metadata.employer', type: 'text', labels: { en: 'Works at' } });
  await told('crm-upsert', { crm_id: 'C-17' });
  await told('place', { country: 'US' });
  await told('names', { tidy_name: { name: 'Sofia Marchetti' } });
  await told('fullcontact', { handles: { linkedin: 'in/sofia' }, age_range: '25-34' });
  await told('first-source', { first_source: { portal: 'Shop', connection: 'email', on: '2026-03-03' } });
  await open();
  await row('Number with our customer service').getByText('C-17').waitFor();
  await row('Country').getByText('United States').waitFor();
  await row('Tidied name').getByText('Sofia Marchetti').waitFor();
  await row('Names at networks').getByText('LinkedIn: in/sofia').waitFor();
  await row('Age').getByText('25-34').waitFor();
  await row('First came by').getByText('Shop, with a code, on Mar 3, 2026').waitFor();
  // The umbrella's own name goes before that of the library.
  await row('Works at').getByText('Mill & Sons').waitFor();
  await page.getByRole('button', { name: 'Change: Number with our customer service' }).waitFor();
  await look(page, 'Sofia Marchetti');

  // What the umbrella itself keeps at such a path is a word of its own.
  await manage('PATCH', `users/${path}`, { app_metadata: { country: 'US' } });
  await open();
  await row('Country').getByText('by the company').waitFor();
  await row('Country').getByText('US', { exact: true }).waitFor();
});

test('the timeline says what of a profile was changed, and by whom; live, too', async () => {
  const paths = ['country', 'city', 'tidy_name', 'crm_id', 'age_range'].map((key) => `app_metadata.${key}`);
  const changed = { subject, class: 'profile', source: 'rules', name: 'profile_changed' } as const;
  const tell = (data: { by: string; paths: string[] }) =>
    appendTimeline(server.base.db, [{ ...changed, occurredAt: new Date(), data }]);
  await tell({ by: 'library:place', paths });
  const came = { subject, class: 'sign_in', source: 'login', name: 'signed_in', occurredAt: new Date() } as const;
  await appendTimeline(server.base.db, [{ ...came, data: { place: { city: 'Lyon', country: 'FR' } } }]);
  await open();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline.getByText('Profile changed: Country, City, Tidied name and 2 more').waitFor();
  await timeline.getByText('by the ready rule “Country, city and time zone”').waitFor();
  await timeline.getByText('by the company').first().waitFor();
  await timeline.getByText('Lyon, France').waitFor();
  await page.getByRole('region', { name: 'In short' }).getByText('Lyon, France').waitFor();
  await timeline.getByText('live', { exact: true }).waitFor();
  await tell({ by: 'library:crm-upsert', paths: ['app_metadata.crm_id'] });
  await timeline.getByText('by the ready rule “CRM').waitFor();
  await look(page, 'Sofia Marchetti');
});
