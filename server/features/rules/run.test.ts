import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { now } from '../../base/clock.ts';
import { Problem } from '../../base/errors.ts';
import { uuid } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { createHttpCall } from '../../base/sandbox/http-call.ts';
import {
  changeRunning,
  type RuleRow,
  type RulesHost,
  rulesEnabled,
  runRules,
  setConfig,
  statisticsOf,
} from './rules.ts';
import { insertRule, type RuleColumns } from './store.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());
beforeEach(async () => {
  await base.db.deleteFrom('rules').execute();
  await changeRunning(base, { skipped: false, deadlineMs: 10_000 });
  await base.settings.refresh();
  calls.length = 0;
});

let place = 0;
async function rule(script: string, columns: Partial<RuleColumns> = {}): Promise<RuleRow> {
  place += 1;
  const common = { name: `rule ${place}`, place, enabled: true, script, library: null, settings: null, secrets: null };
  const policy = { on_failure: 'refuse', deadline_ms: null } as const;
  const row = await insertRule(base.db, `rul_${place}`, { ...common, ...policy, ...columns }, now());
  await base.settings.changed(base.db);
  await base.settings.refresh();
  return row;
}

const goOn = { on_failure: 'go_on', deadline_ms: 300 } as const;
/** Leaves a mark, so that one sees that it ran. */
const marks = (name: string) =>
  `function (user, context, callback) { user.${name} = true; callback(null, user, context); }`;

const calls: { name: string; argument: unknown; source: string | undefined }[] = [];
const host: RulesHost = async (name, argument, { source, signal }) => {
  if (name === 'http') return createHttpCall({ outgoing: base.outgoing })(argument, { signal });
  calls.push({ name, argument, source });
  if (JSON.stringify(argument).includes('refuse me')) throw new Problem('access_denied', 'That is not yours.');
  return { user_id: 'auth0|1', app_metadata: { told: true } };
};
const auth0 = { domain: 'id.test', baseUrl: 'https://id.test/api/v2', accessToken: 'the token' };
const person = { user_id: 'auth0|1', email: 'ada@example.com' };

function run(user: JsonObject = person, customer = uuid()) {
  const input = { user, context: { protocol: 'oidc-basic-profile', idToken: {}, accessToken: {} } };
  return runRules(base, { customer, input, host, auth0 });
}

test('without a rule that is on nothing is run', async () => {
  assert.equal(await rulesEnabled(base), false);
  await rule(marks('a'), { enabled: false });
  assert.equal(await rulesEnabled(base), false);
  assert.deepEqual((await run()).runs, []);
});

test('rules run in order, and each sees what those before it changed', async () => {
  const second = await rule(marks('second'), { place: 1000 });
  const first = await rule(
    'function (user, context, callback) { context.idToken.order = [user.second ?? null]; callback(); }',
    {
      place: 999,
    },
  );
  const outcome = await run();
  assert.deepEqual(outcome.context.idToken, { order: [null] });
  assert.deepEqual(outcome.user, { ...person, second: true });
  assert.deepEqual(
    outcome.runs.map(({ id }) => id),
    [first.id, second.id],
  );
});

