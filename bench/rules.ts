// `npm exec -c 'node bench/rules.ts [seconds [how many wait [one part]]]'`: what it costs to run the umbrella's own code
// apart from the server. Rules run as at a sign-in, with the world of Node around them. Everything shares this machine,
// so the ratios and the processor time say more than the clock; an empty message to another process and back is told
// beside, as what no run can be quicker than.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { availableParallelism, cpus, freemem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../server/base/json.ts';
import { openLog } from '../server/base/log.ts';
import { openSandbox } from '../server/base/sandbox/sandbox.ts';
import { type Pipeline, preparePipeline } from '../server/features/rules/pipeline.ts';
import { type RulesHost, runPipeline } from '../server/features/rules/run-pipeline.ts';
import { measure } from './load.ts';

type Row = { what: string; figure: string; goal: string };

const rule = (at: number) => `function (user, context, callback) {
  user.app_metadata = user.app_metadata || {};
  user.app_metadata.seen${at} = (user.app_metadata.seen${at} || 0) + 1;
  context.idToken['https://example.com/claim${at}'] = user.email.split('@')[1] + ':' + context.stats.loginsCount;
  callback(null, user, context);
}`;
const waiting = `async function (user, context, callback) {
  if (user.app_metadata.hurries) return callback(null, user, context);
  const answer = await fetch('http://outside.test/');
  user.app_metadata.told = await answer.text();
  callback(null, user, context);
}`;
const input = {
  user: {
    user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
    email: 'ada@example.com',
    identities: [{ connection: 'Users', provider: 'auth0', user_id: '5f7c8ec7c33c6c004bbafe82', isSocial: false }],
    user_metadata: { notes: 'n'.repeat(1600), scents: ['oud', 'rose', 'vetiver'] },
    app_metadata: { roles: ['member'] },
  },
  context: {
    idToken: {},
    accessToken: {},
    stats: { loginsCount: 7 },
    request: { ip: '203.0.113.9', geoip: { country_code: 'DE' } },
  },
};
const auth0 = { accessToken: '', domain: 'id.test', baseUrl: 'https://id.test/api/v2' };
const seconds = Number(process.argv[2] ?? 3);
const mostWaiting = Number(process.argv[3] ?? 500);
const rows: Row[] = [];
const one = (value: number, digits = 2) => value.toFixed(digits);
const log = openLog();
let sandbox = openSandbox({ log });
// So many wait at once with this setting.
const enoughMb = 12 * mostWaiting;

function pipelineOf(name: string, scripts: readonly string[], deadlineMs = 300_000): Promise<Pipeline> {
  const scripted = scripts.map((script, at) => {
    const own = { id: `${name}${at}`, name: `${name} ${at}`, source: `rule:${name}${at}` };
    const policy = { isLibrary: false, onFailure: 'refuse', deadlineMs: null } as const;
    return { rule: { ...own, ...policy }, script, configuration: '{}' };
  });
  return preparePipeline(name, scripted, deadlineMs);
}

const few = (count: number) =>
  pipelineOf(
    `bench${count}`,
    Array.from({ length: count }, (_, at) => rule(at)),
  );

/** What a sign-in waits for; `over` is when nothing of it goes on any more. */
async function begin(
  pipeline: Pipeline,
  host: RulesHost = async () => null,
  app_metadata: JsonObject = input.user.app_metadata,
): Promise<{ over: Promise<unknown> }> {
  const own = { ...input, user: { ...input.user, app_metadata } };
  const { outcome, over } = await runPipeline({ sandbox, log }, pipeline, {
    input: own,
    host,
    auth0,
    printed: () => {},
  });
  if (outcome.refused) throw new Error(outcome.refused.message);
  return { over };
}

async function run(...one: Parameters<typeof begin>): Promise<void> {
  const { over } = await begin(...one);
  await over;
}

/** Processor time in ms of this process and its children so far. */
function cpu(): { server: number; children: number } {
  const { user, system } = process.cpuUsage();
  return { server: (user + system) / 1000, children: childIds().reduce((sum, id) => sum + cpuOf(id), 0) };
}

function childIds(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
}

