import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server and its database cost so far, read from Linux's /proc. */
export type Gauges = {
  readonly pid: number;
  /** Processor time of the server process so far (all its threads), milliseconds. */
  cpu(): Promise<number>;
  /** That of its main thread alone. */
  mainCpu(): Promise<number>;
  /** Processor time of the processes that run rules for it now, milliseconds. */
  rulesCpu(): Promise<number>;
  /** Processor time of its database's processes that run now, milliseconds. */
  databaseCpu(): Promise<number>;
  /** Resident memory of the server process, bytes. */
  memory(): Promise<number>;
};

/** Gauges of a server with an embedded database in `data`. */
export function gauges(child: ChildProcess, data: string): Gauges {
  const { pid } = child;
  if (pid === undefined) throw new Error('the server has no process');
  return {
    pid,
    cpu: () => cpuOf(pid),
    mainCpu: () => threadCpu(`${pid}/task/${pid}`),
    async rulesCpu() {
      const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
      const words = await Promise.all(
        children
          .split(' ')
          .filter(Boolean)
          .map(async (one) => ({ one, line: await readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => '') })),
      );
      return finelyOf(words.flatMap(({ one, line }) => (line.includes('sandbox-worker') ? [one] : [])));
    },
    async databaseCpu() {
      const cluster = join(await realpath(join(data, 'postgres')), 'cluster');
      const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
      const own = await Promise.all(all.map((one) => readlink(`/proc/${one}/cwd`).catch(() => '')));
      return finelyOf(all.filter((_, i) => own[i] === cluster));
    },
    async memory() {
      const match = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
      return Number(match?.[1]) * 1024;
    },
  };
}

async function cpuOf(pid: number): Promise<number> {
  // Fields 14 and 15 of proc(5) stat, in ticks of 10 ms; the name in field 2 may hold spaces.
  const [, rest = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The same of processes that do little each: what the scheduler has counted, to the nanosecond; 0 for one that is gone. */
async function finelyOf(pids: readonly (number | string)[]): Promise<number> {
  const times = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
      return Promise.all(threads.map((one) => threadCpu(`${pid}/task/${one}`).catch(() => 0)));
    }),
  );
  return times.flat().reduce((sum, time) => sum + time, 0);
}

async function threadCpu(thread: string): Promise<number> {
  return Number((await readFile(`/proc/${thread}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;
}