const styles: [name: string, script: string, wanted: JsonObject][] = [
  ['unnamed', 'function (user, context, callback) { callback(null, { ...user, ok: 1 }, context); }', { ok: 1 }],
  ['named', 'function rule(user, context, callback) { user.ok = 1; return callback(null, user, context); }', { ok: 1 }],
  [
    'async',
    'async function (user, context, callback) { await null; user.ok = 1; callback(null, user, context); }',
    { ok: 1 },
  ],
  ['an arrow', '(user, context, callback) => { user.ok = 1; callback(); }', { ok: 1 }],
  [
    'a comment before it',
    '// first\nfunction (user, context, callback) { user.ok = 1; callback(); } // last',
    { ok: 1 },
  ],
  [
    'later',
    'function (user, context, callback) { setTimeout(() => callback(null, { ...user, ok: 1 }, context), 20); }',
    { ok: 1 },
  ],
  [
    'the first call counts',
    'function (user, context, callback) { callback(null, { ok: 1 }); callback(new Error("no")); }',
    { ok: 1 },
  ],
  ['what is left out stays', 'function (user, context, callback) { user.ok = 1; callback(null); }', { ok: 1 }],
  ['null is left out', 'function (user, context, callback) { user.ok = 1; callback(null, null, null); }', { ok: 1 }],
  ['its own global this', 'function (user, context, callback) { ok = 1; user.ok = global.ok; callback(); }', { ok: 1 }],
  ['old globals', 'function (user, context, callback) { user.ok = _.last([3, 1]); callback(); }', { ok: 1 }],
  [
    'a module',
    'function (user, context, callback) { user.ok = require("lodash").last([3, 1]); callback(); }',
    { ok: 1 },
  ],
  [
    'what stands as auth0',
    'function (user, context, callback) { user.ok = [auth0.domain, auth0.baseUrl, auth0.accessToken]; callback(); }',
    { ok: ['id.test', 'https://id.test/api/v2', 'the token'] },
  ],
  [
    'no library calls',
    'function (user, context, callback) { user.ok = typeof regulars; callback(); }',
    { ok: 'undefined' },
  ],
  [
    'nothing of what drives it',
    'function (user, context, callback) { user.ok = [typeof $inside, typeof $host, typeof $rule, typeof main]; callback(); }',
    { ok: ['undefined', 'undefined', 'undefined', 'undefined'] },
  ],
  [
    'errors of its own kinds',
    `function (user, context, callback) {
      const [one, other] = [new UnauthorizedError('a'), new ValidationError('code', 'b')];
      user.ok = [one.name, one.message, one instanceof Error, other.name, other.code, other.message];
      callback();
    }`,
    { ok: ['UnauthorizedError', 'a', true, 'ValidationError', 'code', 'b'] },
  ],
];

for (const [name, script, wanted] of styles) {
  test(`a rule's style: ${name}`, async () => {
    await rule(script);
    const outcome = await run();
    assert.deepEqual(outcome.refused, undefined);
    assert.partialDeepStrictEqual(outcome.user, wanted);
  });
}

test('configuration is found by the umbrella’s own rules, and none changes it for another', async () => {
  await setConfig(base, 'KEY', 'value');
  await rule(
    'function (user, context, callback) { user.one = configuration.KEY; configuration.KEY = "x"; callback(); }',
  );
  await rule('function (user, context, callback) { user.other = configuration.KEY; callback(); }');
  assert.partialDeepStrictEqual((await run()).user, { one: 'value', other: 'value' });
  await setConfig(base, 'KEY', 'another');
  await base.settings.refresh();
  assert.partialDeepStrictEqual((await run()).user, { one: 'another', other: 'another' });
});

test('metadata is written by promise or callback, in the name of the rule, also after the callback', async () => {
  const one = await rule(`async function (user, context, callback) {
    const updated = await auth0.users.updateAppMetadata(user.user_id, { a: 1 });
    user.told = updated.app_metadata.told;
    callback(null, user, context);
  }`);
  const other = await rule(`function (user, context, callback) {
    auth0.users.updateUserMetadata({ id: user.user_id }, { b: 1 }, function (error) {
      user.error = error;
      callback(null, user, context);
    });
  }`);
  const late = await rule(`function (user, context, callback) {
    callback(null, user, context);
    auth0.users.updateUserMetadata(user.user_id, { c: 1 }).then(() => auth0.users.updateUserMetadata(user.user_id, { d: 1 }));
  }`);
  const refused = await rule(`function (user, context, callback) {
    auth0.users.updateUserMetadata('auth0|other', { e: 'refuse me' }).catch((error) => {
      user.refused = error.message;
      callback(null, user, context);
    });
  }`);
  const outcome = await run();
  assert.partialDeepStrictEqual(outcome.user, { told: true, error: null, refused: 'That is not yours.' });
  for (let tries = 0; calls.length < 5 && tries < 100; tries += 1) await pause(20);
  const told = calls.map(({ name, argument, source }) => [name, Object(argument).patch, source]);
  const wanted = [
    ['update_app_metadata', { a: 1 }, `rule:${one.id}`],
    ['update_user_metadata', { b: 1 }, `rule:${other.id}`],
    ['update_user_metadata', { c: 1 }, `rule:${late.id}`],
    ['update_user_metadata', { d: 1 }, `rule:${late.id}`],
    ['update_user_metadata', { e: 'refuse me' }, `rule:${refused.id}`],
  ];
  const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  assert.deepEqual(told.sort(byText), wanted.sort(byText));
});

