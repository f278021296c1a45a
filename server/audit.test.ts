import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { manageAt } from '../test/api-calls.ts';
import { runProgram } from '../test/command-line.ts';
import { startTestServer } from '../test/server.ts';
import { uuid } from './base/ids.ts';
import { sealAudit } from './features/audit/audit.ts';

// What the log withstands is tested in features/audit; here, that the command tells.
const secret = randomBytes(32).toString('base64');
const server = await startTestServer({ REGULARS_SECRET: secret });
after(() => server.stop());
const { db } = server.base;
const tables = ['audit', 'audit_values', 'audit_seals', 'audit_chain'];

const verify = () =>
  runProgram(['audit', 'verify'], {
    DATABASE_URL: server.databaseUrl,
    REGULARS_SECRET: secret,
    REGULARS_URL: server.url,
  });

before(async () => {
  const manage = await manageAt(server);
  for (const slug of ['one', 'two', 'three']) {
    await manage('POST', 'brands', { slug, name: slug });
    await manage('PATCH', `brands/${slug}`, { name: `Brand ${slug}` });
    await sealAudit(db);
  }
  for (const table of tables) {
    await sql`create table ${sql.table(`${table}_kept`)} as table ${sql.table(table)}`.execute(db);
  }
});

/** Six rows in three seals, as they were written. */
async function putBack(): Promise<void> {
  for (const table of tables) {
    await sql`delete from ${sql.table(table)}`.execute(db);
    await sql`insert into ${sql.table(table)} table ${sql.table(`${table}_kept`)}`.execute(db);
  }
}

test('audit verify: a log that nobody touched is told to be so, with its newest seal; code 0', async () => {
  const { code, stdout, stderr } = await verify();
  assert.equal(stderr, '');
  const seal = await db.selectFrom('audit_seals').selectAll().orderBy('number', 'desc').executeTakeFirstOrThrow();
  const rows = await db.selectFrom('audit').select('id').execute();
  assert.ok(rows.length >= 6);
  const newest = `Newest seal: ${seal.number} ${seal.hash.toString('hex')}`;
  assert.equal(
    stdout,
    `The audit log is as it was written.\n${rows.length} rows in the chain, 0 not sealed yet.\n${newest}\n`,
  );
  assert.equal(code, 0);
});

const tamperings: readonly [name: string, told: RegExp, tamper: () => Promise<unknown>][] = [
  [
    'a row that was changed',
    /^ {2}a row is not as it was written \(row [0-9a-f-]{36}\)$/m,
    () => sql`update audit set who_name = 'Nobody' where id = (select min(id::text) from audit)::uuid`.execute(db),
  ],
  [
    'a row that was deleted',
    /^ {2}rows are missing \(seal \d+\)$/m,
    () => sql`delete from audit where id = (select min(id::text) from audit)::uuid`.execute(db),
  ],
  [
    'two rows that were swapped',
    /^ {2}a row is not as it was written \(row [0-9a-f-]{36}\)$/m,
    async () => {
      const ids = await db.selectFrom('audit').select('id').orderBy('id').execute();
      const [one, other, free] = [ids[0]?.id, ids.at(-1)?.id, uuid()];
      for (const [from, to] of [
        [one, free],
        [other, one],
        [free, other],
      ]) {
        await sql`update audit set id = ${to} where id = ${from}`.execute(db);
      }
    },
  ],
  [
    'two rows whose places in the chain were swapped',
    /^ {2}the chain is cut: a seal is missing or changed, or its rows were moved \(seal \d+\)$/m,
    () =>
      sql`
      with two as (select min(id::text)::uuid as one, max(id::text)::uuid as other from audit)
      update audit set seal = (select seal from audit b, two where b.id = case when audit.id = one then other else one end)
      from two where audit.id in (one, other)`.execute(db),
  ],
  [
    'an end that was cut off with its seal',
    /^ {2}the chain is cut: a seal is missing or changed, or its rows were moved \(seal \d+\)$/m,
    async () => {
      await sql`delete from audit where seal = (select max(number) from audit_seals)`.execute(db);
      await sql`delete from audit_seals where number = (select max(number) from audit_seals)`.execute(db);
    },
  ],
];

for (const [name, told, tamper] of tamperings) {
  test(`security row 16: audit verify finds ${name}, says so in a sentence, and ends with code 1`, async () => {
    await putBack();
    await tamper();
    const { code, stdout, stderr } = await verify();
    assert.equal(stderr, '');
    assert.match(stdout, /^The audit log was tampered with:\n/);
    assert.match(stdout, told);
    assert.equal(code, 1);
  });
}
