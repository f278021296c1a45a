import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type EventPage, openEventPage } from '../../../test/event-page.ts';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { type Member, signInStaff } from '../../../test/staff-caller.ts';
import { transact } from '../../base/db.ts';
import { appendTimeline, findByUserId, subjectsOf } from '../../features/customers/customers.ts';
import { updatePortal } from '../../features/portals/portals.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
const connection = 'Username-Password-Authentication';
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0' });
  await api.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => api.close());

type Person = { userId: string; path: string; customer: string; subject: string };

async function create(): Promise<Person> {
  const draft = { connection, email: `${unique('u')}@example.com`, password: 'correct horse', email_verified: true };
  const userId = String(object(await api.call('POST', '/users', draft)).user_id);
  const customer = (await findByUserId(api.base.db, userId))?.id ?? '';
  const [subject = ''] = await subjectsOf(api.base.db, customer);
  await settled();
  return { userId, path: `/users/${encodeURIComponent(userId)}`, customer, subject };
}

/** What was written until now is behind every page that opens: transactions of other tests hold it up, too. */
async function settled(): Promise<void> {
  const { pool } = api.base;
  const { rows } = await pool.query<{ id: string }>('select pg_snapshot_xmax(pg_current_snapshot())::text as id');
  for (let isBehind = false; !isBehind; ) {
    await sleep(20);
    const found = await pool.query('select from pg_current_snapshot() s where pg_snapshot_xmin(s) >= $1::text::xid8', [
      rows[0]?.id,
    ]);
    isBehind = found.rowCount === 1;
  }
}

const row = (subject: string, name: string, data = {}) =>
  ({ class: 'sign_in', subject, source: 'login', name, occurredAt: new Date(), data }) as const;

const happen = (subject: string, ...names: string[]) =>
  appendTimeline(
    api.base.db,
    names.map((name) => row(subject, name)),
  );

async function open(person: Person, headers: Record<string, string> = {}, from?: string): Promise<EventPage> {
  const query = from === undefined ? '' : `?from=${encodeURIComponent(from)}`;
  const page = await openEventPage(api.app.server.address(), `/api/v2${person.path}/live${query}`, {
    host: new URL(api.base.config.url).host,
    authorization: `Bearer ${await api.token()}`,
    ...headers,
  });
  return page;
}

const names = (page: EventPage) => page.events.map(({ data }) => data.name);

test('a new row appears on the open page within a second, others’ rows do not', async () => {
  const [person, other] = [await create(), await create()];
  const page = await open(person);
  assert.equal(page.status, 200);
  assert.equal(page.type, 'text/event-stream');
  // Transactions of other tests' databases hold rows back, too: the shortest of some tries counts.
  const waits: number[] = [];
  for (let tries = 1; tries <= 4; tries += 1) {
    const began = Date.now();
    await happen(other.subject, 'signed_in');
    await happen(person.subject, 'wrong_password', 'signed_in');
    const came = await page.until(2 * tries, 20_000);
    waits.push((came.at(-1)?.at ?? 0) - began);
  }
  assert.ok(Math.min(...waits) < 1000, `${waits} ms`);
  const [first] = page.events;
  assert.equal(first?.event, 'timeline');
  assert.partialDeepStrictEqual(first?.data, {
    name: 'wrong_password',
    description: 'A wrong password',
    class: 'sign_in',
  });
  await sleep(300);
  assert.equal(page.events.length, 8);
  page.close();
});

test('a page goes on from the list that it shows, and after an interruption, without gap or repetition', async () => {
  const person = await create();
  await happen(person.subject, 'one');
  await settled();
  const shown = object(await api.call('GET', `${person.path}/timeline`));
  await happen(person.subject, 'two');
  const page = await open(person, {}, String(shown.live));
  await happen(person.subject, 'three');
  await page.until(2);
  assert.deepEqual(names(page), ['two', 'three']);
  page.close();
  await happen(person.subject, 'four', 'five');
  const again = await open(person, { 'last-event-id': page.events[1]?.id ?? '' });
  await again.until(2);
  await happen(person.subject, 'six');
  await again.until(3);
  assert.deepEqual(names(again), ['four', 'five', 'six']);
  again.close();
});

test('while rows are written by many, pages that come and go see each of them once', async () => {
  const person = await create();
  const seen: string[] = [];
  let from: string | undefined = String(object(await api.call('GET', `${person.path}/timeline`)).live);
  const written: string[] = [];
  const write = async (writer: number) => {
    for (let number = 0; number < 25; number += 1) {
      const name = `n${'abcd'[writer]}${'abcdefghijklmnopqrstuvwxyz'[number]}`;
      written.push(name);
      await transact(api.base.db, async (tx) => {
        await appendTimeline(tx, [row(person.subject, name)]);
        await sleep(5 * ((number + writer) % 4));
      });
    }
  };
  const writing = Promise.all([0, 1, 2, 3].map(write));
  for (let tries = 0; seen.length < 100 && tries < 100; tries += 1) {
    const page: EventPage = await open(person, {}, from);
    await sleep(60);
    page.close();
    await page.ended;
    seen.push(...page.events.map(({ data }) => String(data.name)));
    from = page.events.at(-1)?.id ?? from;
  }
  await writing;
  assert.deepEqual(seen.toSorted(), written.toSorted());
});

