import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { testBase } from '../../../test/base.ts';
import type { Base } from '../../base/base.ts';
import { context, goOn, type Heard, type Policy, person, refuse, refuses, runBodies } from './test-bodies.ts';

let base: Base;
before(async () => {
  base = await testBase();
});
after(() => base.close());
const heard: Heard = { calls: 0, printed: [] };
beforeEach(() => {
  Object.assign(heard, { calls: 0, printed: [] });
});

const run = (...rules: readonly (readonly [body: string, policy: Policy])[]) => runBodies(base, heard, ...rules);

for (const [what, garbage] of [
  ['a date', 'new Date()'],
  ['a text in an object', 'new String("{}")'],
  ['what reads as a number', '{ toJSON: () => 5 }'],
  ['what reads as nothing', '{ toJSON() {} }'],
  ['what reads as a list', '{ toJSON: () => [1] }'],
  ['what reads as null', '{ toJSON: () => null }'],
] as const) {
  test(`a rule that hands over ${what} has failed, by its own policy`, async () => {
    for (const [handed, told] of [
      [`${garbage}, context`, /a user that is no object/],
      [`user, ${garbage}`, /a context that is no object/],
    ] as const) {
      const body = `callback(null, ${handed});`;
      const gone = (await run([body, goOn], ['user.behind = true; callback(null, user, context);', refuse])).outcome;
      assert.equal(gone.refused, undefined);
      assert.deepEqual(gone.user, { ...person, behind: true });
      assert.match(gone.runs[0]?.error?.message ?? '', told);
      const { refused } = (await run([body, refuse])).outcome;
      assert.partialDeepStrictEqual(refused, { rule: 'rul_0', by: 'failed' });
      assert.match(refused?.message ?? '', told);
    }
  });
}

for (const [what, body] of [
  [
    'a `toJSON` that changes lists',
    'user.toJSON = () => { Array.prototype.includes = () => true; return { ...user }; };',
  ],
  [
    'a `toJSON` that changes all objects',
    'user.toJSON = () => { Object.prototype.deadlineMs = 1; Array.prototype.push = () => 0; return { ...user }; };',
  ],
  [
    'another Promise',
    `const Own = Promise;
     globalThis.Promise = function () { return { then: (done) => done({ user, context }) }; };
     globalThis.Promise.resolve = (value) => Own.resolve(value);`,
  ],
  [
    'another `then`',
    `const { then } = Promise.prototype;
     Promise.prototype.then = function (done, failed) { return then.call(this, () => done?.({ user, context }), failed); };
     Object.defineProperty(Promise.prototype, 'constructor', { get: () => Object });`,
  ],
] as const) {
  for (const [policy, name] of [
    [goOn, 'goes on'],
    [refuse, 'refuses'],
  ] as const) {
    test(`security row 10: ${what}, by a rule that ${name}, does not undo the refusal of the next`, async () => {
      const { outcome } = await run([`${body} callback(null, user, context);`, policy], [`${refuses}`, refuse]);
      assert.partialDeepStrictEqual(outcome.refused, { by: 'unauthorized', message: 'never' });
      assert.equal(outcome.refused?.rule, 'rul_1');
      assert.equal(outcome.runs.length, 2);
    });
  }
}

for (const [what, body] of [
  ['`then`', 'Object.prototype.then = function (done) { delete Object.prototype.then; done({ user, context }); };'],
  ['`error`', "Object.prototype.error = { name: 'Error', message: 'another' };"],
  ['lists that are read', 'Array.prototype[Symbol.iterator] = function* () { yield null; };'],
  ['`get`', 'Object.prototype.get = () => 5;'],
  ['how texts are cut', "String.prototype.slice = () => 'Error'; globalThis.String = () => '';"],
  [
    'how objects read as JSON',
    'Object.prototype.toJSON = function () { return this.refused ? { state: this.state, runs: [] } : this; };',
  ],
] as const) {
  test(`security row 10: ${what}, changed while the next rule waits, does not undo its refusal`, async () => {
    for (const policy of [refuse, goOn]) {
      const { outcome } = await run(
        [`setTimeout(() => { ${body} }, 20); callback(null, user, context);`, goOn],
        [`setTimeout(() => ${refuses.slice(0, -1)}, 60);`, policy],
      );
      assert.partialDeepStrictEqual(outcome.refused, { rule: 'rul_1', by: 'unauthorized', message: 'never' });
    }
  });

  test(`security row 10: ${what}, changed again and again by what a rule leaves, does not undo the next refusal`, async () => {
    for (const more of ['', ' void fetch;']) {
      const again = `(async () => { for (let at = 0; at < 200; at += 1) { await undefined; ${body} } })();`;
      const { outcome } = await run([`${again}${more} callback(null, user, context);`, goOn], [refuses, refuse]);
      assert.equal(outcome.refused?.rule, 'rul_1', more);
    }
  });

  test(`security row 10: ${what}, changed by a rule, is a fault of that rule alone`, async () => {
    const alone = (await run([`${body} callback(null, { ...user, own: 1 }, context);`, goOn])).outcome;
    assert.equal(alone.refused, undefined);
    const { outcome } = await run(
      [`${body} callback(null, { ...user, own: 1 }, context);`, goOn],
      ['user.behind = true; callback(null, user, context);', refuse],
    );
    assert.equal(outcome.refused, undefined);
    assert.equal(outcome.user.behind, true);
  });
}

