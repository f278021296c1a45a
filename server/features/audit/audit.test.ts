import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { transact } from '../../base/db.ts';
import type { DB } from '../../base/generated/schema.ts';
import { uuid } from '../../base/ids.ts';
import * as audit from './audit.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());
beforeEach(beginAnew);

/** Another log: with its key, for the chain of one that is there is not begun twice. */
async function beginAnew(): Promise<void> {
  for (const table of ['audit', 'audit_values', 'audit_seals', 'audit_chain', 'erasure_keys']) {
    await sql`delete from ${sql.table(table)}`.execute(base.db);
  }
  await audit.openAuditKey(base);
}

const customer = uuid();
const living = async (ids: readonly string[]) => new Set(ids);
const erased = async () => new Set<string>();
const verify = (there = living) => audit.verifyAudit(base.db, there);

function draft(more: Partial<audit.AuditDraft> = {}): audit.AuditDraft {
  return {
    at: new Date('2026-05-01T10:00:00Z'),
    by: 'staff',
    who: 'ada',
    whoName: 'Ada',
    act: 'change',
    route: 'PATCH /users/{id}',
    summary: 'Change a user',
    about: 'customer',
    thing: null,
    customer,
    paths: ['given_name'],
    ip: '192.0.2.1',
    userAgent: 'test',
    changes: { given_name: { before: 'Ada', after: 'Grace' } },
    ...more,
  };
}

async function write(...drafts: Partial<audit.AuditDraft>[]): Promise<void> {
  for (const one of drafts) await audit.recordAudit(base.db, draft(one));
  await audit.sealAudit(base.db);
}

/** Three seals of two rows each. */
async function writeThree(): Promise<string[]> {
  for (const who of ['a', 'b', 'c']) await write({ who }, { who });
  const rows = await base.db.selectFrom('audit').select('id').orderBy('seal').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

test('a log that nobody touched verifies, sealed or not yet', async () => {
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 0, unsealed: 0, head: null });
  await writeThree();
  await audit.recordAudit(base.db, draft({ userAgent: 'odd \u0000 \ud800 text', thing: 'x\u0000' }));
  const found = await verify();
  assert.partialDeepStrictEqual(found, { ok: true, rows: 6, unsealed: 1, breaks: [] });
  assert.equal(found.head?.number, '3');
});

test('security row 16: whatever is changed, deleted, added or moved by SQL shows', async () => {
  const attacks: [name: string, what: audit.Break['what'], act: (ids: string[]) => Promise<unknown>][] = [
    ['who', 'row_changed', ([id]) => sql`update audit set who = 'eve' where id = ${id}`.execute(base.db)],
    [
      'when',
      'row_changed',
      ([id]) => sql`update audit set at = at - interval '1 day' where id = ${id}`.execute(base.db),
    ],
    ['whom', 'row_changed', ([id]) => sql`update audit set customer = null where id = ${id}`.execute(base.db)],
    ['paths', 'row_changed', ([id]) => sql`update audit set paths = '{}' where id = ${id}`.execute(base.db)],
    [
      'a hash of nothing',
      'row_changed',
      ([id]) => sql`update audit set mac = '\\x00' where id = ${id}`.execute(base.db),
    ],
    ['a row', 'rows_missing', ([, , id]) => sql`delete from audit where id = ${id}`.execute(base.db)],
    ['the newest row', 'rows_missing', (ids) => sql`delete from audit where id = ${ids.at(-1)}`.execute(base.db)],
    ['the oldest row', 'rows_missing', ([id]) => sql`delete from audit where id = ${id}`.execute(base.db)],
    [
      'a whole seal',
      'chain_cut',
      async () => {
        await sql`delete from audit where seal = 2`.execute(base.db);
        await sql`delete from audit_seals where number = 2`.execute(base.db);
      },
    ],
    [
      'the newest seal, and the end of the chain put back to the one before',
      'chain_cut',
      async () => {
        await sql`delete from audit where seal = 3`.execute(base.db);
        await sql`delete from audit_seals where number = 3`.execute(base.db);
        await sql`update audit_chain set last_number = 2, last_hash = (select hash from audit_seals where number = 2)`.execute(
          base.db,
        );
      },
    ],
    [
      'all of it',
      'chain_cut',
      async () => {
        await sql`delete from audit`.execute(base.db);
        await sql`delete from audit_seals`.execute(base.db);
      },
    ],
    [
      'a row, and the chain, so that the others would be sealed anew',
      'chain_cut',
      async ([, id]) => {
        await sql`delete from audit where id = ${id}`.execute(base.db);
        await sql`delete from audit_chain`.execute(base.db);
        await sql`delete from audit_seals`.execute(base.db);
        await sql`update audit set seal = null`.execute(base.db);
        await audit.openAuditKey(base);
        await assert.rejects(audit.sealAudit(base.db), /is gone/);
      },
    ],
    [
      'two rows change places',
      'row_changed',
      async ([a, b]) => {
        const aside = uuid();
        await sql`update audit set id = ${aside} where id = ${a}`.execute(base.db);
        await sql`update audit set id = ${a} where id = ${b}`.execute(base.db);
        await sql`update audit set id = ${b} where id = ${aside}`.execute(base.db);
      },
    ],
    [
      'a row goes to another seal',
      'rows_missing',
      ([id]) => sql`update audit set seal = 2 where id = ${id}`.execute(base.db),
    ],
    [
      'a row is copied',
      'row_changed',
      ([id]) =>
        sql`insert into audit select (jsonb_populate_record(a, jsonb_build_object('id', ${uuid()}::text))).* from audit a
          where id = ${id}`.execute(base.db),
    ],
    [
      'a row is taken out of the chain',
      'rows_missing',
      ([id]) => sql`update audit set seal = null where id = ${id}`.execute(base.db),
    ],
    ['a row of no seal', 'row_added', ([id]) => sql`update audit set seal = 9 where id = ${id}`.execute(base.db)],
    [
      'values',
      'values_changed',
      ([id]) =>
        sql`update audit_values set changes = '{"given_name":{"after":"Eve"}}' where audit = ${id}`.execute(base.db),
    ],
    [
      'values that are gone',
      'values_missing',
      ([id]) => sql`delete from audit_values where audit = ${id}`.execute(base.db),
    ],
  ];
  for (const [name, what, act] of attacks) {
    await beginAnew();
    await act(await writeThree());
    const { ok, breaks } = await verify();
    assert.ok(!ok && breaks.some((one) => one.what === what), `${name}: ${JSON.stringify(breaks)}`);
  }
});

