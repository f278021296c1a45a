// `npm run bench:growth`: memory of the server process from 10,000 to 100,000 sign-ins. One in fifty is by password and
// page, the others come by a session that is there (authorize, journey, code, token): all of it but the hash. Garbage is
// collected before each look: V8 lets it lie as long as the machine has memory.
import { setTimeout as sleep } from 'node:timers/promises';
import { Caller } from './load.ts';
import { startRegulars } from './regulars.ts';
import { Browser } from './sign-in.ts';

const all = Number(process.argv[2] ?? 100_000);
const first = Number(process.argv[3] ?? all / 10);
const workers = 8;

const regulars = await startRegulars(workers, ['--expose-gc', '--import', './bench/collect-on-signal.ts']);
const caller = new Caller(regulars.url, workers);
const megabytes = (bytes: number) => bytes / 2 ** 20;
let done = 0;

async function signInUntil(count: number, person: { email: string; password: string }): Promise<void> {
  let browser = new Browser(caller, regulars);
  for (let own = 0; done < count; own += 1) {
    done += 1;
    if (own % 50 === 0) {
      browser = new Browser(caller, regulars);
      await browser.signIn(person);
    } else await browser.signInAgain();
  }
}

/** After a quiet while and a full collection: the least of several looks. */
async function settledMemory(): Promise<number> {
  await sleep(5_000);
  process.kill(regulars.pid, 'SIGUSR2');
  await sleep(3_000);
  const looks: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    looks.push(await regulars.memory());
    await sleep(250);
  }
  return megabytes(Math.min(...looks));
}

try {
  // Passwords at once first, so that every thread that hashes has the memory that it keeps.
  await Promise.all(
    regulars.customers.map(async (person) => {
      for (let i = 0; i < 10; i += 1) await new Browser(caller, regulars).signIn(person);
    }),
  );
  const looks: { count: number; memory: number }[] = [];
  for (let count = first; count <= all; count += first) {
    await Promise.all(regulars.customers.map((person) => signInUntil(count, person)));
    const memory = await settledMemory();
    looks.push({ count, memory });
    process.stderr.write(`${count} sign-ins: ${memory.toFixed(1)} MB\n`);
  }
  const [begin, end] = [looks[0], looks.at(-1)];
  if (!begin || !end) throw new Error('nothing measured');
  process.stdout.write(
    [
      '| sign-ins | memory of the server |',
      '|---|---|',
      ...looks.map(({ count, memory }) => `| ${count.toLocaleString('en')} | ${memory.toFixed(1)} MB |`),
      '',
      `grown by ${(end.memory - begin.memory).toFixed(1)} MB (goal: less than 10)`,
      '',
    ].join('\n'),
  );
} finally {
  caller.close();
  await regulars.stop();
}