test('security row 10: what runs when claims are looked at does not say which rules come next', async () => {
  const { outcome } = await run(
    [
      `context.idToken = new Proxy({}, { ownKeys() { Array.prototype.includes = () => true; return []; } });
       callback(null, user, context);`,
      goOn,
    ],
    [refuses, refuse],
  );
  assert.partialDeepStrictEqual(outcome.refused, { rule: 'rul_1', by: 'unauthorized', message: 'never' });
});

test('security row 10: what runs when refused claims are told does not undo what the rule has come to', async () => {
  const { outcome } = await run([
    `context.idToken = { sub: 'x' };
     Array.prototype.filter = () => { throw new Error('filter'); };
     callback(null, { ...user, own: 1 }, context);`,
    goOn,
  ]);
  assert.equal(outcome.user.own, 1);
});

test('security row 10: what a rule says of how all objects read as JSON is not what they are kept as', async () => {
  const { outcome } = await run([
    `Object.prototype.toJSON = () => ({ user_id: 'auth0|victim' });
     String.prototype.toJSON = () => 'stolen';
     callback(null, { ...user, own: 1 }, context);`,
    goOn,
  ]);
  assert.deepEqual(outcome.user, { ...person, own: 1 });
  assert.deepEqual(outcome.context, context);
});

for (const found of [
  ...['UnauthorizedError.prototype', 'ValidationError.prototype', 'console', 'auth0.users', 'configuration'],
  ...['Buffer.prototype', 'Headers.prototype', 'Map.prototype'],
]) {
  test(`security row 10: what a rule puts into ${found} at one sign-in is not there at the next`, async () => {
    const rule = `
      context.idToken = { 'https://seen.example/': ${found}.own || 'nothing' };
      ${found}.own = user.email;
      callback(null, user, context);`;
    for (let at = 0; at < 3; at += 1) {
      const { outcome } = await run([rule, refuse]);
      assert.deepEqual(Object(outcome.context).idToken, { 'https://seen.example/': 'nothing' });
      await pause(150);
    }
  });
}

for (const [what, body] of [
  [
    'adds to all lists once, and keeps in `global` that it did',
    'if (!global.isReady) { Array.prototype.last = function () { return this[this.length - 1]; }; global.isReady = true; }',
  ],
  [
    'sets the environment once, and keeps in `global` that it did',
    'if (!global.isReady) { process.env.LAST = "2"; global.isReady = true; } Array.prototype.last = () => Number(process.env.LAST);',
  ],
  [
    'adds to all lists, and asks for a package behind it',
    'if (![].last) Array.prototype.last = function () { return this[this.length - 1]; }; const xtend = require("xtend");',
  ],
] as const) {
  test(`a rule that ${what}, finds what it counts on at every sign-in`, async () => {
    for (let at = 0; at < 4; at += 1) {
      const { outcome } = await run([`${body} user.last = [1, 2].last(); callback(null, user, context);`, refuse]);
      assert.equal(outcome.refused, undefined, outcome.refused?.message);
      assert.equal(Object(outcome.user).last, 2);
      await pause(at * 60);
    }
  });
}

test('an isolate serves on where a rule adds to all texts at every sign-in', async () => {
  const rule = `
    String.prototype.shout = function () { return this + '!'; };
    const bluebird = require('bluebird');
    context.idToken = { 'https://of.example/': (bluebird.ofRuns = (bluebird.ofRuns || 0) + 1) };
    callback(null, user, context);`;
  const ran: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    const { outcome } = await run([rule, refuse]);
    ran.push(Number(Object(outcome.context).idToken['https://of.example/']));
    await pause(150);
  }
  assert.ok(Math.max(...ran) > 1, ran.join());
});

