// `npm exec -c 'node bench/rules-at-sign-in.ts [seconds [turns]]'`: what ten rules add to a sign-in. A set of rules is on
// for all its turns, as it is on a server that runs, and every other turn skips it (break glass), which is as if there
// were none. One caller: what is told is the time of one sign-in, not what the machine can do. Where others use the
// machine, too, its speed changes within seconds: so turns are short, `more` is the median of what each turn takes more
// than the one beside it, and the processor time says more than the clock.
import { cpus } from 'node:os';
import { Caller, measure } from './load.ts';
import { startRegulars } from './regulars.ts';
import { Browser } from './sign-in.ts';

const seconds = Number(process.argv[2] ?? 1);
const turns = Number(process.argv[3] ?? 15);
const deciding = (at: number) => `function (user, context, callback) {
  user.app_metadata = user.app_metadata || {};
  user.app_metadata.seen${at} = (user.app_metadata.seen${at} || 0) + 1;
  context.idToken['https://example.com/claim${at}'] = user.email.split('@')[1] + ':' + context.stats.loginsCount;
  callback(null, user, context);
}`;
// What a rule changes of `user` is for the rules behind it; this is kept.
const writing = `function (user, context, callback) {
  const seen = ((user.app_metadata || {}).seen || 0) + 1;
  auth0.users.updateAppMetadata(user.user_id, { seen })
    .then(() => callback(null, user, context))
    .catch((error) => callback(error));
}`;
const sets = {
  'ten that decide': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  'nine, and one that writes `app_metadata`': [0, 1, 2, 3, 4, 5, 6, 7, 8, 10],
} as const;
type Turn = { readonly p50: number; readonly server: number; readonly children: number; readonly database: number };

const regulars = await startRegulars(1);
try {
  const [person] = regulars.customers;
  if (!person) throw new Error('no customers');
  const ids: string[] = [];
  for (let at = 0; at <= 10; at += 1) {
    const script = at < 10 ? deciding(at) : writing;
    const made = await regulars.manage('POST', 'rules', { name: `rule ${at}`, script, enabled: false });
    ids.push(String(made.id));
  }
  const enable = async (set: readonly number[]) => {
    for (const [at, id] of ids.entries()) await regulars.manage('PATCH', `rules/${id}`, { enabled: set.includes(at) });
  };
  const caller = new Caller(regulars.url, 1);
  const browser = new Browser(caller, regulars);
  await browser.signIn(person);
  const kinds = {
    'by the session that is there': async () => void (await browser.signInAgain()),
    'by password': async () => void (await new Browser(caller, regulars).signIn(person)),
  };
  const found = new Map<string, Turn[]>();
  for (const [set, on] of Object.entries(sets)) {
    await enable(on);
    // The first turn is not counted: hot paths are compiled in it.
    for (let turn = 0; turn <= turns; turn += 1) {
      for (const [kind, act] of Object.entries(kinds)) {
        for (const skipped of [false, true]) {
          await regulars.manage('PATCH', 'rules/running', { skipped });
          await measure(1, 1, act, 0);
          const before = await costs();
          const { p50, count } = await measure(1, seconds, act, 0);
          const after = await costs();
          const [server = 0, children = 0, database = 0] = after.map((one, at) => (one - (before[at] ?? 0)) / count);
          const key = `${kind} ${set} ${skipped}`;
          if (turn > 0) found.set(key, [...(found.get(key) ?? []), { p50, server, children, database }]);
        }
      }
    }
  }
  const [model] = cpus();
  const lines = Object.keys(kinds).flatMap((kind) =>
    Object.keys(sets).flatMap((set) => {
      const turnsOf = (skipped: boolean) => found.get(`${kind} ${set} ${skipped}`) ?? [];
      const [none, all] = [turnsOf(true), turnsOf(false)];
      const more = median(all.map(({ p50 }, turn) => p50 - (none[turn]?.p50 ?? Number.NaN)));
      return [
        `| ${kind} | none | ${told(mediansOf(none))} |`,
        `| | ${set} | ${told(mediansOf(all), `${more.toFixed(2)} ms`)} |`,
      ];
    }),
  );
  process.stdout.write(
    [
      `${cpus().length} cores (${model?.model.trim()}), Node ${process.versions.node}; medians of ${turns} turns of ${seconds} s`,
      '',
      '| a sign-in | rules | p50 | more (goal: < 2 ms) | processor: server’s main thread / rules / database |',
      '|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n'),
  );
  caller.close();
} finally {
  await regulars.stop();
}

function told({ p50, server, children, database }: Turn, more = ''): string {
  const processor = [server, children, database].map((ms) => ms.toFixed(2)).join(' / ');
  return `${p50.toFixed(2)} ms | ${more} | ${processor} ms`;
}

async function costs(): Promise<number[]> {
  return Promise.all([regulars.mainCpu(), regulars.rulesCpu(), regulars.databaseCpu()]);
}

function mediansOf(all: readonly Turn[]): Turn {
  const of = (read: (turn: Turn) => number) => median(all.map(read));
  return {
    p50: of((turn) => turn.p50),
    server: of((turn) => turn.server),
    children: of((turn) => turn.children),
    database: of((turn) => turn.database),
  };
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