function cpuOf(id: string): number {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentOf(id: number): number {
  return Number(readFileSync(`/proc/${id}/statm`, 'latin1').split(' ')[1]);
}

/** The same rules in this very process, as no server should run them. */
async function unsafely(count: number): Promise<number> {
  const rules: unknown[] = Array.from({ length: count }, (_, at) => new Function(`return ${rule(at)}`)());
  const { perSecond } = await measure(1, seconds, async () => {
    let state: unknown[] = [structuredClone(input.user), structuredClone(input.context)];
    for (const own of rules) {
      state = await new Promise((resolve) => {
        if (typeof own === 'function') own(...state, (_: unknown, ...next: unknown[]) => resolve(next));
      });
    }
  });
  return perSecond;
}

/** 2 KB to another process and back, which does nothing with it. */
async function emptyMessages(): Promise<void> {
  const echo = "const s = new (require('node:net').Socket)({ fd: 3 }); s.on('data', (data) => s.write(data))";
  const child = spawn(process.execPath, ['-e', echo], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'overlapped'],
  });
  const pipe = child.stdio[3];
  if (!(pipe instanceof Socket)) throw new Error('no pipe');
  const message = Buffer.alloc(2048);
  const { p50 } = await measure(1, seconds, async () => {
    pipe.write(message);
    for (let left = message.length; left > 0; ) {
      const [data]: Buffer[] = await once(pipe, 'data');
      left -= data?.length ?? 0;
    }
  });
  child.kill();
  rows.push({ what: '2 KB to another process and back, nothing run', figure: `p50 ${one(p50)} ms`, goal: '' });
}

async function warmRuns(): Promise<void> {
  const [single, three, ten] = [await few(1), await few(3), await few(10)];
  // V8 goes on making our own code faster for some ten thousand runs, which a server at work has behind it.
  await measure(1, 8, () => run(single), 0);
  const alone = await measure(1, seconds, () => run(single));
  const figure = `p50 ${one(alone.p50)} ms, p99 ${one(alone.p99)} ms`;
  rows.push({ what: 'one rule, warm, 2 KB profile, 1 caller', figure, goal: 'p50 < 0.4 ms, p99 < 3 ms' });
  await measure(1, 1, () => run(ten));
  const tenth = await measure(1, seconds, () => run(ten));
  const all = `p50 ${one(tenth.p50)} ms, p99 ${one(tenth.p99)} ms`;
  rows.push({ what: 'ten rules: what a sign-in waits for', figure: all, goal: 'p50 < 2 ms' });

  await measure(16, 2, () => run(three));
  const before = cpu();
  const { count, perSecond } = await measure(16, seconds, () => run(three), 0);
  const after = cpu();
  const [server, children] = [(after.server - before.server) / count, (after.children - before.children) / count];
  const most = (1000 * availableParallelism()) / (server + children);
  const told = `${one(perSecond, 0)}/s; ${one(server)} ms of processor in the server and ${one(children)} in the children each: ${one(most, 0)}/s if nothing else ran`;
  rows.push({ what: 'pipelines of three rules, 16 callers', figure: told, goal: '3,000/s' });
  const unsafe = await unsafely(3);
  const ratio = `${one(unsafe, 0)}/s, ratio ${one(perSecond / unsafe)}`;
  rows.push({ what: '… the same code unsafe in the server, 1 caller', figure: ratio, goal: '' });
}

/** The first, the median and the longest of some times in ms. */
function told([first = Number.NaN, ...others]: number[]): string {
  const sorted = others.sort((one, other) => one - other);
  if (sorted.length === 0) return `${one(first)} ms`;
  return `first ${one(first)} ms, then median ${one(sorted[sorted.length >> 1] ?? 0)}, longest ${one(sorted.at(-1) ?? 0)}`;
}

/** Many wait, with the memory that is set where nobody sets any, and with enough for all of them. */
async function besideWaiting(): Promise<void> {
  const usual = sandbox;
  await besideWaitingIn('1,536 MB');
  if (freemem() < 1.5 * enoughMb * 2 ** 20) return;
  sandbox = openSandbox({ log, memoryMb: enoughMb });
  try {
    await besideWaitingIn(`${enoughMb} MB`);
  } finally {
    await sandbox.close();
    sandbox = usual;
  }
}

