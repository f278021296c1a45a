import { setTimeout as sleep } from 'node:timers/promises';
import { runChild } from './child.ts';
import { Caller, measure } from './load.ts';
import type { Regulars } from './regulars.ts';
import { signIn } from './sign-in.ts';

export type PasswordSignIn = {
  argon2PerSecond: number;
  perSecond: number;
  /** Of what argon2id alone allows. */
  share: number;
  /** Milliseconds of the server process's processor time a sign-in, without the hash. */
  cpuBesideHash: number;
  /** Milliseconds of processor time that a hash takes alone. */
  cpuOfHash: number;
  p50: number;
  p99: number;
  /** Milliseconds, while sign-ins saturate the machine. */
  userinfoP99: number;
};

/** The whole flow by password, saturating; and how /userinfo fares meanwhile. */
export async function measurePasswordSignIn(regulars: Regulars, seconds: number): Promise<PasswordSignIn> {
  const alone = await runChild('argon2-alone.ts');
  const hash = { perSecond: Number(alone.told.perSecond), cpuMs: Number(alone.told.cpuMs) };
  const workers = 12;
  const caller = new Caller(regulars.url, workers);
  const aside = new Caller(regulars.url, 2);
  const [first] = regulars.customers;
  if (!first) throw new Error('no customers');
  const { access_token } = await signIn(caller, regulars, first);
  const host = new URL(regulars.url).host;

  let next = 0;
  let done = 0;
  let cpuBegin = 0;
  // Until the hot paths are compiled, which takes some thousand sign-ins: a server runs for days.
  const warmUp = 90;
  const begin = sleep(warmUp * 1000).then(async () => {
    cpuBegin = await regulars.cpu();
    done = 0;
  });
  const userinfos = measure(
    1,
    seconds,
    async () => {
      const answer = await aside.send('/userinfo', { headers: { host, authorization: `Bearer ${access_token}` } });
      if (answer.status !== 200) throw new Error(`userinfo: ${answer.status}`);
      await sleep(40);
    },
    warmUp,
  );
  const measured = await measure(
    workers,
    seconds,
    async () => {
      const person = regulars.customers[next++ % regulars.customers.length] ?? first;
      await signIn(caller, regulars, person);
      done += 1;
    },
    warmUp,
  );
  await begin;
  const cpu = (await regulars.cpu()) - cpuBegin;
  const count = done;
  const beside = await userinfos;
  caller.close();
  aside.close();
  return {
    argon2PerSecond: hash.perSecond,
    perSecond: measured.perSecond,
    share: measured.perSecond / hash.perSecond,
    cpuBesideHash: cpu / count - hash.cpuMs,
    cpuOfHash: hash.cpuMs,
    p50: measured.p50,
    p99: measured.p99,
    userinfoP99: beside.p99 - 40,
  };
}

/** Median milliseconds of a refused sign-in for a known and for an unknown address: they must not tell. */
export async function compareRefusals(regulars: Regulars, rounds: number): Promise<{ known: number; unknown: number }> {
  const caller = new Caller(regulars.url, 1);
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
  for (let i = 0; i < rounds; i += 1) {
    // Another customer each time: nobody is to reach the limit of failures.
    const people = { known: `customer-${i}@example.com`, unknown: `nobody-${i}@example.com` };
    for (const kind of i % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
      const start = performance.now();
      await caller.send('/oauth/token', {
        method: 'POST',
        headers: { host: new URL(regulars.url).host },
        form: {
          grant_type: 'password',
          client_id: regulars.web.id,
          client_secret: regulars.web.secret,
          username: people[kind],
          password: 'not the password',
        },
      });
      times[kind].push(performance.now() - start);
    }
  }
  caller.close();
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
  return { known: median(times.known), unknown: median(times.unknown) };
}
