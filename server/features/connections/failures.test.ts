import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { NetworkStrategy } from '../../../contract/connection-options.ts';
import { amazon } from '../../../demo/networks/amazon.ts';
import { apple } from '../../../demo/networks/apple.ts';
import type { NetworkDefinition } from '../../../demo/networks/definition.ts';
import {
  applePeople,
  facebookPeople,
  githubPeople,
  googlePeople,
  otherPeople,
  xPeople,
} from '../../../demo/networks/demo-people.ts';
import { facebook } from '../../../demo/networks/facebook.ts';
import type { Endpoint, Mode } from '../../../demo/networks/faults.ts';
import { oauthNetwork } from '../../../demo/networks/generic-oauth2.ts';
import { openidNetwork } from '../../../demo/networks/generic-oidc.ts';
import { github } from '../../../demo/networks/github.ts';
import { google } from '../../../demo/networks/google.ts';
import { linkedin } from '../../../demo/networks/linkedin.ts';
import { microsoft } from '../../../demo/networks/microsoft.ts';
import { x } from '../../../demo/networks/x.ts';
import { testBase } from '../../../test/base.ts';
import { startTrial, type Trial, toldBy } from '../../../test/network-sign-in.ts';
import { isProblem } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { openLog } from '../../base/log.ts';
import { beginUpstream, finishUpstream } from './connections.ts';

const quiet = await testBase();
const lines: string[] = [];
const base = { ...quiet, log: openLog({ write: (line: string) => lines.push(line) }) };
const trials: Trial[] = [];
after(async () => {
  await Promise.all(trials.map((trial) => trial.close()));
  await quiet.close();
});

const paths = {
  discovery: '/.well-known/openid-configuration',
  authorize: '/a',
  token: '/t',
  keys: '/k',
  userinfo: '/u',
};
const own = { name: 'own', title: 'Own', colour: '#333', people: otherPeople };
const profile = (person: { id: string; name: string }) => ({ id: person.id, name: person.name });

/** One network: what makes it, and which of its answers a sign-in cannot do without. */
type Case = {
  strategy: NetworkStrategy;
  definition: NetworkDefinition;
  needs: Endpoint[];
  options?: (origin: string) => JsonObject;
};
const cases: Case[] = [
  { strategy: 'google-oauth2', definition: google(googlePeople), needs: ['discovery', 'keys', 'token'] },
  { strategy: 'facebook', definition: facebook(facebookPeople), needs: ['token', 'profile'] },
  { strategy: 'apple', definition: apple(applePeople), needs: ['discovery', 'keys', 'token'] },
  { strategy: 'twitter', definition: x(xPeople), needs: ['token', 'profile'] },
  { strategy: 'github', definition: github(githubPeople), needs: ['token', 'profile', 'emails'] },
  { strategy: 'linkedin', definition: linkedin(otherPeople), needs: ['discovery', 'keys', 'token', 'profile'] },
  { strategy: 'windowslive', definition: microsoft(otherPeople), needs: ['discovery', 'keys', 'token', 'profile'] },
  { strategy: 'amazon', definition: amazon(otherPeople), needs: ['token', 'profile'] },
  {
    strategy: 'oidc',
    definition: openidNetwork({ ...own, paths }),
    needs: ['discovery', 'keys', 'token', 'profile'],
    options: (issuer) => ({ issuer }),
  },
  {
    strategy: 'oauth2',
    definition: oauthNetwork({ ...own, paths: { authorize: '/a', token: '/t', profile: '/p' }, profile }),
    needs: ['token', 'profile'],
    options: (origin) => ({
      authorizationURL: `${origin}/a`,
      tokenURL: `${origin}/t`,
      userinfo_endpoint: `${origin}/p`,
    }),
  },
];

async function start({ definition, strategy, options }: Case, more: JsonObject = {}): Promise<Trial> {
  const trial = await startTrial(base, definition, strategy, (origin) => ({
    ...(options ? options(origin) : { origin }),
    ...more,
  }));
  trials.push(trial);
  return trial;
}

const failed = (error: unknown) => isProblem(error, 'network_failed');
const refused = (error: unknown) => isProblem(error, 'network_refused');
const anyone = (one: Case) => ({ person: one.definition.people[0]?.id ?? '' });

/** Goes there while all is well, then comes back to a network that misbehaves; afterwards all is well again. */
async function comeBackTo(trial: Trial, one: Case, modes: Mode | Mode[], endpoint?: Endpoint): Promise<void> {
  const ticket = trial.ticket();
  const params = await trial.leave(anyone(one), ticket);
  trial.network.misbehave(modes, endpoint ? { endpoint } : {});
  const what = `${one.strategy} ${modes} ${endpoint}`;
  await assert.rejects(finishUpstream(base, trial.connection, { ...ticket, params }), failed, what);
  trial.network.misbehave(null);
}

const wire: Mode[] = ['error_500', 'malformed_json', 'html_instead_of_json', 'huge_body', 'redirects'];
const inToken: Mode[] = ['wrong_signature', 'wrong_nonce', 'wrong_issuer', 'wrong_audience', 'expired_token'];

