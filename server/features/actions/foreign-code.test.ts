import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bindActions } from '../../../test/actions.ts';
import { testBase } from '../../../test/base.ts';
import * as actions from './actions.ts';

// What an action does to the language while it runs, or leaves behind to be done, decides nothing of another.

const base = await testBase();
after(() => base.close());
afterEach(async () => {
  await actions.changeBindings(base, 'post-login', []);
});

const secrets = [{ name: 'KEY', value: 's3cret-of-the-second' }];
const code = (body: string) => `exports.onExecutePostLogin = async (event, api) => { ${body} };`;

async function comeAgain() {
  const event = { user: { user_id: 'auth0|1' }, request: { ip: '192.0.2.1', query: {}, body: {} } };
  const host: actions.TriggerRun['host'] = async () => {
    await pause(50);
    return { status: 200, statusText: 'OK', headers: [], body: '' };
  };
  const outcome = await actions.runPostLogin(base, { event, host, canRedirect: true, executedRules: [] });
  assert.ok(outcome, 'something is bound');
  return outcome;
}

/** Somebody signs in where the first action is hostile. */
async function signIn(evil: string, body: string) {
  const ids = await bindActions(base, 'post-login', [
    { code: code(evil), on_failure: 'go_on' },
    { code: code(body), on_failure: 'go_on', secrets },
  ]);
  return { ids, outcome: await comeAgain() };
}

const nextOf = (iterator: string, body: string) => `const P = Object.getPrototypeOf(${iterator}); const { next } = P;
  let times = 0; P.next = function () { times += 1; ${body} return Reflect.apply(next, this, []); };`;
const map = 'new Map().values()';
const toJson = (given: string) => `Object.prototype.toJSON = function () {
  if (!this || !('next' in this)) return this; delete Object.prototype.toJSON; return ${given}; };`;
const inPlace = `Object.defineProperty(Array.prototype, '1', { configurable: true, writable: true, value: {
  onExecutePostLogin: async (event, api) => { api.idToken.setCustomClaim('https://stolen', event.secrets); } } });`;
const again = (body: string) => `(async () => { for (let at = 0; at < 300; at++) { await null; ${body} } })();`;
const renamed = `const P = Object.getPrototypeOf([][Symbol.iterator]()); const { next } = P;
  P.next = function () { const told = Reflect.apply(next, this, []); if (told.value === 'deny') told.value = 'gone'; return told; };`;

for (const [what, evil] of [
  ['how maps are gone through, and then its place among lists', nextOf(map, inPlace)],
  ['its place among lists, again and again', again(inPlace)],
  [
    'how maps are gone through, and then how all is told',
    nextOf(
      map,
      `if (times === 2) { ${toJson('{ next: this.next, runs: this.runs, commands: [], live: this.live }')} }`,
    ),
  ],
  ['how all is told, again and again', again(toJson('{ next: this.next, runs: [] }'))],
  ['how lists are gone through', renamed],
  ['how lists are gone through, again and again', again(renamed)],
  [
    'methods of texts and lists, hidden from who looks',
    `for (const [of, name] of [[String.prototype, 'split'], [Array.prototype, 'includes'], [String.prototype, 'slice']]) {
       const was = of[name];
       Object.defineProperty(of, name, { configurable: true, get: () =>
         /NearLook|mend/.test(new Error().stack) ? was : () => [] });
     }`,
  ],
  [
    'what promises wait by',
    `const { race, then, resolve } = { race: Promise.race, then: Promise.prototype.then, resolve: Promise.resolve };
     for (const [of, name, value] of [[Promise, 'race', () => resolve.call(Promise)], [Promise, 'resolve', () => ({ then: (f) => f() })]]) {
       const was = of[name];
       Object.defineProperty(of, name, { configurable: true, get: () =>
         /NearLook|mend/.test(new Error().stack) ? was : value });
     }`,
  ],
] as const) {
  test(`security row 10: an action that changes ${what}, undoes no refusal behind it, and has no secret of it`, async () => {
    for (const body of [`api.access.deny('never');`, `await null; await null; await null; api.access.deny('never');`]) {
      const { ids, outcome } = await signIn(evil, body);
      for (const { refused, idToken } of [outcome, await comeAgain()]) {
        assert.partialDeepStrictEqual(refused, { action: ids[1], by: 'denied', message: 'never' }, body);
        assert.deepEqual(idToken, {});
      }
    }
  });
}

test('security row 10: what lists do when something is put into them swallows nothing that is asked for', async () => {
  const swallows = again(`for (let at = 0; at < 4; at++)
    Object.defineProperty(Array.prototype, String(at), { configurable: true, set() {}, get() {} });`);
  const { outcome } = await signIn(
    swallows,
    `await null; api.idToken.setCustomClaim('https://x', 1); api.user.setAppMetadata('a', [1]);
     api.authentication.challengeWithAny([{ type: 'otp' }, { type: 'email' }]);`,
  );
  assert.deepEqual(outcome.idToken, { 'https://x': 1 });
  assert.deepEqual(outcome.appMetadata, { a: [1] });
  assert.deepEqual(outcome.factors, [{ by: 'challenge', factors: ['otp', 'email'], choose: true }]);
  assert.equal(outcome.runs.length, 2);
});

