// A program to be killed: starts the embedded PostgreSQL of the folder it is given, writes rows one after another and
// prints the number of each row that was acknowledged.
import pg from 'pg';
import { startEmbeddedPostgres } from '../server/base/embedded-postgres.ts';
import { openLog } from '../server/base/log.ts';

const postgres = await startEmbeddedPostgres(process.argv[2] ?? '', openLog({ write: () => undefined }));
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
await client.query('create table if not exists acknowledged (number integer primary key)');
const last = await client.query<{ number: number }>('select coalesce(max(number), 0) as number from acknowledged');
for (let number = (last.rows[0]?.number ?? 0) + 1; ; number += 1) {
  await client.query('insert into acknowledged values ($1)', [number]);
  process.stdout.write(`${number}\n`);
}