test('an open transaction delays its row and those behind it, and loses none', async () => {
  const person = await create();
  const page = await open(person);
  const written = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const late = transact(api.base.db, async (tx) => {
    await appendTimeline(tx, [row(person.subject, 'late')]);
    written.resolve();
    await held.promise;
  });
  await written.promise;
  await happen(person.subject, 'early');
  await sleep(700);
  assert.deepEqual(names(page), [], 'nothing passes what is still open');
  held.resolve();
  await late;
  await page.until(2, 20_000);
  assert.deepEqual(names(page), ['late', 'early']);
  page.close();
});

test('what happens to another account is told to the page as soon as that is the same customer, either way', async () => {
  const [winner, loser] = [await create(), await create()];
  const [ofWinner, ofLoser] = [await open(winner), await open(loser)];
  const [provider, user_id] = loser.userId.split('|');
  await api.call('POST', `${winner.path}/identities`, { provider, user_id });
  await ofLoser.until(2);
  await happen(loser.subject, 'by_loser');
  await happen(winner.subject, 'by_winner');
  for (const page of [ofWinner, ofLoser]) {
    await page.until(4);
    assert.deepEqual(names(page).slice(-2), ['by_loser', 'by_winner']);
    page.close();
  }
});

/** Until every transaction that began before is over: those of other tests' databases hold rows back, too. */
async function allSettled(): Promise<void> {
  const { rows } = await sql<{ now: string }>`select pg_current_xact_id()::text as now`.execute(api.base.db);
  for (let isOver = false; !isOver; await sleep(20)) {
    const horizon = await sql<{ over: boolean }>`
      select pg_snapshot_xmin(pg_current_snapshot()) > ${rows[0]?.now}::xid8 as over`.execute(api.base.db);
    isOver = horizon.rows[0]?.over === true;
  }
}

test('after a long absence the page is told to begin anew', async () => {
  const person = await create();
  const { live } = object(await api.call('GET', `${person.path}/timeline`));
  const many = Array.from({ length: 600 }, () => 'refreshed');
  await happen(person.subject, ...many);
  await allSettled();
  const page = await open(person, {}, String(live));
  const [first] = await page.until(1);
  assert.equal(first?.event, 'start_anew');
  await happen(person.subject, 'after');
  await page.until(2);
  assert.deepEqual(names(page), [undefined, 'after']);
  page.close();
});

test('nobody is told of anything while no page is open, and once however many rows one statement writes', async (t) => {
  const person = await create();
  const heard: string[] = [];
  const listener = await api.base.pool.connect();
  t.after(() => listener.release(true));
  listener.on('notification', ({ channel }) => heard.push(channel));
  await listener.query('listen timeline');
  // What was told of before is with a listener once a question of its own is answered.
  const told = async () => {
    await listener.query('select');
    return heard;
  };
  await happen(person.subject, 'unseen');
  assert.deepEqual(await told(), []);
  const page = await open(person);
  t.after(() => page.close());
  await happen((await create()).subject, 'of_another');
  await happen(person.subject, 'a', 'b', 'c');
  await page.until(3);
  assert.deepEqual(await told(), ['timeline']);
  page.close();
  await page.ended;
  await sleep(200);
  await happen(person.subject, 'unseen');
  assert.deepEqual(await told(), ['timeline']);
});

test('security row 18: what a customer controls stays text inside one event', async () => {
  const person = await create();
  const page = await open(person);
  const nasty = '</script><img src=x onerror=alert(1)>\n\nevent: timeline\ndata: {"name":"forged"}\n\n\u2028';
  await appendTimeline(api.base.db, [{ ...row(person.subject, 'signed_in', { nasty }), userAgent: nasty }]);
  await page.until(1);
  await sleep(200);
  assert.deepEqual(names(page), ['signed_in']);
  assert.deepEqual(page.events[0]?.data.data, { nasty });
  page.close();
});

test('security row 16: a page opens for who may read, by marks of ours only', async () => {
  const person = await create();
  const refused = async (headers: Record<string, string>, from?: string) => {
    const page = await open(person, headers, from);
    page.close();
    return page.status;
  };
  assert.equal(await refused({ authorization: '' }), 401);
  const none = `Bearer ${await api.token({ scope: 'read:users' })}`;
  assert.equal(await refused({ authorization: none }), 403);
  assert.equal(await refused({}, 'abc'), 400);
  assert.equal(await refused({}, "1' or 1=1"), 400);
  assert.equal(await refused({ 'last-event-id': 'abc' }), 400);
  const { status } = await openEventPage(api.app.server.address(), '/api/v2/users/auth0%7Cnobody/live', {
    host: new URL(api.base.config.url).host,
    authorization: `Bearer ${await api.token()}`,
  });
  assert.equal(status, 404);
});

