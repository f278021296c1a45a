import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { testBase } from '../../../test/base.ts';
import { passwordIdentity } from '../../../test/people.ts';
import { now } from '../../base/clock.ts';
import type { DB } from '../../base/generated/schema.ts';
import { appendTimeline, createCustomer, type LiveRow } from './customers.ts';
import { createLiveTimelines } from './live.ts';

const base = await testBase();
after(() => base.close());

test('while an older transaction is open, what was written since is read about once a second, and told after it', async () => {
  let looks = 0;
  const db = new Kysely<DB>({
    dialect: new PostgresDialect({ pool: base.pool }),
    log({ query }) {
      if (query.sql.includes('news as materialized')) looks += 1;
    },
  });
  const live = createLiveTimelines({ db, log: base.log, notifications: base.notifications });
  const { customer, subject } = await createCustomer(base.db, passwordIdentity('live@example.com'));
  const told: LiveRow[] = [];
  const page = { show: (row: LiveRow) => told.push(row), startAnew: () => undefined, end: () => undefined };
  const { close } = await live.watch(customer.id, undefined, page);
  const row = { class: 'security', name: 'signed_in', subject, source: 'test' } as const;
  const rows = 40;
  await base.db.transaction().execute(async (tx) => {
    await sql`select pg_current_xact_id()`.execute(tx);
    looks = 0;
    for (let count = 0; count < rows; count += 1) {
      await appendTimeline(base.db, [{ ...row, occurredAt: now() }]);
      await setTimeout(100);
    }
    assert.ok(looks > 0 && looks <= 12, `${looks} looks`);
    assert.equal(told.length, 0);
  });
  const committed = Date.now();
  while (told.length < rows && Date.now() - committed < 5000) await setTimeout(20);
  assert.equal(told.length, rows);
  assert.ok(Date.now() - committed < 2000, `${Date.now() - committed} ms`);
  close();
  await live.close();
});
