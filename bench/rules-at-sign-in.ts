// `npm exec -c 'node bench/rules-at-sign-in.ts'`: what ten rules add to a sign-in, in turns with none on the same server.
// One caller: what is told is the time of one sign-in, not what the machine can do.
import { cpus } from 'node:os';
import { Caller, measure } from './load.ts';
import { startRegulars } from './regulars.ts';
import { Browser } from './sign-in.ts';

const seconds = Number(process.argv[2] ?? 4);
const turns = Number(process.argv[3] ?? 5);
const rule = (at: number) => `function (user, context, callback) {
  user.app_metadata = user.app_metadata || {};
  user.app_metadata.seen${at} = (user.app_metadata.seen${at} || 0) + 1;
  context.idToken['https://example.com/claim${at}'] = user.email.split('@')[1] + ':' + context.stats.loginsCount;
  callback(null, user, context);
}`;

const regulars = await startRegulars(1);
try {
  const [person] = regulars.customers;
  if (!person) throw new Error('no customers');
  const rules: string[] = [];
  for (let at = 0; at < 10; at += 1) {
    const made = await regulars.manage('POST', 'rules', { name: `rule ${at}`, script: rule(at), enabled: false });
    rules.push(String(made.id));
  }
  const caller = new Caller(regulars.url, 1);
  const browser = new Browser(caller, regulars);
  await browser.signIn(person);
  const kinds = {
    'by the session that is there': async () => void (await browser.signInAgain()),
    'by password': async () => void (await new Browser(caller, regulars).signIn(person)),
  };
  const found = Object.keys(kinds).map((name) => ({ name, none: [] as number[], ten: [] as number[] }));
  // The first turn is not counted: hot paths are compiled in it.
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const on of [false, true]) {
      for (const id of rules) await regulars.manage('PATCH', `rules/${id}`, { enabled: on });
      for (const [at, act] of Object.values(kinds).entries()) {
        const { p50 } = await measure(1, seconds, act, 1);
        if (turn > 0) found[at]?.[on ? 'ten' : 'none'].push(p50);
      }
    }
  }
  const [model] = cpus();
  const lines = found.map(({ name, none, ten }) => {
    const [before, after] = [median(none), median(ten)];
    return `| ${name} | ${before.toFixed(2)} ms | ${after.toFixed(2)} ms | ${(after - before).toFixed(2)} ms |`;
  });
  process.stdout.write(
    [
      `${cpus().length} cores (${model?.model.trim()}), Node ${process.versions.node}; medians of ${turns} turns of ${seconds} s`,
      '',
      '| a sign-in | p50 with no rule | with ten | more (goal: < 2 ms) |',
      '|---|---|---|---|',
      ...lines,
      '',
    ].join('\n'),
  );
  caller.close();
} finally {
  await regulars.stop();
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