/** What is written of somebody: each with what a role may hide, and at last a row that all see. */
const telling = (subject: string) =>
  [
    row(subject, 'value_corrected', {
      path: 'app_metadata.income_area',
      value: 'planted-income',
      before: 'planted-was',
    }),
    row(subject, 'address_added', { address: 'planted@plants.example', identifier: 'planted@plants.example' }),
    row(subject, 'profile_changed', { paths: ['app_metadata.income_area'], given_name: 'planted-given' }),
    { ...row(subject, 'signed_in'), ip: '192.0.2.99' },
  ].map((one) => ({ ...one, data: { ...one.data, changes: { likes: ['planted-liking'] } } }));

test('security row 16: what a role hides is in no row that is told live, nor in those that are caught up with', async () => {
  await api.call('POST', '/attributes', { path: 'user_metadata.allergy', type: 'text', sensitive: true });
  const planted = {
    'app_metadata.income_area': /planted-income|planted-was|income_area/,
    email: /planted@plants/,
    given_name: /planted-given/,
    last_ip: /192\.0\.2\.99/,
    likes: /planted-liking/,
  };
  const members: readonly [Member, hidden: readonly (keyof typeof planted)[]][] = [
    [{ ready: 'administrator' }, []],
    [{ ready: 'associate' }, ['app_metadata.income_area', 'likes']],
    [{ ready: 'auditor', reads: ['*', '-email'] }, ['email']],
    [{ ready: 'auditor', reads: ['given_name'] }, ['app_metadata.income_area', 'email', 'last_ip', 'likes']],
    [{ ready: 'auditor', reads: [] }, ['app_metadata.income_area', 'email', 'given_name', 'last_ip', 'likes']],
  ];
  for (const [member, hidden] of members) {
    const person = await create();
    const { headers } = await signInStaff(api, member);
    const at = api.app.server.address();
    const all = { ...headers, host: new URL(api.base.config.url).host };
    const address = `/api/v2${person.path}/live`;
    const live = await openEventPage(at, address, all);
    assert.equal(live.status, 200);
    await appendTimeline(api.base.db, telling(person.subject));
    await live.until(4);
    live.close();
    await appendTimeline(api.base.db, telling(person.subject));
    const later = await openEventPage(at, address, { ...all, 'last-event-id': live.events.at(-1)?.id ?? '' });
    await later.until(4);
    later.close();
    for (const page of [live, later]) {
      assert.deepEqual(names(page), ['value_corrected', 'address_added', 'profile_changed', 'signed_in']);
      for (const [path, values] of Object.entries(planted)) {
        const isHidden = hidden.some((one) => one === path);
        assert.equal(!values.test(page.text()), isHidden, `${JSON.stringify(member)} and ${path}: ${page.text()}`);
      }
    }
  }
});

test('security row 16: who is limited to brands is told nothing live of what happens at others', async () => {
  const person = await create();
  const made = async (slug: string) => String(object(await api.call('POST', '/brands', { slug, name: slug })).id);
  const [own, other] = [await made(unique('own')), await made(unique('other'))];
  const { subject } = person;
  for (const brand of [own, other]) {
    const at = new Date();
    await api.base.db.insertInto('visits').values({ subject, brand, first_at: at, last_at: at }).execute();
  }
  const { headers } = await signInStaff(api, { ready: 'associate', brands: [own] });
  const all = { ...headers, host: new URL(api.base.config.url).host };
  const address = `/api/v2${person.path}/live`;
  const write = () =>
    appendTimeline(api.base.db, [
      { ...row(subject, 'at_other', { secret: 'planted-elsewhere' }), brand: other },
      { ...row(subject, 'at_own'), brand: own },
    ]);
  const live = await openEventPage(api.app.server.address(), address, all);
  await write();
  await live.until(1);
  live.close();
  await write();
  const from = { 'last-event-id': live.events[0]?.id ?? '' };
  const later = await openEventPage(api.app.server.address(), address, { ...all, ...from });
  await later.until(1);
  later.close();
  for (const page of [live, later]) {
    assert.deepEqual(names(page), ['at_own']);
    assert.doesNotMatch(page.text(), /planted-elsewhere|at_other/);
  }
});

test('the page ends when the token has expired or the client is closed', { timeout: 60_000 }, async () => {
  const person = await create();
  const seconds = Math.floor(Date.now() / 1000);
  const short = `Bearer ${await api.token({ exp: seconds + 2 })}`;
  const page = await open(person, { authorization: short });
  const lasting = await open(person);
  await page.ended;
  assert.ok(Date.now() - seconds * 1000 < 20_000);
  await updatePortal(api.base, 'machine', { enabled: false }, () => undefined);
  await lasting.ended;
  await updatePortal(api.base, 'machine', { enabled: true }, () => undefined);
  assert.match(lasting.text(), /^:/m);
});
