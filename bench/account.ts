// `npm run bench:account`: the account pages of a customer with 10,000 rows in the timeline, 100 values and 1,900 likes.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createBrowser } from '../test/http-browser.ts';
import { startRegulars } from './regulars.ts';

const rows = Number(process.argv[2] ?? 10_000);
const rounds = 100;
const paths = [
  '',
  '/known',
  '/known/value?path=given_name',
  '/known/value?path=likes',
  '/ways',
  '/devices',
  '/activity',
  '/activity?kind=security',
];

const regulars = await startRegulars(1);
const database = new pg.Client({ connectionString: regulars.databaseUrl });

/** A long life: what happened over a year, by two subjects, and everything that was told. */
async function live(email: string): Promise<void> {
  const found = await database.query<{ subject: string; id: string }>(
    'select m.subject, c.id from customers c join members m on m.customer = c.id and m.until is null where c.email = $1',
    [email],
  );
  const [own] = found.rows;
  if (!own) throw new Error('no such customer');
  const second = randomUUID();
  await database.query(`insert into subjects (id, kind, created_at) values ($1, 'anonymous', now())`, [second]);
  await database.query(
    `insert into members (subject, customer, number, since, reason, act) values ($1, $2, 1, now(), 'merged', $3)`,
    [second, own.id, randomUUID()],
  );
  await database.query(
    `select ensure_timeline(class, (now() - interval '12 months')::date, 14) from unnest(array['sign_in','profile','security']) as class`,
  );
  await database.query(
    `insert into timeline (id, class, subject, source, name, occurred_at, received_at, ip, user_agent, data)
     select gen_random_uuid(), (array['sign_in','sign_in','security','profile'])[1 + i % 4],
       (array[$1::uuid, $2::uuid])[1 + i % 2], 'bench', (array['signed_in','signed_in','code_sent','value_corrected'])[1 + i % 4],
       t, t, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', '{"path": "given_name"}'
     from generate_series(1, $3::int) i, lateral (select now() - i * interval '360 days' / $3::int as t) at`,
    [own.subject, second, rows],
  );
  await database.query(
    `insert into facts (id, subject, path, kind, value, source, origin, at)
     select gen_random_uuid(), $1::uuid, 'user_metadata.value_' || i, 'said', to_jsonb('Value ' || i), 'umbrella', 'bench', now()
     from generate_series(1, 100) i
     union all
     select gen_random_uuid(), $1::uuid, 'likes', 'said',
       (select jsonb_agg(jsonb_build_object('id', i::text, 'name', 'A page about the many things of life, ' || i))
        from generate_series(1, 1900) i), 'network', 'facebook', now()
     union all select gen_random_uuid(), $1::uuid, 'given_name', 'said', '"Ada"'::jsonb, 'network', 'facebook', now()`,
    [own.subject],
  );
  // As it is after a night: what the database knows of its tables is up to date.
  await database.query('analyze');
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

try {
  await database.connect();
  const [person] = regulars.customers;
  if (!person) throw new Error('no customer');
  const browser = createBrowser();
  const door = await browser.open(`${regulars.url}/account`);
  const page = await browser.submit(door, 'login', { username: person.email, password: person.password });
  if (page.url.pathname !== '/account') throw new Error(`not signed in: ${page.text}`);
  await live(person.email);
  const lines: string[] = [];
  for (const path of paths) {
    const times: number[] = [];
    let cpu = 0;
    for (let round = -20; round < rounds; round += 1) {
      if (round === 0) cpu = await regulars.cpu();
      const began = performance.now();
      const response = await browser.send(`${regulars.url}/account${path}`);
      await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
      if (round >= 0) times.push(performance.now() - began);
    }
    cpu = (await regulars.cpu()) - cpu;
    times.sort((a, b) => a - b);
    const shown = [quantile(times, 0.5), quantile(times, 0.95), times.at(-1) ?? Number.NaN].map((time) =>
      time.toFixed(1),
    );
    lines.push(`| /account${path} | ${shown.join(' | ')} | ${(cpu / rounds).toFixed(1)} |`);
  }
  process.stdout.write(
    [
      `${rows.toLocaleString('en')} rows of the timeline; milliseconds (goal: less than 50)`,
      '| page | median | 95 % | worst | processor of the server |',
      '|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n'),
  );
} finally {
  await database.end();
  await regulars.stop();
}
