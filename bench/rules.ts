// `npm exec -c 'node bench/rules.ts'`: what it costs to run the umbrella's own code apart from the server. Everything
// shares this machine, so the ratios and the processor time say more than the clock.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog } from '../server/base/log.ts';
import { openSandbox, type Program } from '../server/base/sandbox/sandbox.ts';
import { measure } from './load.ts';

type Row = { what: string; figure: string; goal: string };

const rule = (at: number) => `function (user, context, callback) {
  user.app_metadata = user.app_metadata || {};
  user.app_metadata.seen${at} = (user.app_metadata.seen${at} || 0) + 1;
  context.idToken['https://example.com/claim${at}'] = user.email.split('@')[1] + ':' + context.stats.loginsCount;
  callback(null, user, context);
}`;
const driver = (rules: number) => `
  const rules = [${Array.from({ length: rules }, (_, at) => rule(at)).join(',')}];
  globalThis.main = async (json) => {
    let { user, context } = JSON.parse(json);
    for (const rule of rules) {
      await new Promise((resolve, reject) =>
        rule(user, context, (error, nextUser, nextContext) => {
          if (error) reject(error);
          else resolve([user, context] = [nextUser || user, nextContext || context]);
        }));
    }
    return JSON.stringify({ user, context });
  };`;
const program = (rules: number): Program => ({
  name: `bench${rules}`,
  version: `bench${rules}`,
  files: [{ name: 'driver.js', source: driver(rules) }],
});
const waiter: Program = {
  version: 'waiter',
  files: [
    { name: 'w.js', source: "{ const { call } = globalThis.$host; globalThis.main = () => call('wait', '1'); }" },
  ],
};
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
// So many fit into the memory there is.
const mostWaiting = Number(process.argv[3] ?? 450);
const seconds = Number(process.argv[2] ?? 3);
const rows: Row[] = [];
const one = (value: number, digits = 2) => value.toFixed(digits);
const sandbox = openSandbox({ log: openLog() });

async function run(which: Program, host = async (): Promise<unknown> => null): Promise<void> {
  const ended = await sandbox.run({ program: which, input, deadlineMs: 60_000, host });
  if ('failure' in ended) throw new Error(`${ended.failure.kind}: ${ended.failure.message}`);
}

/** Processor time in ms of this process and its children so far. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childIds().reduce((sum, id) => sum + cpuOf(id), 0);
}

function childIds(): string[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
}

function cpuOf(id: string): number {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function inServer(rules: number): Promise<number> {
  const scope: { main?: (json: string) => Promise<string> } = {};
  new Function('globalThis', driver(rules))(scope);
  const { main } = scope;
  if (!main) throw new Error('the driver leaves no main');
  const { perSecond } = await measure(1, seconds, async () => void JSON.parse(await main(JSON.stringify(input))));
  return perSecond;
}

try {
  for (let at = 0; at < 300; at += 1) await run(program(1));
  const alone = await measure(1, seconds, () => run(program(1)));
  rows.push({
    what: 'one rule, warm, 2 KB profile, 1 caller',
    figure: `p50 ${one(alone.p50)} ms, p99 ${one(alone.p99)} ms`,
    goal: 'p50 < 0.4, p99 < 3',
  });
  await measure(1, 1, () => run(program(10)));
  const ten = await measure(1, seconds, () => run(program(10)));
  rows.push({ what: 'ten rules, 1 caller', figure: `p50 ${one(ten.p50)} ms, p99 ${one(ten.p99)} ms`, goal: 'p50 < 2' });

  await measure(16, 1, () => run(program(3)));
  const before = cpu();
  const three = await measure(16, seconds, () => run(program(3)), 0);
  const each = (cpu() - before) / three.count;
  rows.push({
    what: 'pipelines of three rules, 16 callers',
    figure: `${one(three.perSecond, 0)}/s; ${one(each)} ms of processor each: ${one((1000 * availableParallelism()) / each, 0)}/s if nothing else ran`,
    goal: '3000/s',
  });
  const unsafe = await inServer(3);
  rows.push({
    what: '… the same code unsafe in the server, 1 caller',
    figure: `${one(unsafe, 0)}/s, ratio ${one(three.perSecond / unsafe)}`,
    goal: '',
  });

  // All of them wait at once while the other is measured, however long they took to begin.
  const gate = Promise.withResolvers<void>();
  let called = 0;
  const waits = Array.from({ length: mostWaiting }, () =>
    run(waiter, () => {
      called += 1;
      return gate.promise;
    }),
  );
  while (called < mostWaiting) await sleep(50);
  const beside = await measure(1, 1, () => run(program(1)), 0);
  gate.resolve();
  await Promise.all(waits);
  rows.push({
    what: `one rule while ${mostWaiting} runs wait`,
    figure: `p50 ${one(beside.p50)} ms, p99 ${one(beside.p99)} ms`,
    goal: '< 50 ms more',
  });
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