test('a row that commits late comes into a later seal, and none is skipped', async () => {
  const late = Promise.withResolvers<void>();
  const isWritten = Promise.withResolvers<void>();
  const writing = transact(base.db, async (tx) => {
    await audit.recordAudit(tx, draft({ who: 'late' }));
    isWritten.resolve();
    await late.promise;
  });
  await isWritten.promise;
  await write({ who: 'early' });
  late.resolve();
  await writing;
  await audit.sealAudit(base.db);
  const rows = await base.db.selectFrom('audit').select(['who', 'seal']).orderBy('seal').execute();
  assert.deepEqual(rows, [
    { who: 'early', seal: '1' },
    { who: 'late', seal: '2' },
  ]);
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 2 });
});

test('many write and seal at once: each row is in one seal', async () => {
  await Promise.all(
    Array.from({ length: 60 }, async (_, place) => {
      await audit.recordAudit(base.db, draft());
      if (place % 3 === 0) await audit.sealAudit(base.db);
    }),
  );
  await audit.sealAudit(base.db);
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 60, unsealed: 0 });
});

test('a log that grows while it is verified verifies', async () => {
  await write({}, {});
  let left = 3;
  const growing = base.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (left > 0) {
        left -= 1;
        await write({});
      }
      return result;
    },
  });
  const found = await audit.verifyAudit(growing, living);
  assert.deepEqual([left, found.breaks], [0, []]);
  assert.equal((await verify()).rows, 5);
});

test('a log is verified by parts, and what is tampered with shows in the part where it stands', async () => {
  const byParts = async (from: audit.VerifiedTo | undefined, most = 2) => {
    const parts = [];
    for (let next = from; ; ) {
      const part = await audit.verifyAuditPart(base.db, living, { from: next, most });
      parts.push(part);
      if (part.next === undefined) return parts;
      next = part.next;
    }
  };
  const ids = await writeThree();
  await audit.recordAudit(base.db, draft());
  const whole = await byParts(undefined);
  assert.deepEqual(
    whole.map(({ ok, rows, unsealed }) => [ok, rows, unsealed]),
    [
      [true, 2, 0],
      [true, 2, 0],
      [true, 2, 1],
    ],
  );
  assert.deepEqual(whole.at(-1)?.head, (await verify()).head);
  const [first] = whole;
  // What is written and sealed meanwhile breaks nothing.
  await write({});
  assert.ok((await byParts(first?.next)).every(({ ok }) => ok));

  const changed = ids[3] ?? '';
  await sql`update audit set ip = '203.0.113.9' where id = ${changed}`.execute(base.db);
  const found = (await byParts(undefined)).map(({ breaks }) => breaks);
  assert.deepEqual(
    found.map((breaks) => breaks.length > 0),
    [false, true, false, false],
  );
  assert.ok(found[1]?.some(({ entry }) => entry === changed));
  await sql`delete from audit where id = ${ids[5] ?? ''}`.execute(base.db);
  assert.ok((await byParts(first?.next)).some(({ breaks }) => breaks[0]?.what === 'rows_missing'));
  const forged = { number: '1', hash: '00'.repeat(32) };
  assert.ok(
    (await byParts(forged)).some(({ ok }) => !ok),
    'a mark of another chain leads nowhere',
  );
});