test('what a rule still writes when it has called back is not cut off by the deadline of the last rule', async () => {
  const late = `callback(null, user, context);
    (async () => { for (let at = 0; at < 12; at += 1) await auth0.users.updateAppMetadata('auth0|1', { at }); })();`;
  const nothing = 'callback(null, user, context);';
  for (const [what, ...rules] of [
    ['alone', [late, goOn]],
    ['before a rule that goes on', [late, refuse], [nothing, goOn]],
    ['before one that refuses', [late, goOn], [nothing, refuse]],
  ] as const) {
    heard.calls = 0;
    const { outcome, over } = await run(...rules);
    assert.equal(outcome.refused, undefined, what);
    await over;
    assert.equal(heard.calls, 12, what);
  }
});

test('a rule that never gives way after its callback is ended with the time for all, and changes nothing any more', async () => {
  const { outcome, over } = await run([
    'callback(null, { ...user, done: true }, context); setTimeout(() => { for (;;); }, 5); require("util");',
    goOn,
  ]);
  assert.deepEqual(outcome.user, { ...person, done: true });
  await over;
});

const passes = 'callback(null, user, context);';
const asks = (url: string, then: string) =>
  `fetch('http://${url}.test/').then((answer) => answer.json()).then((told) => { ${then} })`;

for (const [what, body, told] of [
  [
    'in what follows an answer',
    `${asks('one', 'told.missing.role; callback(null, user, context);')};`,
    /reading 'role'/,
  ],
  ['in an async function', "(async () => { await null; throw new RangeError('lost'); })();", /^lost$/],
  ['with no error', "Promise.reject('just so');", /^just so$/],
  ['with null', 'Promise.reject(null);', /^null$/],
  ['with an object', 'Promise.reject({ role: 1 });', /an object that is no error/],
  ['twice, of which the first counts', "Promise.reject(new Error('one')); Promise.reject(new Error('two'));", /^one$/],
  [
    'and handled when it is too late',
    "const p = Promise.reject(new Error('late')); setTimeout(() => p.catch(() => {}), 20);",
    /^late$/,
  ],
  ['with what cannot be read', 'Promise.reject(new Proxy({}, { get() { throw new Error("trap"); } }));', /./],
  ['with a getter', 'Promise.reject(Object.defineProperty(new Error(), "message", { get() { throw 1; } }));', /^$/],
  ['with much', "Promise.reject(new Error('x'.repeat(1e6)));", /^x{1000}$/],
] as const) {
  test(`a promise that is rejected ${what}, and that nobody caught, fails its rule at once`, async () => {
    for (const policy of [refuse, { ...goOn, deadlineMs: 5000 }]) {
      const began = performance.now();
      const { outcome } = await run([body, policy], [passes, goOn]);
      assert.match(outcome.runs[0]?.error?.message ?? 'it did not fail', told);
      assert.equal(outcome.refused?.rule, policy === refuse ? 'rul_0' : undefined);
      assert.ok(performance.now() - began < 4000, `after ${performance.now() - began} ms`);
    }
  });
}

test('a rejection that is handled in time is none', async () => {
  for (const body of [
    `const lost = Promise.reject(new Error('early')); lost.catch(() => {}); setTimeout(() => { ${passes} }, 20);`,
    `const lost = Promise.reject(new Error('early')); Promise.resolve().then(() => lost.catch(() => { ${passes} }));`,
  ]) {
    const { outcome, over } = await run([body, refuse], [passes, refuse]);
    await over;
    assert.equal(outcome.refused, undefined, outcome.refused?.message);
    assert.deepEqual(heard.printed, []);
  }
});

test('what a rule leaves behind fails without the rules behind it being blamed, and is told in its own log', async () => {
  const waits = asks('slow', passes);
  for (const left of [
    asks('one', "throw new Error('left');"),
    `fetch('http://nobody.test/')`,
    `require('axios').post('http://nobody.test/', {})`,
    `require('request')('http://one.test/', () => { throw new Error('left'); })`,
    `(async () => { await auth0.users.updateAppMetadata('auth0|1', {}); throw new Error('left'); })()`,
  ]) {
    for (const first of [`${left}; ${passes}`, `setTimeout(() => { ${left}; ${passes} }, 5);`]) {
      heard.printed = [];
      const { outcome, over } = await run([first, refuse], [`${waits};`, refuse], [passes, refuse]);
      await over;
      assert.equal(outcome.refused, undefined, `${left}: ${outcome.refused?.message}`);
      assert.equal(heard.printed.length, 1, `${left}: ${heard.printed.join()}`);
      assert.match(heard.printed[0] ?? '', /^rul_0 It failed when it had called back, which changes nothing: /);
    }
  }
});

