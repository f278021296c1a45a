// `npm run bench:export`: everything that is kept of a customer with many timeline rows, as one JSON:
// how long it takes, and how much memory of the server.
import pg from 'pg';
import { startRegulars } from './regulars.ts';

const rows = Number(process.argv[2] ?? 10_000);
const times = 5;

const regulars = await startRegulars(1);
const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

async function addHistory(): Promise<string> {
  const client = new pg.Client({ connectionString: regulars.databaseUrl });
  await client.connect();
  try {
    const { rows: found } = await client.query<{ user_id: string; subject: string }>(
      'select c.user_id, m.subject from customers c join members m on m.customer = c.id limit 1',
    );
    const [customer] = found;
    if (!customer) throw new Error('no customer');
    await client.query(
      `insert into timeline (id, class, subject, source, name, occurred_at, received_at, ip, user_agent, data)
       select gen_random_uuid(), 'sign_in', $1, 'login', 'signed_in', at, at, '192.0.2.7', repeat('Browser ', 12),
         '{"amr": ["pwd"], "connection": "Username-Password-Authentication"}'
       from generate_series(1, $2::integer) n, lateral (select now() - n * interval '1 minute' as at) as moment`,
      [customer.subject, rows],
    );
    await client.query('vacuum analyze timeline');
    return customer.user_id;
  } finally {
    await client.end();
  }
}

try {
  const user = encodeURIComponent(await addHistory());
  const before = await regulars.memory();
  const took: number[] = [];
  let [bytes, most] = [0, before];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    const all = await regulars.manage('GET', `users/${user}/export`);
    took.push(performance.now() - began);
    const { timeline } = all;
    if (!Array.isArray(timeline) || timeline.length < rows) throw new Error('the timeline is not whole');
    bytes = JSON.stringify(all).length;
    most = Math.max(most, await regulars.memory());
  }
  took.sort((a, b) => a - b);
  process.stdout.write(
    [
      '| what | measured | goal |',
      '|---|---|---|',
      `| export of ${rows.toLocaleString('en')} timeline rows (${megabytes(bytes)} MB), median of ${times} | ${(took[2] ?? 0).toFixed(0)} ms | < 2,000 ms |`,
      `| … memory of the server, before and at most | ${megabytes(before)} and ${megabytes(most)} MB | |`,
      '',
    ].join('\n'),
  );
} finally {
  await regulars.stop();
}