/** All of them wait at once while another is measured, however long they took to begin. */
async function besideWaitingIn(setting: string): Promise<void> {
  const single = await few(1);
  const gate = Promise.withResolvers<void>();
  // The 2 s begin when all of them ask: they are waiting before that is measured, and for as long as it takes.
  const outside = createServer((_, answer) => void gate.promise.then(() => answer.end('told'))).listen(0, '127.0.0.1');
  await once(outside, 'listening');
  const address = outside.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const waiter = await pipelineOf('waiter', [waiting]);
  let [began, ended] = [0, 0];
  const failed = new Set<string>();
  const host: RulesHost = async (name) => {
    if (name !== 'http') return null;
    began += 1;
    const answer = await fetch(`http://127.0.0.1:${address.port}/`);
    return { status: answer.status, statusText: 'OK', headers: [], body: btoa(await answer.text()) };
  };
  const runs = Array.from({ length: mostWaiting }, () =>
    run(waiter, host).then(
      () => (ended += 1),
      (error: Error) => failed.add(error.message),
    ),
  );
  for (let seen = -1; seen !== began; await sleep(3000)) seen = began;
  const { processes, memory } = sandbox.work();
  const mb = memory / 2 ** 20;
  const behind = began < mostWaiting ? ', the rest behind them' : '';
  const held = `${began} at once${behind}; ${one(mb, 0)} MB in ${processes.length} processes, ${one(mb / began, 1)} MB each`;
  rows.push({
    what: `${mostWaiting} sign-ins wait in \`fetch\`, REGULARS_RULES_MEMORY ${setting}`,
    figure: held,
    goal: '',
  });
  const beside = await measure(1, 1, () => run(single), 0);
  const other = `p50 ${one(beside.p50)} ms, p99 ${one(beside.p99)} ms`;
  rows.push({ what: '… one rule of another program meanwhile', figure: other, goal: '< 50 ms more' });
  /** How long each of so many sign-ins waits, one after the other; "all": until all the others are over. */
  async function hurry(count: number | 'all'): Promise<number[]> {
    const took: number[] = [];
    for (let at = 0; count === 'all' ? ended < mostWaiting : at < count; at += 1) {
      const since = performance.now();
      const { over } = await begin(waiter, undefined, { hurries: true });
      took.push(performance.now() - since);
      await over;
    }
    return took;
  }
  let answeredAt = Number.NaN;
  const answer = () => {
    answeredAt = performance.now();
    gate.resolve();
  };
  if (began < mostWaiting) {
    const first = hurry(1);
    answer();
    const figure = `waits for a place: ${told(await first)} from when the others had their answers`;
    rows.push({ what: '… one of the same that does not wait', figure, goal: '< 50 ms more' });
  } else {
    rows.push({ what: '… one of the same that does not wait', figure: told(await hurry(100)), goal: '< 50 ms more' });
    answer();
    const figure = told(await hurry('all'));
    rows.push({ what: '… the same, while the answers of all come at once', figure, goal: '' });
  }
  await Promise.all(runs);
  outside.close();
  const well = `${ended} ended well, ${one((performance.now() - answeredAt) / 1000, 1)} s from their answers on`;
  rows.push({ what: '… the others', figure: [well, ...failed].join('; '), goal: '' });
}

async function replacedVersions(): Promise<void> {
  const replace = async (at: number) => run(await pipelineOf('replaced', [rule(at)]));
  const took: number[] = [];
  // Twice: the processes of what was measured before end while they rest.
  for (let at = 100; at < 110; at += 1) await replace(at);
  await sleep(3000);
  for (let at = 0; at < 10; at += 1) await replace(at);
  await sleep(3000);
  const before = [process.memoryUsage.rss(), sandbox.work().memory];
  for (let at = 10; at < 60; at += 1) {
    const since = performance.now();
    await replace(at);
    took.push(performance.now() - since);
  }
  await sleep(3000);
  const after = [process.memoryUsage.rss(), sandbox.work().memory];
  const [server, children] = after.map((bytes, at) => one((bytes - (before[at] ?? 0)) / 2 ** 20, 1));
  const figure = `${server} MB more in the server, ${children} MB in the children`;
  rows.push({ what: '50 replaced versions', figure, goal: 'none' });
  const median = one(took.sort((a, b) => a - b)[25] ?? Number.NaN, 1);
  rows.push({ what: 'the first run of a new version', figure: `p50 ${median} ms`, goal: '' });
}

async function deaths(): Promise<void> {
  const single = await few(1);
  const took: number[] = [];
  for (let at = 0; at < 10; at += 1) {
    await run(single);
    await sleep(1000);
    const held = run(await pipelineOf('held', [waiting], 5000), () => new Promise(() => {})).catch(() => undefined);
    await sleep(300);
    // The one that holds it has the most memory.
    const [[, busiest = 0] = []] = sandbox
      .work()
      .processes.map((id) => [residentOf(id), id] as const)
      .sort(([one], [other]) => other - one);
    process.kill(busiest, 'SIGKILL');
    await held;
    const since = performance.now();
    await run(single);
    took.push(performance.now() - since);
  }
  took.sort((a, b) => a - b);
  const figure = `median ${one(took[5] ?? Number.NaN, 0)} ms, worst ${one(took[9] ?? Number.NaN, 0)} ms`;
  rows.push({ what: 'the first run after a process was killed', figure, goal: '< 200 ms' });
}

const parts = { emptyMessages, warmRuns, besideWaiting, replacedVersions, deaths };
try {
  for (const [name, part] of Object.entries(parts)) if ((process.argv[4] ?? name) === name) await part();
} finally {
  await sandbox.close();
}

const [model] = cpus();
process.stdout.write(
  [
    `${cpus().length} cores (${model?.model.trim()}), Node ${process.versions.node}`,
    '',
    '| what | measured | goal |',
    '|---|---|---|',
    ...rows.map(({ what, figure, goal }) => `| ${what} | ${figure} | ${goal} |`),
    '',
  ].join('\n'),
);
process.exit();