test('a rule whose answer comes after that of the one before is failed with its own error', async () => {
  const own = asks('slow', 'told.missing.role;');
  const { outcome } = await run([`${asks('one', passes)};`, refuse], [passes, refuse], [`${own};`, refuse]);
  assert.partialDeepStrictEqual(outcome.refused, { rule: 'rul_2', by: 'failed' });
  const { outcome: both } = await run([passes, refuse], ['Promise.resolve().then(() => { user.a.b; });', refuse]);
  assert.partialDeepStrictEqual(both.refused, { rule: 'rul_1', by: 'failed' });
});

test('an error whose rule is not known is told, and fails nobody', async () => {
  const { outcome, over } = await run(
    [`global.kept = Promise.reject('whose?'); ${passes}`, refuse],
    [`${asks('one', passes)};`, refuse],
  );
  await over;
  assert.equal(outcome.refused, undefined);
  assert.deepEqual(heard.printed, ['rul_1 Nobody caught an error of this rule or of one before it: whose?']);
});

test('a callback that is called again, or a failure behind it, is told once, and the first call counts', async () => {
  const again = 'rul_0 It called back again: the first call counts.';
  const behind = 'rul_0 It failed when it had called back, which changes nothing: late';
  for (const [body, told] of [
    [`${passes} callback(new Error('no')); callback(null, null, null);`, [again]],
    [`${passes} throw new Error('late');`, [behind]],
    [`setTimeout(() => { ${passes} throw new Error('late'); }, 5);`, [behind]],
    [`return (async () => { ${passes} throw new Error('late'); })();`, [behind]],
    [`return (async () => { await null; return ${passes} })();`, []],
    [`try { ${passes} throw new Error('late'); } catch (error) { callback(error); }`, [again]],
  ] as const) {
    heard.printed = [];
    const { outcome, over } = await run([body, refuse], ['setTimeout(callback, 30);', refuse]);
    await over;
    assert.equal(outcome.refused, undefined, body);
    assert.deepEqual(heard.printed, told, body);
  }
});

test('a callback behind the failure of its rule is told, and changes nothing', async () => {
  const late = `Promise.reject(new Error('no')); setTimeout(() => { user.late = true; ${passes} }, 5);`;
  const { outcome, over } = await run([late, goOn], ['setTimeout(callback, 30);', refuse]);
  await over;
  assert.deepEqual([outcome.refused, outcome.user], [undefined, person]);
  assert.deepEqual(heard.printed, ['rul_0 It called back when it had failed, which changes nothing.']);
});

test('why a request failed is told, not only that it did, whoever made it and however it was left', async () => {
  for (const [body, told] of [
    [`fetch('http://nobody.test/').then(callback, callback);`, 'fetch failed (That host is not for rules.)'],
    [`return (async () => { await fetch('http://nobody.test/'); })();`, 'fetch failed (That host is not for rules.)'],
    [`fetch('http://nobody.test/').then(callback);`, 'fetch failed (That host is not for rules.)'],
    [`require('axios').get('http://nobody.test/').then(callback, callback);`, 'That host is not for rules.'],
    ["throw new Error('a', { cause: { get message() { throw 1; } } });", 'a'],
    ["throw new Error('a', { cause: new Proxy({}, { has() { throw 1; } }) });", 'a'],
    ["throw new Error('a', { cause: new Error('b'.repeat(9999)) });", `a (${'b'.repeat(500)})`],
    ["throw new UnauthorizedError('for them', { cause: new Error('not for them') });", 'for them'],
  ] as const) {
    assert.equal((await run([body, refuse])).outcome.refused?.message, told, body);
  }
});

test('a line that a rule has made up is told to nobody, and fails no other rule', async () => {
  const count = 'user.count = (user.count || 0) + 1; callback(null, user, context);';
  const forged =
    'const error = new Error("no"); error.stack = error.stack.replace(/js:\\d+/g, "js:1e21".repeat(9)); throw error;';
  const huge = forged.replace('1e21', '9'.repeat(25));
  const { outcome } = await run([count, goOn], [forged, goOn], [huge, goOn], [count, refuse]);
  assert.deepEqual([outcome.user.count, outcome.refused], [2, undefined]);
  assert.deepEqual(
    outcome.runs.map(({ error }) => error && { ...error }),
    [undefined, { name: 'Error', message: 'no', line: 1 }, { name: 'Error', message: 'no' }, undefined],
  );
});
