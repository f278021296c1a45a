// `npm exec -c 'node bench/profile.ts 1000000 20'`: what staff wait for with many customers and timeline rows: search as
// one types, lists, and the data of a profile, each at a steady rate.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { addCrowd } from './crowd.ts';
import { Caller } from './load.ts';
import { type Regulars, startRegulars } from './regulars.ts';

const many = Number(process.argv[2] ?? 1_000_000);
const rowsEach = Number(process.argv[3] ?? 20);
const seconds = Number(process.argv[4] ?? 20);
const perSecond = 50;

const regulars = await startRegulars(1);
try {
  const began = performance.now();
  await addCrowd(regulars, many);
  const ids = await addHistory(regulars);
  process.stderr.write(`${many} customers made in ${Math.round((performance.now() - began) / 1000)} s\n`);
  const caller = new Caller(regulars.url, 64);
  const token = await machineToken(caller, regulars);
  const ask = async (path: string) => {
    const { status, body } = await caller.send(`/api/v2/${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
  };
  const any = <T>(all: readonly T[]): T => {
    const one = all[Math.floor(Math.random() * all.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  const typed = [
    'a',
    'm',
    'an',
    'mar',
    'anna',
    'maria g',
    'garcia ma',
    'an gar',
    'm s',
    'zo zz',
    'crowd-1',
    'crowd-77',
    '0151',
    '4915',
    'zz',
    'o',
  ];
  const lists = ['sort=created_at:-1', 'sort=name:1', 'sort=family_name:-1', 'sort=email:1'];
  const kinds: readonly (readonly [string, number, () => Promise<void>])[] = [
    ['search', 100, () => ask(`users?search=${encodeURIComponent(any(typed))}`)],
    ['list in an order', 100, () => ask(`users?take=50&${any(lists)}`)],
    [
      'profile: user, timeline, devices, notes or tags',
      25,
      () => ask(`users/${encodeURIComponent(any(ids))}${any(['', '/timeline', '/devices', '/notes', '/tags'])}`),
    ],
  ];
  process.stdout.write(`| ${many.toLocaleString('en')} customers | p50 | p99 | goal |\n|---|---|---|---|\n`);
  for (const [name, goal, act] of kinds) {
    // Until the hot paths are compiled.
    await atRate(20, act);
    const times = await atRate(seconds, act);
    const at = (part: number) => (times[Math.floor(times.length * part)] ?? 0).toFixed(1);
    process.stdout.write(`| ${name}, ${perSecond} a second | ${at(0.5)} ms | ${at(0.99)} ms | < ${goal} ms |\n`);
  }
  caller.close();
} finally {
  await regulars.stop();
}

/** Begins an act at every beat, whether or not those before are done; milliseconds, in their order. */
async function atRate(forSeconds: number, act: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  const going: Promise<void>[] = [];
  const begin = performance.now();
  for (let number = 0; number < forSeconds * perSecond; number += 1) {
    await sleep(Math.max(0, begin + (number * 1000) / perSecond - performance.now()));
    const start = performance.now();
    going.push(act().then(() => void times.push(performance.now() - start)));
  }
  await Promise.all(going);
  return times.sort((a, b) => a - b);
}

/** More sign-ins for everybody, over the last months; gives some `user_id`s. */
async function addHistory({ databaseUrl }: Regulars): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('set synchronous_commit to off');
    for (let number = 1; number < rowsEach; number += 1) {
      await client.query(
        `insert into timeline (id, class, subject, source, name, occurred_at, received_at, ip)
         select gen_random_uuid(), 'sign_in', id, 'login', 'signed_in', at, at, '192.0.2.7'
         from subjects, lateral (select now() - $1::integer * interval '1 day' - random() * interval '1 day' as at) t`,
        [number],
      );
    }
    await client.query('vacuum analyze timeline');
    const { rows } = await client.query<{ user_id: string }>('select user_id from customers order by id limit 5000');
    return rows.map(({ user_id }) => user_id);
  } finally {
    await client.end();
  }
}

async function machineToken(caller: Caller, { machine, url }: Regulars): Promise<string> {
  const { body } = await caller.send('/oauth/token', {
    method: 'POST',
    form: {
      grant_type: 'client_credentials',
      client_id: machine.id,
      client_secret: machine.secret,
      audience: `${url}/api/v2/`,
    },
  });
  return String(JSON.parse(body).access_token);
}
