import { runChild, text, texts } from './child.ts';
import { Caller, type Measured, measure } from './load.ts';
import { type Regulars, record } from './regulars.ts';
import { signIn } from './sign-in.ts';

const workers = 16;

type Side = {
  caller: Caller;
  host: string;
  tokenPath: string;
  userinfoPath: string;
  machine: Record<string, string>;
  web: Record<string, string>;
  refreshTokens: string[];
  accessTokens: string[];
};

export type Compared = { name: string; bare: Measured; ours: Measured; ratio: number; goal: number };

/** Client credentials, refresh with rotation and /userinfo: Regulars against bare in-memory oidc-provider, in turns. */
export async function compareTokenEndpoints(regulars: Regulars, seconds: number): Promise<Compared[]> {
  const child = await runChild('bare-provider.ts', [String(workers)]);
  const bare = bareSide(child.told);
  const ours = await oursSide(regulars);
  try {
    const acts = [
      { name: 'client credentials, JWT', goal: 0.6, act: clientCredentials },
      { name: '/userinfo', goal: 0.6, act: userinfo },
      // Last: bare oidc-provider keeps 1,000 things, so what it issues here pushes the access tokens out.
      { name: 'refresh with rotation', goal: 0.4, act: refresh },
    ];
    const compared: Compared[] = [];
    for (const { name, goal, act } of acts) {
      // In turns, so that a busy neighbour on this machine slows both.
      const rounds: { bare: Measured; ours: Measured }[] = [];
      for (let round = 0; round < 3; round += 1) {
        rounds.push({
          bare: await measure(workers, seconds, (worker) => act(bare, worker)),
          ours: await measure(workers, seconds, (worker) => act(ours, worker)),
        });
      }
      const [, middle] = rounds.sort(
        (a, b) => a.ours.perSecond / a.bare.perSecond - b.ours.perSecond / b.bare.perSecond,
      );
      if (!middle) throw new Error('nothing measured');
      compared.push({ name, ...middle, ratio: middle.ours.perSecond / middle.bare.perSecond, goal });
    }
    return compared;
  } finally {
    bare.caller.close();
    ours.caller.close();
    await child.end();
  }
}

async function clientCredentials({ caller, host, tokenPath, machine }: Side): Promise<void> {
  const form = { grant_type: 'client_credentials', ...machine };
  const answer = await caller.send(tokenPath, { method: 'POST', headers: { host }, form });
  if (answer.status !== 200) throw new Error(`client credentials: ${answer.status} ${answer.body}`);
}

async function refresh({ caller, host, tokenPath, web, refreshTokens }: Side, worker: number): Promise<void> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshTokens[worker] ?? '', ...web };
  const answer = await caller.send(tokenPath, { method: 'POST', headers: { host }, form });
  if (answer.status !== 200) throw new Error(`refresh: ${answer.status} ${answer.body}`);
  refreshTokens[worker] = String(record(JSON.parse(answer.body)).refresh_token);
}

async function userinfo({ caller, host, userinfoPath, accessTokens }: Side, worker: number): Promise<void> {
  const headers = { host, authorization: `Bearer ${accessTokens[worker]}` };
  const answer = await caller.send(userinfoPath, { headers });
  if (answer.status !== 200) throw new Error(`userinfo: ${answer.status} ${answer.body}`);
}

function bareSide(told: Record<string, unknown>): Side {
  const origin = text(told, 'origin');
  return {
    caller: new Caller(origin, workers),
    host: new URL(origin).host,
    tokenPath: '/token',
    userinfoPath: '/me',
    machine: { client_id: 'machine', client_secret: 'machine-secret-of-the-bench', resource: text(told, 'api') },
    web: { client_id: 'web', client_secret: 'web-secret-of-the-bench' },
    refreshTokens: texts(told, 'refreshTokens'),
    accessTokens: texts(told, 'accessTokens'),
  };
}

async function oursSide(regulars: Regulars): Promise<Side> {
  const caller = new Caller(regulars.url, workers);
  const refreshTokens: string[] = [];
  const accessTokens: string[] = [];
  for (const person of regulars.customers.slice(0, workers)) {
    const tokens = await signIn(caller, regulars, person);
    refreshTokens.push(tokens.refresh_token ?? '');
    accessTokens.push(tokens.access_token);
  }
  return {
    caller,
    host: new URL(regulars.url).host,
    tokenPath: '/oauth/token',
    userinfoPath: '/userinfo',
    machine: { client_id: regulars.machine.id, client_secret: regulars.machine.secret, audience: regulars.api },
    web: { client_id: regulars.web.id, client_secret: regulars.web.secret },
    refreshTokens,
    accessTokens,
  };
}
