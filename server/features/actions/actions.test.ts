import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, test } from 'node:test';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import { randomId } from '../../base/ids.ts';
import * as actions from './actions.ts';

const base = await testBase();
after(() => base.close());
afterEach(async () => {
  await actions.changeBindings(base, 'post-login', []);
});

const event = { user: { user_id: 'auth0|1', app_metadata: {} }, request: { ip: '192.0.2.1', query: {}, body: {} } };
const host = async () => null;

const bind = (...drafts: Parameters<typeof bindActions>[2]) => bindActions(base, 'post-login', drafts);

async function signIn(more: Partial<actions.TriggerRun & actions.SignInRun> = {}) {
  const run = { event, host, canRedirect: true, executedRules: [], ...more };
  const outcome = await actions.runPostLogin(base, run);
  assert.ok(outcome, 'something is bound');
  return outcome;
}

function postLogin(body: string): string {
  return `exports.onExecutePostLogin = async (event, api) => { ${body} };`;
}

test('with no action bound a trigger costs nothing', async () => {
  const nowhere = { ...base, db: undefined, sandbox: undefined };
  await actions.runPostLogin(base, { event, host, canRedirect: true, executedRules: [] });
  assert.equal(await Reflect.apply(actions.runPostLogin, undefined, [nowhere, { event, host }]), undefined);
});

test('what an action asks for is told: claims, scopes, metadata, factors', async () => {
  await bind(
    ...[
      postLogin(`
      api.idToken.setCustomClaim('https://shop.test/level', { gold: true });
      api.accessToken.setCustomClaim('level', event.user.user_id);
      api.accessToken.addScope('read:offers');
      api.accessToken.addScope('gone');
      api.accessToken.removeScope('gone');
      api.user.setUserMetadata('colour', 'red');
      api.user.setUserMetadata('colour', 'blue');
      api.user.setAppMetadata('old', null);
      api.authentication.challengeWith({ type: 'otp' }, { additionalFactors: [{ type: 'email' }] });
      api.multifactor.enable('any', { allowRememberBrowser: true });`),
    ],
  );
  const outcome = await signIn();
  assert.deepEqual(outcome.idToken, { 'https://shop.test/level': { gold: true } });
  assert.deepEqual(outcome.accessToken, { level: 'auth0|1' });
  assert.deepEqual(outcome.addScopes, ['read:offers']);
  assert.deepEqual(outcome.removeScopes, ['gone']);
  assert.deepEqual(outcome.userMetadata, { colour: 'blue' });
  assert.deepEqual(outcome.appMetadata, { old: null });
  assert.deepEqual(outcome.factors, [
    { by: 'challenge', factors: ['otp', 'email'], choose: false },
    { by: 'enable', provider: 'any', allowRememberBrowser: true },
  ]);
  assert.equal(outcome.refused, undefined);
});

test('what one action changes in its event, the next does not see; transaction metadata it does', async () => {
  await bind(
    ...[
      postLogin(`event.user.app_metadata.level = 9; event.user.name = 'x'; event.extra = 1;
      api.transaction.setMetadata('seen', 'yes');
      if (event.transaction.metadata.seen !== 'yes') throw new Error('not at once');`),
      postLogin(`api.idToken.setCustomClaim('seen', [event.user, event.extra ?? null, event.transaction.metadata]);`),
    ],
  );
  assert.deepEqual((await signIn()).idToken, { seen: [event.user, null, { seen: 'yes' }] });
});