test('values go with their customer, and the log still verifies', async () => {
  await write({}, {});
  await audit.eraseAudit(base.db, { customers: [customer] });
  assert.equal((await base.db.selectFrom('audit_values').selectAll().execute()).length, 0);
  assert.partialDeepStrictEqual(await verify(erased), { ok: true, rows: 2 });
  const [entry] = await audit.listAudit(base.db, {}, { limit: 1 });
  assert.deepEqual(entry?.paths, ['given_name'], 'which path stays');
  assert.deepEqual(entry?.changes, {});
});

test('old rows go by whole seals, and what is left verifies', async () => {
  await write({ at: new Date('2020-01-01T00:00:00Z') }, { at: new Date('2020-01-02T00:00:00Z') });
  await write({ at: new Date('2020-02-01T00:00:00Z') }, { at: new Date('2026-01-01T00:00:00Z') });
  await write({ at: new Date('2026-01-02T00:00:00Z') });
  const { next: from } = await audit.verifyAuditPart(base.db, living, { most: 1 });
  await audit.trimAudit(base.db, new Date('2026-05-01T00:00:00Z'));
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 3, head: { number: '3' } });
  await audit.writeAuditYears(base.db, 1);
  await audit.trimAudit(base.db, new Date('2027-01-03T00:00:00Z'));
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 0, head: { number: '3' } });
  const rest = await audit.verifyAuditPart(base.db, living, { from, most: 100 });
  assert.partialDeepStrictEqual(rest, { ok: true, rows: 0, head: { number: '3' } }, 'who looked at what is gone');
  await write({});
  assert.partialDeepStrictEqual(await verify(), { ok: true, rows: 1, head: { number: '4' } });
  await sql`delete from audit_seals`.execute(base.db);
  await sql`delete from audit`.execute(base.db);
  assert.equal((await verify()).ok, false, 'nobody else can move its beginning');
});

test('filters and pages', async () => {
  const at = (day: number) => new Date(Date.UTC(2026, 4, day));
  await write({ who: 'ada', at: at(1) }, { who: 'bob', at: at(2), act: 'read' }, { who: 'ada', at: at(3) });
  const who = async (filter: audit.AuditFilter, limit = 10) =>
    (await audit.listAudit(base.db, filter, { limit })).map((one) => one.at.getUTCDate());
  assert.deepEqual(await who({}), [3, 2, 1]);
  assert.deepEqual(await who({ who: 'ada' }), [3, 1]);
  assert.deepEqual(await who({ act: 'read' }), [2]);
  assert.deepEqual(await who({ since: at(2), until: at(3) }), [2]);
  assert.deepEqual(await who({ customers: [uuid()] }), []);
  const [first] = await audit.listAudit(base.db, {}, { limit: 1 });
  assert.ok(first);
  const rest = await audit.listAudit(base.db, {}, { limit: 10, after: first });
  assert.deepEqual(
    rest.map((one) => one.at.getUTCDate()),
    [2, 1],
  );
});

test('what was refused or changed is found by an index among any number of reads', async () => {
  await write({ act: 'refuse' });
  await sql`insert into audit (id, at, by, who, who_name, act, route, summary, about, paths, user_agent, mac)
    select gen_random_uuid(), now(), 'staff', 'ada', 'Ada', 'read', 'GET /users', 'List', 'customers', '{}', '', ''
    from generate_series(1, 20000)`.execute(base.db);
  await sql`analyze audit`.execute(base.db);
  const statements: { sql: string; parameters: readonly unknown[] }[] = [];
  const dialect = new PostgresDialect({ pool: base.pool });
  const watched = new Kysely<DB>({ dialect, log: ({ query }) => void statements.push(query) });
  assert.equal((await audit.listAudit(watched, { act: 'refuse' }, { limit: 50 })).length, 1);
  const [made] = statements;
  assert.ok(made);
  const { rows } = await base.pool.query<{ 'QUERY PLAN': string }>(`explain ${made.sql}`, [...made.parameters]);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  assert.match(plan, /audit_act/, plan);
});
