// What came of a question, and what one customer would be asked, in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Browser, Page } from 'playwright-core';
import { appendTimeline, findByUserId, identitiesOf, recordSignIn } from '../../server/features/customers/customers.ts';
import { type Manage, manageAt } from '../api-calls.ts';
import { desktop, openBrowser } from '../browser.ts';
import { atConsole, consoleVariables } from '../console-visitor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { administratorVariables, signInFirst } from '../staff.ts';
import { assertQuiet, complaintsOf, look } from '../staff-page.ts';

const path = 'user_metadata.interest';
const field = { type: 'text', key: 'interest', labels: { en: 'What are you here for?' }, path };
const variant = (key: string, heading: string) => ({ key, heading: { en: heading }, fields: [field] });
const least = (value: number) => ({ attribute: 'sign_in.number', is: 'at_least', value });

let server: TestServer;
let browser: Browser;
let manage: Manage;
let page: Page;
let complaints: string[];
let question: string;
let portal: string;
before(async () => {
  server = await startTestServer({ ...administratorVariables, ...consoleVariables });
  browser = await openBrowser();
  manage = await manageAt(server);
  const brand = String((await manage('POST', 'brands', { slug: 'lumiere', name: 'Lumière' })).id);
  portal = String((await manage('POST', 'clients', { name: 'Shop', app_type: 'spa' })).client_id);
  await manage('POST', 'attributes', { path, type: 'text', labels: { en: 'Interest' } });
  const content = {
    variants: [variant('a', 'What are you here for?'), variant('b', 'Fragrance or hair care?')],
    when: { all: [least(2), { attribute: 'sign_in.device', is: 'exists', value: true }] },
    hold_out: 10,
  };
  question = String((await manage('POST', 'questions', { name: 'Interest', state: 'live', content })).id);
  await plantAsks(brand);
  await plantCustomer(brand);
  const admin = await signInFirst(server);
  ({ page } = await atConsole(browser, server, admin, { viewport: desktop }));
  complaints = complaintsOf(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/**
 * 1,200 were asked and 140 were not. The second way is answered by four of ten, the first by two; at the fifth sign-in
 * by half more than else. All who were not asked finished, and nine of ten of the others.
 */
async function plantAsks(brand: string): Promise<void> {
  const { db } = server.base;
  await sql`
    insert into question_asks (subject, id, question, content_version, variant, arm, place, fields, brand, portal,
      sign_in, sign_in_number, device, country, language, hour, shown_at, outcome, answered, ended_at, finished_at)
    select gen_random_uuid(), gen_random_uuid(), ${question}, 1, (array['a', 'b'])[1 + n % 2], arm, 'page', '{interest}',
      ${brand}, ${portal}, gen_random_uuid(), 2 + n / 2 % 6, (array['phone', 'desktop', 'tablet'])[1 + n % 3], 'DE', 'de',
      8 + n % 5, at, outcome, case when outcome = 'answered' then '{interest}'::text[] else '{}' end,
      case when outcome is not null then at + interval '12 seconds' end,
      case when arm = 'held_out' or n / 14 % 10 > 0 then at + interval '20 seconds' end
    from generate_series(1, 1340) as n, lateral (select case when n > 1200 then 'held_out' else 'asked' end as arm,
      now() - interval '2 hours' - n % 20 * interval '1 day' as at) as one,
      lateral (select case when arm = 'held_out' then null
        when n / 12 % 10 < 2 + n % 2 * 2 + case when 2 + n / 2 % 6 = 5 then 3 else 0 end then 'answered'
        when n % 7 = 0 then 'never' when n % 5 = 0 then 'skipped' when n % 11 = 0 then null
        else 'not_now' end as outcome) as two`.execute(db);
  await sql`
    insert into attribute_shares (path, day, brand, known, customers)
    select ${path}, current_date - n, whose, case when whose is null then 400 - 9 * n else 90 - n end,
      case when whose is null then 1000 - n else 100 end
    from generate_series(0, 29) as n, unnest(array[null, ${brand}::uuid]) as whose`.execute(db);
}

/** Somebody who came once, by phone. */
async function plantCustomer(brand: string): Promise<void> {
  const { base } = server;
  const connection = 'Username-Password-Authentication';
  await manage('POST', 'connections', { name: connection, strategy: 'auth0' });
  const draft = { connection, email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };
  const { user_id } = await manage('POST', 'users', { ...draft, verify_email: false });
  const customer = await findByUserId(base.db, String(user_id));
  const [identity] = customer ? await identitiesOf(base.db, customer.id) : [];
  assert.ok(identity);
  const how = {
    portal,
    brand: 'lumiere',
    connection,
    country: 'DE',
    language: 'en',
    device: 'phone',
    hour: 9,
  } as const;
  await recordSignIn(base.db, { subject: identity.subject, at: new Date(), ip: null, brand, context: how });
}

const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
async function open(): Promise<void> {
  await page.goto(`${server.url}/console/questions/${question}`);
  await page.getByRole('heading', { level: 1, name: 'Interest' }).waitFor({ timeout: 120_000 });
}

test('results tell what came of it, two ways beside each other, and asking beside not asking', async () => {
  await open();
  await tab('Results');
  await page.getByText(/are answered more often \(\+\d/).waitFor();
  await page.getByText(/Asking beside not asking: they finish signing in less often \(-\d/).waitFor();
  await look(page, 'Interest');
  const parts = page.getByRole('region', { name: 'In parts' });
  await parts.getByRole('row', { name: /^Sign-in 5 / }).waitFor();
  for (const name of ['Left empty', 'Not now', 'Don’t ask again', 'Page left']) {
    await parts.getByRole('columnheader', { name }).waitFor();
  }
  await parts.getByLabel('Answers by').selectOption('portal');
  await parts.getByRole('row', { name: /^Shop / }).waitFor();
});

test('how much is known is a line with a table, of all and of a brand’s customers', async () => {
  const known = page.getByRole('region', { name: 'Known', exact: true });
  await known.getByText(/Interest: known of 40\s?% \(400 of 1,000\), 14\.3\s?% on/).waitFor();
  await known.locator('svg polyline').waitFor();
  await known.getByText('Day by day: Interest').click();
  await known.getByRole('row', { name: /391 999/ }).waitFor();
  await look(page, 'Interest');
  await known.getByLabel('Whose customers').selectOption({ label: 'Customers of Lumière' });
  await known.getByText(/known of 90\s?% \(90 of 100\)/).waitFor();
});

test('the moment at which it is answered best is set by one click', async () => {
  const best = page.getByRole('region', { name: 'Best moment' });
  await best.getByText(/^at sign-in 5: \d+(\.\d)?\s?% \(between/).waitFor();
  await best.getByRole('button', { name: 'Ask at sign-in 5', exact: true }).click();
  await page.getByText('It is asked at sign-in 5 from now on.').waitFor();
  const saved = await manage('GET', `questions/${question}`);
  assert.partialDeepStrictEqual(saved, {
    content: {
      when: {
        all: [
          { attribute: 'sign_in.number', is: 'equals', value: 5 },
          { attribute: 'sign_in.device', is: 'exists', value: true },
        ],
      },
    },
  });
  await tab('Question');
  await tab('Whom and when');
  await page.getByText(/Asked when Number of sign-ins, with this one is 5 and Device is known/).waitFor();
});

test('it is tried with a chosen customer: what they would be asked and why, with the page', async () => {
  await manage('POST', 'questions', {
    name: 'Work',
    state: 'live',
    content: {
      variants: [{ ...variant('a', 'Where do you work?'), fields: [{ ...field, path: 'user_metadata.work' }] }],
    },
  });
  await open();
  await tab('Try it');
  await page.getByLabel('Customer', { exact: true }).fill('nobody@example.com');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByText('There is no such customer').waitFor();
  await page.getByLabel('Customer', { exact: true }).fill('ada@example.com');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByText('They would be asked “Work”, which comes first.').waitFor();
  await page.getByText(/to Shop, by phone, at 9:00, as sign-in 2\./).waitFor();
  await page.getByRole('row', { name: 'Interest Its condition does not hold' }).waitFor();
  await page.getByRole('row', { name: 'Work First that is due It is due' }).waitFor();
  const shown = page.frameLocator('iframe[title="Page that they would see"]');
  await shown.getByRole('heading', { name: 'Where do you work?' }).waitFor();
  await look(page, 'Interest');
  const { rows } =
    await sql`select from question_asks a join questions q on q.id = a.question where q.name = 'Work'`.execute(
      server.base.db,
    );
  assert.equal(rows.length, 0, 'nobody was asked');
  assertQuiet(complaints);
});

test('the list tells results, and a profile what was asked in the words of then, and when they came first in our time', async () => {
  await page.goto(`${server.url}/console/questions`);
  await page.getByText(/^1,200 asked, [\d.]+% answer$/).waitFor({ timeout: 120_000 });
  await look(page, 'Questions');
  const { rows } = await sql<{ user_id: string; subject: string; asking: string }>`
    with who as (select c.user_id, m.subject from customers c join members m on m.customer = c.id
      where c.email = 'ada@example.com')
    , asked as (insert into question_asks (subject, id, question, content_version, variant, arm, place, fields,
        sign_in_number, hour, shown_at, outcome, ended_at)
      select subject, gen_random_uuid(), ${question}, 1, 'b', 'asked', 'page', '{interest}', 2, 9, now(), 'never', now()
      from who returning id as asking)
    select * from who, asked`.execute(server.base.db);
  const [who] = rows;
  assert.ok(who);
  const answered = {
    class: 'profile',
    source: 'questions',
    name: 'question_answered',
    occurredAt: new Date(),
  } as const;
  const { subject, asking } = who;
  await appendTimeline(server.base.db, [{ ...answered, subject, data: { asking } }]);
  const first = { portal: 'Shop', connection: 'email', on: '2026-03-03', at: '2026-03-03T23:30:00.000Z' };
  await manage('PATCH', `users/${encodeURIComponent(who.user_id)}`, { app_metadata: { first_source: first } });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setTimezoneOverride', { timezoneId: 'Pacific/Auckland' });
  await page.goto(`${server.url}/console/customers/${encodeURIComponent(who.user_id)}`);
  const asked = page.getByRole('region', { name: 'Questions' });
  await asked.getByText(/^“Fragrance or hair care\?”, .*, at sign-in 2$/).waitFor({ timeout: 120_000 });
  await asked.getByText('Don’t ask again').waitFor();
  await page.getByText('Shop, with a code, on Mar 4, 2026').waitFor();
  await page.getByRole('region', { name: 'Timeline' }).getByText('Answered a question: Interest').waitFor();
  assert.equal(await page.getByText(asking).count(), 0);
  await look(page, /Ada|ada/);
});
