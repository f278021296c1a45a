// `npm run bench:million`: what a password sign-in costs with 1,000 and with 1,000,000 customers, in turns.
import { setTimeout as sleep } from 'node:timers/promises';
import { addCrowd, type Person } from './crowd.ts';
import { Caller, measure } from './load.ts';
import { type Regulars, startRegulars } from './regulars.ts';
import { signIn } from './sign-in.ts';

type Side = { size: number; regulars: Regulars; caller: Caller; person: (number: number) => Person };
type Cost = { server: number; database: number; p50: number };

const many = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 10);
const workers = 4;

async function side(size: number): Promise<Side> {
  const regulars = await startRegulars(1);
  const began = performance.now();
  const person = await addCrowd(regulars, size);
  process.stderr.write(`${size} customers made in ${Math.round((performance.now() - began) / 1000)} s\n`);
  return { size, regulars, caller: new Caller(regulars.url, workers), person };
}

async function cost({ size, regulars, caller, person }: Side): Promise<Cost> {
  const act = () => signIn(caller, regulars, person(Math.floor(Math.random() * size))).then(() => undefined);
  await measure(workers, 3, act, 0);
  let count = 0;
  const [server, database] = [await regulars.cpu(), await regulars.databaseCpu()];
  const { p50 } = await measure(
    workers,
    seconds,
    async () => {
      await act();
      count += 1;
    },
    0,
  );
  return {
    server: ((await regulars.cpu()) - server) / count,
    database: ((await regulars.databaseCpu()) - database) / count,
    p50,
  };
}

const all = ({ server, database }: Cost) => server + database;
const few = await side(1000);
const crowd = await side(many);
try {
  await sleep(5000);
  const rounds: { few: Cost; crowd: Cost }[] = [];
  for (let round = 0; round < 5; round += 1) rounds.push({ few: await cost(few), crowd: await cost(crowd) });
  rounds.sort((a, b) => all(a.crowd) / all(a.few) - all(b.crowd) / all(b.few));
  const middle = rounds[2];
  if (!middle) throw new Error('nothing measured');
  const line = (size: number, { server, database, p50 }: Cost) =>
    `| ${size.toLocaleString('en')} | ${server.toFixed(1)} ms | ${database.toFixed(1)} ms | ${p50.toFixed(0)} ms |`;
  process.stdout.write(
    [
      '| customers | processor time of the server (with the hash) | of the database | time of one (4 at once) |',
      '|---|---|---|---|',
      line(few.size, middle.few),
      line(crowd.size, middle.crowd),
      '',
      `${(all(middle.crowd) / all(middle.few)).toFixed(2)} times as much (goal: at most 1.2)`,
      '',
    ].join('\n'),
  );
} finally {
  for (const { caller, regulars } of [few, crowd]) {
    caller.close();
    await regulars.stop();
  }
}