test('what one action asks to be kept of the customer, those behind it find; what it failed with, they do not', async () => {
  const seen = (name: string) =>
    `api.idToken.setCustomClaim('${name}', [event.user.app_metadata, event.user.user_metadata]);`;
  await bind(
    postLogin(`api.user.setAppMetadata('tier', { name: 'gold' }).user.setAppMetadata('old', null);
      api.user.setUserMetadata('size', 40); ${seen('at once')}`),
    { code: postLogin(`api.user.setAppMetadata('failed', 1); throw new Error('not done');`), on_failure: 'go_on' },
    postLogin(`event.user.app_metadata.tier.name = 'mine'; delete event.user.user_metadata.size; event.user.name = 'x';
      api.user.setUserMetadata('size', null).user;`),
    postLogin(`${seen('behind')} api.idToken.setCustomClaim('name', event.user.name ?? 'none');
      api.redirect.sendUserTo('https://elsewhere.test/');
    };
    exports.onContinuePostLogin = async (event, api) => { ${seen('back')}`),
  );
  const told = { ...event, user: { ...event.user, app_metadata: { old: 1, own: 2 } } };
  const first = await signIn({ event: told });
  const behind = [{ own: 2, tier: { name: 'gold' } }, {}];
  assert.deepEqual(first.idToken, { 'at once': [{ old: 1, own: 2 }, null], behind, name: 'none' });
  const { idToken, appMetadata } = await signIn({ event: told, resume: first.redirect?.suspended });
  assert.deepEqual(idToken.back, behind);
  assert.deepEqual(appMetadata, { tier: { name: 'gold' }, old: null });
});

test('a refusal ends the pipeline and keeps what was written to metadata', async () => {
  const [first] = await bind(
    ...[
      postLogin(`api.user.setAppMetadata('tried', true); api.access.deny('Not today.'); api.user.setUserMetadata('a', 1);
      api.redirect.sendUserTo('https://elsewhere.test/');`),
      postLogin(`api.idToken.setCustomClaim('reached', true);`),
    ],
  );
  const { refused, appMetadata, userMetadata, idToken, redirect } = await signIn();
  assert.deepEqual(refused, { action: first, by: 'denied', message: 'Not today.', code: undefined });
  assert.deepEqual([appMetadata, userMetadata, idToken, redirect], [{ tried: true }, { a: 1 }, {}, undefined]);
});

