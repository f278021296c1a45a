import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTestDatabase } from '../../test/database.ts';
import { openDatabase, transact } from './db.ts';
import { statement } from './statement.ts';

const add = statement<{ sum: number }>('select $1::integer + $2::integer as sum');
const inTransaction = statement<{ inside: boolean }>('select pg_current_xact_id_if_assigned() is not null as inside');
const prepared = "select count(*)::integer as count from pg_prepared_statements where statement like 'select $1::int%'";

for (const prepares of [true, false]) {
  test(`a statement ${prepares ? 'is planned once per connection' : 'leaves nothing behind at a pooler'}`, async () => {
    await withTestDatabase(async (url) => {
      const { db, pool, close } = openDatabase(url, 1, prepares);
      for (let n = 0; n < 3; n += 1) assert.deepEqual(await add(db, [n, 1]), [{ sum: n + 1 }]);
      assert.deepEqual(await transact(db, (tx) => add(tx, [2, 2])), [{ sum: 4 }]);
      const { rows } = await pool.query(prepared);
      assert.deepEqual(rows, [{ count: prepares ? 1 : 0 }]);
      await close();
    });
  });
}

test('a statement takes part in the transaction it is given, and in its end', async () => {
  await withTestDatabase(async (url) => {
    const { db, close } = openDatabase(url, 2);
    const write = statement("insert into settings (name, value) values ('planned', $1)");
    await assert.rejects(
      transact(db, async (tx) => {
        await write(tx, ['1']);
        assert.deepEqual(await inTransaction(tx, []), [{ inside: true }]);
        throw new Error('undone');
      }),
      /undone/,
    );
    assert.deepEqual(await inTransaction(db, []), [{ inside: false }]);
    const written = await db.selectFrom('settings').select('name').where('name', '=', 'planned').execute();
    assert.deepEqual(written, []);
    await close();
  });
});

test('what a statement is refused is told as an error', async () => {
  await withTestDatabase(async (url) => {
    const { db, close } = openDatabase(url, 1);
    await assert.rejects(add(db, ['no number', 1]), { code: '22P02' });
    assert.deepEqual(await add(db, [1, 1]), [{ sum: 2 }], 'the connection is still good');
    await close();
  });
});