for (const one of cases) {
  test(`${one.strategy}: every wrong answer fails the sign-in, and it can be tried again`, async () => {
    const trial = await start(one);
    for (const endpoint of one.needs) {
      for (const mode of wire) {
        if (endpoint === 'discovery') {
          trial.network.misbehave(mode, { endpoint });
          const act = beginUpstream(base, trial.connection, trial.ticket());
          await assert.rejects(act, failed, `${one.strategy} ${mode} at discovery`);
          trial.network.misbehave(null);
        } else await comeBackTo(trial, one, mode, endpoint);
      }
    }
    for (const mode of inToken) if (one.definition.faults.includes(mode)) await comeBackTo(trial, one, mode);
    assert.ok(!trial.network.requests.some((request) => request.path === '/elsewhere'), 'no redirect was followed');
    const answer = await trial.signIn(anyone(one));
    assert.ok(answer.userId.includes(anyone(one).person));
  });

  test(`${one.strategy}: who says no there is told so, and can try again`, async () => {
    const trial = await start(one);
    const ticket = trial.ticket();
    const params = await trial.leave({ ...anyone(one), agree: false }, ticket);
    await assert.rejects(finishUpstream(base, trial.connection, { ...ticket, params }), refused);
    assert.ok(!trial.network.requests.some((request) => request.endpoint === 'token'));
    assert.ok((await trial.signIn(anyone(one))).userId);
  });

  test(`security case 4: ${one.strategy}: an address that is missing, not verified or oddly so is no proof`, async () => {
    const trial = await start(one);
    const { faults } = one.definition;
    if (faults.includes('missing_email')) {
      trial.network.misbehave('missing_email');
      const bare = await trial.signIn(anyone(one));
      assert.equal(bare.email, undefined);
      assert.equal(toldBy(bare).email, undefined);
    }
    for (const mode of ['unverified_email', 'email_verified_string'] as const) {
      if (!faults.includes(mode)) continue;
      trial.network.misbehave(mode);
      const { email } = await trial.signIn(anyone(one));
      const documented = one.strategy === 'apple' && mode === 'email_verified_string';
      assert.equal(email?.claimed ?? false, documented, mode);
      assert.equal(email?.proves ?? false, documented, mode);
    }
  });
}

test('what only enriches may fail: the sign-in works and the log says what is missing', async () => {
  const [atGoogle, atFacebook] = cases;
  assert.ok(atGoogle && atFacebook);
  for (const mode of wire) {
    const g = await start(atGoogle, { birthday: true, gender: true });
    g.network.misbehave(mode, { endpoint: 'people' });
    const sofia = await g.signIn(anyone(atGoogle));
    assert.equal(toldBy(sofia).name, 'Sofia Marchetti');
    assert.equal(toldBy(sofia).birthdate, undefined);
    const f = await start(atFacebook, { user_likes: true });
    f.network.misbehave(mode, { endpoint: 'likes' });
    const told = await f.signIn(anyone(atFacebook), { readLikes: true });
    assert.equal(told.likes, undefined);
    assert.equal(toldBy(told).name, 'Sofia Marchetti');
    f.network.misbehave(mode, { endpoint: 'permissions' });
    assert.ok((await f.signIn(anyone(atFacebook))).granted.includes('public_profile'));
  }
  assert.ok(lines.some((line) => line.includes('"what":"people"')));
});

test('a silent network costs 5 s, one that is slow everywhere 10 s', { timeout: 60_000 }, async () => {
  const waits: Promise<void>[] = [];
  for (const one of cases) {
    const silent = await ready(one);
    silent.trial.network.misbehave('hang');
    const slow = await ready(one);
    slow.trial.network.misbehave('slow', { delay: 3400 });
    waits.push(
      takes(silent.finish, 4500, 10_000, one.strategy),
      // Two slow calls fit into the whole, the third does not come to an end.
      one.needs.includes('keys') && one.needs.includes('profile')
        ? takes(slow.finish, 9500, 15_000, one.strategy)
        : slow.finish().then(() => undefined),
    );
  }
  await Promise.all(waits);
});

async function ready(one: Case) {
  const trial = await start(one);
  const ticket = trial.ticket();
  const params = await trial.leave(anyone(one), ticket);
  return { trial, finish: () => finishUpstream(base, trial.connection, { ...ticket, params }) };
}

async function takes(act: () => Promise<unknown>, least: number, most: number, what: string): Promise<void> {
  const started = performance.now();
  await assert.rejects(act(), failed, what);
  const took = performance.now() - started;
  assert.ok(took > least && took < most, `${what} took ${took} ms`);
}

test('neither the log nor a problem holds a secret, a code, a token or an address', async () => {
  const seen = trials.flatMap((trial) => trial.network.requests);
  const told = ['client_secret', 'code', 'code_verifier', 'access_token', 'appsecret_proof', 'state', 'nonce'];
  const secrets = seen.flatMap(({ query, body }) => told.flatMap((name) => [query[name], body[name]]));
  const bearers = seen.map(({ headers }) => headers.authorization).filter((value) => value !== undefined);
  const planted = new Set([...secrets, ...bearers].filter((value) => typeof value === 'string' && value.length > 8));
  assert.ok(planted.size > 100);
  const log = lines.join('');
  assert.ok(lines.length > 50);
  for (const value of planted) assert.ok(!log.includes(String(value)), String(value));
  assert.ok(!log.includes('gmail.com'));
});