const secret = 'shared with the other site';
const sends = {
  secrets: [{ name: 'KEY', value: secret }],
  code: `
    exports.onExecutePostLogin = async (event, api) => {
      if (!api.redirect.canRedirect()) return api.access.deny('no browser');
      const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { sub: 'forged', score: 7 } });
      api.transaction.setMetadata('asked', true);
      api.idToken.setCustomClaim('before', 1);
      api.redirect.sendUserTo('https://elsewhere.test/check?a=1', { query: { session_token: token } });
    };
    exports.onContinuePostLogin = async (event, api) => {
      const payload = api.redirect.validateToken({ secret: event.secrets.KEY });
      api.authentication.recordMethod('https://elsewhere.test/check');
      api.idToken.setCustomClaim('after', [payload.score, event.transaction.metadata.asked]);
    };`,
};

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function tokenOf(claims: object, key = secret, alg = 'HS256'): string {
  const body = `${encode({ alg, typ: 'JWT' })}.${encode({ exp: Date.now() / 1000 + 60, state: 's1', ...claims })}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

test('a redirect suspends the pipeline, and the same action goes on when the customer is back', async () => {
  const count = postLogin(`api.idToken.setCustomClaim('runs', (event.transaction.metadata.runs ?? 0) + 1);
    api.transaction.setMetadata('runs', 1);`);
  await bind(...[count, sends, postLogin(`api.idToken.setCustomClaim('last', true);`)]);
  const first = await signIn();
  const { url = '', suspended } = first.redirect ?? {};
  const sent = new URL(url);
  assert.equal(sent.searchParams.get('a'), '1');
  const [head = '', claims = '', signature] = (sent.searchParams.get('session_token') ?? '').split('.');
  assert.equal(signature, createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url'));
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString());
  assert.partialDeepStrictEqual(told, {
    sub: 'auth0|1',
    ip: '192.0.2.1',
    score: 7,
    iss: base.config.issuer.split('/')[2],
  });
  assert.equal(told.exp - told.iat, 900);

  const query = { state: 's1', session_token: tokenOf({ score: 9 }) };
  const back = await signIn({ event: { ...event, request: { ...event.request, query } }, resume: suspended });
  assert.equal(back.refused, undefined);
  assert.deepEqual(back.idToken, { runs: 1, before: 1, after: [9, true], last: true });
  assert.deepEqual(back.methods, ['https://elsewhere.test/check']);
  assert.equal(back.runs.length, 2, 'the first does not run again');
});

test('a token that comes back is good only with its signature, its time and its state', async () => {
  await bind(...[sends]);
  const { redirect } = await signIn();
  for (const session_token of [
    tokenOf({}, 'another secret'),
    tokenOf({}, secret, 'none'),
    tokenOf({ exp: Date.now() / 1000 - 1 }),
    tokenOf({ exp: undefined }),
    tokenOf({ state: 'another' }),
    tokenOf({ state: undefined }),
    `${tokenOf({})}x`,
    'nothing',
    '',
  ]) {
    const request = { ...event.request, query: { state: 's1', session_token } };
    const { refused, idToken } = await signIn({ event: { ...event, request }, resume: redirect?.suspended });
    assert.equal(refused?.by, 'failed', session_token);
    assert.equal(idToken.after, undefined);
  }
});

test('who has no browser is sent nowhere', async () => {
  await bind(...[sends]);
  assert.equal((await signIn({ canRedirect: false })).refused?.message, 'no browser');
});

test('the cache keeps texts within its limits, for the trigger, until they end', async () => {
  await bind(
    ...[
      postLogin(`
      const told = [
        api.cache.get('none'),
        api.cache.set('a', 'one').type,
        api.cache.get('a').value,
        api.cache.set('k'.repeat(65), 'x').code,
        api.cache.set('b', 'v'.repeat(4097)).code,
        api.cache.set('c', 'x', { ttl: -1 }).code,
        api.cache.set('d', 'x', { ttl: 10 ** 12 }).record.expires_at - Date.now() <= 86400000,
        api.cache.set('e', 'v'.repeat(4096)).type,
        api.cache.set('f', 'v'.repeat(4096)).code,
        api.cache.delete('e').type,
        api.cache.get('e'),
      ];
      const minutes = Math.round((api.cache.get('a').expires_at - Date.now()) / 60000);
      for (let n = 0; n < 30; n++) told.push(api.cache.set('n' + n, 'x').type);
      api.idToken.setCustomClaim('told', JSON.stringify([...told.slice(0, 11), minutes, told.filter((one) => one === 'error').length]));`),
    ],
  );
  const { idToken } = await signIn();
  assert.deepEqual(JSON.parse(String(idToken.told)), [
    ...[null, 'success', 'one', 'CacheKeySizeExceeded', 'CacheValueSizeExceeded', 'ItemAlreadyExpired'],
    ...[true, 'success', 'CacheSizeExceeded', 'success', null, 15, 12],
  ]);
  await bind(
    ...[postLogin(`api.idToken.setCustomClaim('found', [api.cache.get('a').value, api.cache.get('n17').value]);`)],
  );
  assert.deepEqual((await signIn()).idToken.found, ['one', 'x']);
  const { rows } = await base.pool.query('select count(*)::int as count from action_cache');
  assert.equal(rows[0].count, 20);
});

test('runs at once keep the cache within its limits together', async () => {
  await base.pool.query('delete from action_cache');
  await bind(...[postLogin(`for (let n = 0; n < 15; n++) api.cache.set(event.n + '-' + n, 'x'.repeat(300));`)]);
  await Promise.all([1, 2, 3, 4].map((n) => signIn({ event: { ...event, n } })));
  const { rows } = await base.pool.query(
    'select count(*)::int as count, sum(octet_length(key) + octet_length(value))::int as bytes from action_cache',
  );
  assert.ok(rows[0].count <= 20 && rows[0].bytes <= 8192, JSON.stringify(rows));
});

test('transaction metadata are bounded', async () => {
  for (const [key, value] of [
    [`'${'k'.repeat(65)}'`, '1'],
    ['"a"', '"v".repeat(8193)'],
    ['"a"', '{}'],
    ['""', '1'],
  ]) {
    await bind(...[postLogin(`api.transaction.setMetadata(${key}, ${value});`)]);
    assert.equal((await signIn()).refused?.by, 'failed', `${key} ${value}`);
  }
  await bind(...[postLogin(`for (const key of ['a', 'b', 'c']) api.transaction.setMetadata(key, 'v'.repeat(8000));`)]);
  assert.equal((await signIn()).refused?.by, 'failed', '16 KB in all');
});

const goOn = (body: string) => ({ code: postLogin(body), on_failure: 'go_on' as const });
const last = postLogin(`api.idToken.setCustomClaim('last', true);`);

test('an action that fails refuses the sign-in, and nobody outside learns how', async () => {
  const failing = [
    'throw new TypeError("inner details");',
    'throw null;',
    'throw { get message() { throw 1; } };',
    'await null; event.nothing.at.all;',
    'api["groups" + 2].x();',
    'api["pro" + "mpt"].render("form");',
    'setTimeout(() => { throw new Error("in a timer"); }); await new Promise(() => {});',
    'api.user.setAppMetadata("a", 1n);',
    'const a = {}; a.a = a; api.idToken.setCustomClaim("a", a);',
    'for (let n = 0; n < 2000; n++) api.accessToken.addScope("s" + n);',
  ];
  for (const body of failing) {
    await bind(postLogin(`api.idToken.setCustomClaim('mine', 1); ${body}`), last);
    const { refused, idToken, runs } = await signIn();
    assert.equal(refused?.by, 'failed', body);
    assert.equal(refused?.message, 'Something went wrong on our side. Please try again.');
    assert.deepEqual(idToken, {}, body);
    assert.ok(runs[0]?.error, body);
  }
  await bind('module.exports = Object.create(null);');
  assert.match((await signIn()).runs[0]?.error?.message ?? '', /exports no onExecutePostLogin/);
});

test('a member that cannot work throws with its name when it is called', async () => {
  await bind(postLogin('api["session"]["setCookie" + "Mode"]("persistent");'));
  const { runs } = await signIn();
  assert.equal(runs[0]?.error?.message, 'api.session.setCookieMode cannot work here.');
});

test('without an action that may fail the sign-in goes on, from the state before it', async () => {
  await bind(
    postLogin(`api.idToken.setCustomClaim('first', true); api.transaction.setMetadata('a', 1);`),
    goOn(`api.idToken.setCustomClaim('mine', 1); api.transaction.setMetadata('a', 2); throw new Error('x');`),
    goOn(`api.idToken.setCustomClaim('mine', 2); while (true) {}`),
    goOn(`api.idToken.setCustomClaim('mine', 3); await new Promise(() => {});`),
    goOn(`api.idToken.setCustomClaim('mine', 4); const all = []; while (true) all.push(new Array(1e6).fill(7));`),
    postLogin(`api.idToken.setCustomClaim('last', event.transaction.metadata.a);`),
  );
  const { refused, idToken, runs } = await signIn();
  assert.equal(refused, undefined, JSON.stringify(runs));
  assert.deepEqual(idToken, { first: true, last: 1 });
  assert.equal(runs.filter(({ error }) => error).length, 4, JSON.stringify(runs));
});

test('a slow action cannot skip one that refuses: who was never reached has failed', async () => {
  const [, refusing] = await bind(goOn('await new Promise(() => {});'), last);
  const { refused, runs } = await signIn({ deadlineMs: 300 });
  assert.deepEqual([refused?.by, refused?.action], ['failed', refusing]);
  assert.equal(runs[1]?.error?.name, 'unreached');
  await bind(goOn('await new Promise(() => {});'), goOn(''));
  assert.equal((await signIn({ deadlineMs: 300 })).refused, undefined);
});

test('what an action asks for after it has ended is not done', async () => {
  await bind(
    postLogin(
      `globalThis.late = api; queueMicrotask(() => {}); setTimeout(() => api.access.deny('late'), 5).unref?.();`,
    ),
    postLogin(`await new Promise((done) => setTimeout(done, 30));
      try { late.idToken.setCustomClaim('late', 1); } catch (error) { api.idToken.setCustomClaim('told', error.message); }`),
  );
  const { refused, idToken } = await signIn();
  assert.equal(idToken.late, undefined);
  assert.ok(refused?.by !== 'denied');
});

test('security row 10: what one run does to the language, no other customer meets', async () => {
  await bind(
    postLogin(`
      if (event.hostile) {
        Object.prototype.user_id = 'auth0|admin';
        Array.prototype.push = () => 0;
        JSON.stringify = () => '{}';
        JSON.parse = () => ({});
        Promise.prototype.then = undefined;
        String.prototype.split = () => ['x'];
      }
      api.idToken.setCustomClaim('who', ({}).user_id ?? event.user.user_id);`),
  );
  for (let round = 0; round < 3; round++) {
    await signIn({ event: { ...event, hostile: true } });
    const { idToken, refused } = await signIn({ event: { ...event, user: { user_id: `auth0|${round}` } } });
    assert.deepEqual([idToken, refused], [{ who: `auth0|${round}` }, undefined]);
  }
});

test('security row 10: a setter that one action leaves behind is not handed the secrets of the next', async () => {
  await bind(
    postLogin(`
      Object.defineProperty(Object.prototype, 'secrets', { set(value) { globalThis.stolen = value; }, configurable: true });
      Object.prototype.isAdmin = true;
      setTimeout(() => { Object.prototype.late = true; }, 0);`),
    {
      code: postLogin(`
        api.idToken.setCustomClaim('mine', event.secrets.A);
        api.idToken.setCustomClaim('seen', [({}).isAdmin ?? null, typeof stolen]);`),
      secrets: [{ name: 'A', value: 'a' }],
    },
  );
  const { idToken, refused, printed } = await signIn();
  assert.deepEqual([idToken.mine, idToken.seen, refused], ['a', [null, 'undefined'], undefined]);
  assert.match(printed[0]?.line ?? '', /^This was changed, and put back: .*Object\.prototype/);
});

test('what each action prints is told apart', async () => {
  const failing = postLogin(`console.error('two', event.user.user_id); throw new Error('x');`);
  const [one, two] = await bind(postLogin(`console.log('one');`), failing);
  const { printed } = await signIn();
  const told = printed.map(({ by, level, line }) => `${by} ${level} ${line}`);
  assert.deepEqual(told, [`${one} log one`, `${two} error two auth0|1`]);
});

test('an action has its own secrets, and no way to the server', async () => {
  await bind(
    { code: postLogin(`api.idToken.setCustomClaim('one', event.secrets);`), secrets: [{ name: 'A', value: 'a' }] },
    { code: postLogin(`api.idToken.setCustomClaim('two', event.secrets);`), secrets: [{ name: 'B', value: 'b' }] },
    postLogin(
      `api.idToken.setCustomClaim('ways', [typeof $host, typeof $inside, typeof $actions, typeof process.env.PATH]);`,
    ),
  );
  const { idToken } = await signIn();
  assert.deepEqual([idToken.one, idToken.two], [{ A: 'a' }, { B: 'b' }]);
  assert.deepEqual(idToken.ways, ['undefined', 'undefined', 'undefined', 'undefined']);
});

test('how runs ended is kept for ten days, and goes with the customer', async () => {
  const customer = randomId();
  await bind(goOn(`throw new RangeError('for the log');`), last);
  const { execution } = await signIn({ customer });
  const found = await actions.readExecution(base.db, execution);
  assert.partialDeepStrictEqual(found, { trigger: 'post-login', status: 'final' });
  assert.match(JSON.stringify(found?.results), /RangeError.*for the log/);
  assert.match(JSON.stringify(await actions.exportActions(base.db, customer)), /for the log/);
  await actions.eraseActions(base.db, { customers: [customer] });
  assert.equal(await actions.readExecution(base.db, execution), undefined);
  const { execution: old } = await signIn({ customer });
  await base.pool.query(`update action_executions set created_at = now() - interval '11 days' where id = $1`, [old]);
  await actions.trimActions(base.db);
  assert.equal(await actions.readExecution(base.db, old), undefined);
});