test('security row 10: an action does not say how another has run, nor that one has that has not', async () => {
  const forged = `{ ...this, runs: [{ at: 1, id: 'rul_of_another', name: 'Another', startedAt: 1, ms: 5, error: { name: 'E', message: 'made up' } }] }`;
  for (const evil of [nextOf(map, `if (times === 2) { ${toJson(forged)} }`), again(toJson(forged))]) {
    const { ids, outcome } = await signIn(evil, 'await null;');
    assert.deepEqual(
      outcome.runs.map(({ id, error }) => [id, error]),
      ids.map((id) => [id, undefined]),
    );
  }
});

test('security row 10: tokens are signed by nothing that another action can change: no secret leaks, none is forged', async () => {
  const evil = `const crypto = require('crypto'); const of = crypto.createHmac('sha256', 'x'); const stolen = [];
    global.stolen = stolen;
    const spy = (on, name, value) => { try { on[name] = (...given) => { stolen.push(...given.map(String)); return value(on, given); }; } catch {} };
    spy(crypto, 'createHmac', () => ({ update() { return this; }, digest: () => 'AAAA' }));
    spy(Buffer, 'from', (_, [text]) => ({ toString: () => 'e30', text }));
    spy(Object.getPrototypeOf(of), 'update', () => of);
    for (const key of Reflect.ownKeys(of)) if (typeof key === 'symbol' && of[key]) {
      const handle = Object.getPrototypeOf(of[key]);
      for (const name of Reflect.ownKeys(handle)) if (typeof name === 'string' && name !== 'constructor') spy(handle, name, () => 'AAAA');
    }
    spy(TextEncoder.prototype, 'encode', () => new Uint8Array(1)); spy(URLSearchParams.prototype, 'set', () => {});
    spy(URLSearchParams.prototype, 'toString', () => 'to=evil');`;
  const { outcome } = await signIn(
    evil,
    `const token = api.redirect.encodeToken({ secret: event.secrets.KEY, payload: { at: 'home', sub: 'nobody' } });
     event.request.query = { state: 's', session_token: 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjllOSwic3RhdGUiOiJzIn0.AAAA' };
     let told = 'none'; try { api.redirect.validateToken({ secret: event.secrets.KEY }); } catch (error) { told = error.message; }
     api.idToken.setCustomClaim('https://told', [token, told, global.stolen]);
     api.redirect.sendUserTo('https://away.test/a?to=old&b=1#c', { query: { to: 'a b&c' } });`,
  );
  assert.deepEqual([outcome.runs[0]?.error, outcome.runs[1]?.error], [undefined, undefined]);
  const [token, told, stolen] = Object(outcome.idToken['https://told']);
  assert.match(told, /signature of the token is wrong/);
  assert.deepEqual(stolen, []);
  const { createHmac } = await import('node:crypto');
  const [head, claims, signature] = String(token).split('.');
  assert.equal(signature, createHmac('sha256', 's3cret-of-the-second').update(`${head}.${claims}`).digest('base64url'));
  const read = JSON.parse(Buffer.from(String(claims), 'base64url').toString());
  assert.partialDeepStrictEqual(read, { at: 'home', sub: 'auth0|1', ip: '192.0.2.1' });
  assert.equal(outcome.redirect?.url, 'https://away.test/a?b=1&to=a%20b%26c#c');
});

test('security row 10: what a timer of one action fails with fails none behind it, which still denies', async () => {
  const { ids, outcome } = await signIn(
    `setTimeout(() => { throw new Error('left by one'); }, 20); setTimeout(() => { throw 'without a stack'; }, 20);`,
    `await fetch('http://one.test/'); api.access.deny('never');`,
  );
  assert.partialDeepStrictEqual(outcome.refused, { action: ids[1], by: 'denied' });
  assert.deepEqual(
    outcome.printed.map(({ by, line }) => [ids.indexOf(by), line]),
    [
      [0, 'This action left an error that nobody caught, which changes nothing: left by one'],
      [0, 'This action left an error that nobody caught, which changes nothing: without a stack'],
    ],
  );
});

test('an action that fails in a timer of its own has failed at once, though others ran before it', async () => {
  const began = performance.now();
  const { outcome } = await signIn('', `setTimeout(() => { event.no.such; }, 5); await new Promise(() => {});`);
  assert.match(outcome.runs[1]?.error?.message ?? '', /reading 'such'/);
  assert.ok(performance.now() - began < 1900);
});

test('security row 10: what a timer prints is of the action that left it, whoever runs by then', async () => {
  const { ids, outcome } = await signIn(
    `setTimeout(() => console.log('of one'), 20);`,
    `const { log } = console; log('of two'); await fetch('http://one.test/'); console.log('of two');`,
  );
  assert.deepEqual(
    outcome.printed.map(({ by, line }) => [ids.indexOf(by), line]),
    [
      [1, 'of two'],
      [0, 'of one'],
      [1, 'of two'],
    ],
  );
  await bindActions(base, 'post-login', [
    `const console = { log() {} }; ${code(`console.log('unseen'); api.idToken.setCustomClaim('a', 1);`)}`,
  ]);
  assert.partialDeepStrictEqual(await comeAgain(), { printed: [], idToken: { a: 1 } });
});

test('who is denied in words that cannot be read is denied', async () => {
  const { ids, outcome } = await signIn('', `api.access.deny({ toString() { throw new Error('no'); } });`);
  assert.deepEqual(outcome.refused, { action: ids[1], by: 'denied', message: '', code: undefined });
});