test('a request that a rule does not wait for is finished after the sign-in', async (t) => {
  const heard: string[] = [];
  const answers: (() => void)[] = [];
  const server = createServer((request, response) => {
    heard.push(String(request.url));
    answers.push(() => response.end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close().closeAllConnections());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const { port } = address;
  await base.db
    .insertInto('settings')
    .values({ name: 'outgoing_hosts', value: JSON.stringify([`127.0.0.1:${port}`]) })
    .execute();
  await rule(`function (user, context, callback) {
    fetch('http://127.0.0.1:${port}/first').then(() => fetch('http://127.0.0.1:${port}/second'));
    callback(null, user, context);
  }`);
  assert.equal((await run()).refused, undefined, 'the sign-in does not wait');
  for (let tries = 0; heard.length < 2 && tries < 300; tries += 1) {
    await pause(20);
    for (const answer of answers.splice(0)) answer();
  }
  assert.deepEqual(heard, ['/first', '/second']);
});

test('global is kept between sign-ins, until a rule changes', async () => {
  await rule(
    'function (user, context, callback) { global.seen = (global.seen || 0) + 1; user.seen = global.seen; callback(); }',
  );
  assert.equal((await run()).user.seen, 1);
  // What it began is waited for before another sign-in gets the same place.
  await pause(300);
  assert.equal((await run()).user.seen, 2);
  await rule(marks('more'));
  assert.equal((await run()).user.seen, 1);
});

test('an UnauthorizedError refuses, whatever the policy, and nothing behind it runs', async () => {
  await rule(marks('before'));
  const refusing = await rule(
    'function (user, context, callback) { callback(new UnauthorizedError("Only members.")); }',
    goOn,
  );
  await rule(marks('behind'));
  const outcome = await run();
  assert.deepEqual(outcome.refused, { rule: refusing.id, by: 'unauthorized', message: 'Only members.' });
  assert.deepEqual(outcome.user, { ...person, before: true });
});

const failures: [name: string, body: string, told: RegExp][] = [
  ['an error', 'callback(new Error("broken"));', /^broken$/],
  ['a text', 'callback("broken");', /^broken$/],
  ['throws', 'throw new TypeError("broken");', /^broken$/],
  ['throws null', 'throw null;', /^null$/],
  ['throws what cannot be read', 'throw { get message() { throw new Error("twice"); } };', /cannot be read/],
  ['rejects', 'return Promise.reject(new Error("broken"));', /^broken$/],
  ['a user that is none', 'callback(null, 5, context);', /user that is none/],
  ['a context that is none', 'callback(null, user, "x");', /context that is none/],
  ['the wrong argument first', 'callback(user, context);', /ada@example/],
  ['no JSON', 'user.self = user; callback();', /no JSON/],
  ['no JSON either', 'user.big = 10n; callback();', /no JSON/],
  ['far too much', 'user.much = "x".repeat(600000); callback();', /more than 524288/],
  ['never calls back', '', /did not call back|not done within/],
  ['a promise that never ends', 'return new Promise(() => {});', /did not call back|not done within/],
  ['an error that nobody catches', 'setTimeout(() => { throw new Error("broken"); }, 5);', /^broken$/],
  ['no such module', 'require("no-such-module");', /no-such-module/],
  ['recursion', '(function again() { again(); })();', /call stack/],
  ['memory', 'const all = []; for (;;) all.push(new Array(100000).fill(1));', /memory|not done within/],
  ['a loop', 'user.half = true; for (;;);', /processor time|not done within/],
  ['a loop after an await', 'Promise.resolve().then(() => { for (;;); });', /processor time|not done within/],
];

for (const [name, body, told] of failures) {
  test(`a rule that fails is gone around, or refuses: ${name}`, async () => {
    const failing = `function (user, context, callback) { user.touched = true; ${body} }`;
    await changeRunning(base, { deadlineMs: 8000 });
    await rule(marks('before'));
    const failed = await rule(failing, goOn);
    await rule(marks('behind'));
    const outcome = await run();
    assert.equal(outcome.refused, undefined);
    assert.deepEqual(outcome.user, { ...person, before: true, behind: true }, 'as it was before it');
    assert.match(outcome.runs.find(({ id }) => id === failed.id)?.error?.message ?? '', told);

    await base.db.updateTable('rules').set({ on_failure: 'refuse' }).where('id', '=', failed.id).execute();
    await base.settings.changed(base.db);
    await base.settings.refresh();
    const refused = await run();
    assert.partialDeepStrictEqual(refused.refused, { rule: failed.id, by: 'failed' });
    assert.match(refused.refused?.message ?? '', told);
    assert.equal(refused.user.behind, undefined);
  });
}

test('a rule that never gives way ends at its own deadline, and the rules behind it run', async () => {
  const loop = 'function (user, context, callback) { for (;;); }';
  const [first, second] = [await rule(loop, goOn), await rule(loop, goOn)];
  const behind = await rule(marks('behind'));
  const late = 'It was not done within 300 ms.';
  assert.deepEqual(
    (await run()).runs.map(({ id, error }) => [id, error?.message]),
    [
      [first.id, late],
      [second.id, late],
      [behind.id, undefined],
    ],
  );
});

test('a rule that never calls back is told what is missing, and how long it had', async () => {
  await rule('function (user, context, callback) { user.half = true; }');
  await changeRunning(base, { deadlineMs: 1000 });
  assert.match((await run()).refused?.message ?? '', /^It did not call back within 1 s, .* its callback/);
});

test('a rule that goes on, with no deadline of its own, is waited for 2 s; the rest goes on from before it', async () => {
  const slow = await rule('function (user, context, callback) { user.half = true; }', { on_failure: 'go_on' });
  const behind = await rule(marks('behind'));
  const { user, runs, refused } = await run();
  assert.deepEqual([user, refused], [{ ...person, behind: true }, undefined]);
  assert.deepEqual(
    runs.map(({ id, error }) => [id, error?.message]),
    [
      [slow.id, 'It did not call back within 2000 ms.'],
      [behind.id, undefined],
    ],
  );
});

test('when the time for all is over, a rule that was never reached counts as failed', async () => {
  await changeRunning(base, { deadlineMs: 400 });
  const slow = await rule('function (user, context, callback) {}', { on_failure: 'go_on', deadline_ms: 20_000 });
  const skipped = await rule(marks('skipped'), goOn);
  const outcome = await run();
  assert.equal(outcome.refused, undefined);
  assert.deepEqual(outcome.user, person);
  assert.deepEqual(
    outcome.runs.map(({ id, error }) => [id, error?.name]),
    [
      [slow.id, 'deadline'],
      [skipped.id, 'unreached'],
    ],
  );
  const guard = await rule(marks('guard'));
  assert.partialDeepStrictEqual((await run()).refused, { rule: guard.id, by: 'failed' });
});

test('break glass: all are skipped, and run again afterwards', async () => {
  await rule('function (user, context, callback) { callback(new UnauthorizedError("closed")); }');
  await changeRunning(base, { skipped: true });
  await base.settings.refresh();
  assert.equal(await rulesEnabled(base), false);
  assert.equal((await run()).refused, undefined);
  await changeRunning(base, { skipped: false });
  await base.settings.refresh();
  assert.equal((await run()).refused?.message, 'closed');
});

test('security row 10: what a rule does to what all code shares reaches no later rule and no other customer', async () => {
  await rule(`function (user, context, callback) {
    if (user.evil) {
      user.__proto__.isAdmin = true;
      Array.prototype.map = () => ['stolen'];
      Object.prototype.toJSON = function () { return { user_id: 'auth0|victim' }; };
      JSON.stringify = () => '[{},{}]';
    }
    callback();
  }`);
  await rule(`function (user, context, callback) {
    user.seen = [user.isAdmin === undefined, [1].map((one) => one)[0], ({}).isAdmin === undefined];
    callback();
  }`);
  for (const user of [{ ...person, evil: true }, person, { ...person, evil: true }, person]) {
    const outcome = await run(user);
    assert.equal(outcome.refused, undefined);
    assert.deepEqual(outcome.user, { ...user, seen: [true, 1, true] });
  }
});

test('runs are counted by rule, with errors and times', async () => {
  const good = await rule(marks('good'));
  const bad = await rule('function (user, context, callback) { callback(new Error("no")); }', goOn);
  const slow = await rule('function (user, context, callback) { setTimeout(callback, 60); }');
  for (let count = 0; count < 5; count += 1) await run();
  const told = await statisticsOf(base);
  assert.partialDeepStrictEqual(told.get(good.id), { runs: 5, errors: 0 });
  assert.partialDeepStrictEqual(told.get(bad.id), { runs: 5, errors: 5 });
  const { p50 = 0, p95 = 0 } = told.get(slow.id) ?? {};
  assert.ok(Number(p50) >= 50 && Number(p50) < 400 && Number(p95) >= Number(p50), JSON.stringify(told.get(slow.id)));
});
