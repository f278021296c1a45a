import pg from 'pg';
import { createAuthenticator } from '../test/authenticator.ts';
import { Caller, measure } from './load.ts';
import type { Regulars } from './regulars.ts';
import { Browser, type Holder } from './sign-in.ts';

export type PasskeySignIn = {
  /** Answers of authenticators that are checked and whose sign-ins are recorded; the way there and back left out. */
  act: Cost;
  /** Whole flows. */
  whole: Cost & { p50: number; p99: number };
};

/** How many a second, and milliseconds of processor time of one: of the server, and of its database. */
type Cost = { perSecond: number; server: number; database: number };

const workers = 12;
const warmUps = 600;
const scope = 'openid profile email offline_access';

/** Sign-ins by passkey, saturating: the whole flow, and the act of the passkey alone. */
export async function measurePasskeySignIn(regulars: Regulars, seconds: number): Promise<PasskeySignIn> {
  const keys = await givePasskeys(regulars);
  const caller = new Caller(regulars.url, workers);
  let next = 0;
  const holder = (): Holder => keys[next++ % keys.length] ?? noKey();
  try {
    const flow = async () => void (await new Browser(caller, regulars).signInByPasskey(holder(), scope));
    await drain(Array.from({ length: warmUps }, () => flow));
    let measured = { p50: 0, p99: 0 };
    const whole = await costOf(regulars, async () => {
      const all = await measure(workers, seconds, flow, 0);
      measured = all;
      return all.count;
    });
    const ready: (() => Promise<unknown>)[] = [];
    const prepare = async () => {
      const browser = new Browser(caller, regulars);
      const answer = await browser.readyPasskey(holder(), scope);
      ready.push(() => browser.sendPasskey(answer));
    };
    await measure(workers, seconds, prepare, 0);
    const act = await costOf(regulars, () => drain(ready));
    return { act, whole: { ...whole, p50: measured.p50, p99: measured.p99 } };
  } finally {
    caller.close();
  }
}

/** @param work gives how often it did it */
async function costOf(regulars: Regulars, work: () => Promise<number>): Promise<Cost> {
  const [server, database, begin] = [await regulars.cpu(), await regulars.databaseCpu(), performance.now()];
  const count = await work();
  return {
    perSecond: (count / (performance.now() - begin)) * 1000,
    server: ((await regulars.cpu()) - server) / count,
    database: ((await regulars.databaseCpu()) - database) / count,
  };
}

/** Does all of it, a few at once. @returns how many that was */
async function drain(waiting: (() => Promise<unknown>)[]): Promise<number> {
  const { length } = waiting;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let act = waiting.pop(); act; act = waiting.pop()) await act();
    }),
  );
  return length;
}

/** A passkey for each customer, written where the server keeps them. */
async function givePasskeys({ url, databaseUrl, customers }: Regulars): Promise<Holder[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const keys: Holder[] = [];
    for (const [number, { email }] of customers.entries()) {
      const authenticator = createAuthenticator(url);
      const user = Buffer.from(`bench-user-handle-${number}`).toString('base64url');
      authenticator.create({ challenge: 'none', rp: { id: 'localhost' }, user: { id: user } });
      const [kept] = authenticator.kept;
      const data = {
        name: 'Bench',
        connection: 'Username-Password-Authentication',
        public_key: kept?.publicKey,
        user_handle: user,
        counter: 0,
        transports: [],
        aaguid: '00000000-0000-0000-0000-000000000000',
        is_synced: true,
      };
      await client.query(
        `insert into authentication_methods (id, subject, type, credential_id, data, proved_at, created_at)
          select gen_random_uuid(), subject, 'passkey', $2, $3, now(), now()
          from login_identifiers where kind = 'email' and value = $1`,
        [email, Buffer.from(kept?.id ?? '', 'base64url'), JSON.stringify(data)],
      );
      keys.push({ email, authenticator });
    }
    return keys;
  } finally {
    await client.end();
  }
}

function noKey(): never {
  throw new Error('no customers');
}
