// What a rule does to what all code shares, by ways that hide from a look at names and values.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testBase } from '../../../test/base.ts';
import { context, goOn, type Heard, person, refuse, refuses, runBodies } from './test-bodies.ts';

const base = await testBase();
after(() => base.close());

const passes = 'callback(null, user, context);';

test('security row 10: a rule that refuses is skipped by none before it, nor by one of the sign-in before', async () => {
  const heard: Heard = { calls: 0, printed: [] };
  // To whoever looks whether it was changed it looks as before.
  const hostile = (name: string, says: string) => `const before = Array.prototype.${name};
    Object.defineProperty(Array.prototype, '${name}', { configurable: true, get: () =>
      /NearLook|isSame|mend/.test(new Error().stack) ? before : ${says} });`;
  for (const [name, says] of [
    ['includes', '() => true'],
    ['push', '() => 0'],
    ['filter', '() => []'],
  ] as const) {
    const { outcome } = await runBodies(base, heard, [`${hostile(name, says)} ${passes}`, goOn], [refuses, refuse]);
    assert.equal(outcome.refused?.rule, 'rul_1', name);
    assert.equal(outcome.runs.length, 2, name);
    for (let signIn = 0; signIn < 4; signIn += 1) {
      const alone = `global.signIns = (global.signIns || 0) + 1; if (global.signIns === 2) { ${hostile(name, says)} }`;
      const { outcome: again } = await runBodies(base, heard, [`${alone} ${refuses}`, refuse]);
      assert.equal(again.refused?.rule, 'rul_0', `${name}, sign-in ${signIn}`);
    }
  }
});

test('security row 10: what a rule leaves to fail later does not end the next, which goes on where it fails and refuses', async () => {
  const later = (what: string) => `setTimeout(() => { ${what} }, 20); ${passes}`;
  const unknown = (what: string) => `require('timers/promises').setTimeout(20).then(() => { ${what} }); ${passes}`;
  const stack = "error.stack = error.stack.replace(/rul_0/g, 'rul_1').replace(/rule-0|rule 0/g, 'rule 1');";
  for (const left of [
    `new Promise((_, no) => setTimeout(no, 20, { code: 'ECONNRESET' })); ${passes}`,
    later("Promise.reject('nothing');"),
    later("throw { code: 'ECONNRESET' };"),
    later(`const error = new Error('left'); ${stack} throw error;`),
    // Whose these are is not known, but for what they say themselves.
    unknown("throw { code: 'ECONNRESET' };"),
    unknown(`const error = new Error('left'); ${stack} throw error;`),
    // It goes off behind one of the rule that is to be blamed.
    `const { setTimeout: wait } = require('timers/promises');
     setTimeout(() => { wait(100).then(() => { throw { code: 'X' }; }); }, 0); ${passes}`,
  ]) {
    const heard: Heard = { calls: 0, printed: [] };
    // It stands still for a moment, so that timers of both go off in one go.
    const still = 'setTimeout(() => { const end = Date.now() + 20; while (Date.now() < end); }, 95);';
    const refusesLater = `${still} setTimeout(() => setTimeout(() => { ${refuses} }, 30), 100);`;
    const { outcome, over } = await runBodies(base, heard, [left, goOn], [refusesLater, goOn]);
    await over;
    assert.deepEqual(outcome.refused, { rule: 'rul_1', by: 'unauthorized', message: 'never' }, left);
    assert.match(
      heard.printed.join(),
      /Nobody caught an error of this rule or of one before it: |^rul_0 It failed when/,
    );
  }
});

test('security row 10: what refuses is made of what it was, whatever a rule before says that it inherits', async () => {
  for (const change of [
    'Object.setPrototypeOf(UnauthorizedError, function () { return {}; });',
    'setTimeout(() => { Object.setPrototypeOf(UnauthorizedError, function () { return {}; }); }, 5);',
    "Object.setPrototypeOf(UnauthorizedError.prototype, new Proxy({}, { get: () => 'no' }));",
  ]) {
    const heard: Heard = { calls: 0, printed: [] };
    const tried = `try { ${change} } catch {} ${passes}`;
    const { outcome } = await runBodies(base, heard, [tried, goOn], [`setTimeout(() => { ${refuses} }, 50);`, goOn]);
    assert.deepEqual(outcome.refused, { rule: 'rul_1', by: 'unauthorized', message: 'never' }, change);
  }
});

test('security row 10: a rule finds no function of ours in the stack of what we call', async () => {
  const forges = `const forged = JSON.stringify(
      { user, context: { idToken: { 'https://x.example/skipped': true } }, from: 1000, skip: [], auth0: {} });
    const looks = () => {
      Error.prepareStackTrace = (error, sites) => sites.map((site) => site.getFunction()).filter(Boolean);
      const found = new Error('stack').stack;
      delete Error.prepareStackTrace;
      for (const one of found) if (['main', 'runAll'].includes(one.name)) try { one(forged); } catch {}
      return {};
    };
    const left = Object.defineProperty({ ...context }, 'idToken', { enumerable: true, get: looks });
    user.toJSON = looks;`;
  for (const way of ['callback(null, user, left);', 'callback({ get message() { looks(); return "no"; } });']) {
    const heard: Heard = { calls: 0, printed: [] };
    // It may call out: what it came to is told before it is over.
    const { outcome } = await runBodies(base, heard, [`/* auth0 */ ${forges} ${way}`, goOn], [refuses, refuse]);
    assert.equal(outcome.refused?.rule, 'rul_1', way);
    assert.deepEqual(outcome.context.idToken, {}, way);
  }
});

test('security row 10: a rule that looks where another has left a getter does not hand it its callback', async () => {
  // A getter finds who calls it, and what that was called with.
  const passesOn = `function get() {
    const { caller } = get;
    const given = caller && caller.arguments;
    if (given && typeof given[2] === 'function') given[2](null, given[0], given[1]);
  }`;
  const leaves = (on: string) => `Object.defineProperty(${on}, { configurable: true, get: ${passesOn} }); ${passes}`;
  const looks = (at: string) => `if (!${at}) return ${refuses} ${passes}`;
  for (const [on, at] of [
    ['user, "vip"', 'user.vip'],
    ['process.env, "VIP"', 'process.env.VIP'],
    ['global, "vip"', 'global.vip'],
  ] as const) {
    const heard: Heard = { calls: 0, printed: [] };
    for (let signIn = 0; signIn < 2; signIn += 1) {
      const { outcome } = await runBodies(base, heard, [leaves(on), goOn], [looks(at), refuse]);
      assert.equal(outcome.refused?.rule, 'rul_1', at);
    }
  }
});

test('security row 10: whatever a rule makes of clocks, those behind it run, and deadlines hold', async () => {
  for (const spoils of [
    'Date.now = () => NaN;',
    'Date.now = () => "x";',
    'performance.now = () => NaN;',
    'Object.defineProperty(performance, "now", { get() { throw 1; } });',
    'Math.max = () => NaN;',
  ]) {
    const heard: Heard = { calls: 0, printed: [] };
    const waits = `setTimeout(() => { ${refuses} }, 5);`;
    const { outcome } = await runBodies(base, heard, [`${spoils} ${passes}`, goOn], [';', goOn], [waits, refuse]);
    assert.equal(outcome.refused?.rule, 'rul_2', spoils);
    assert.equal(outcome.refused?.message, 'never', spoils);
    assert.match(outcome.runs[1]?.error?.name ?? '', /^(TimeoutError|deadline)$/, spoils);
    for (const { ms } of outcome.runs) assert.ok(ms >= 0 && ms < 5000, spoils);
  }
});

test('no line that a rule prints says whose the next ones are', async () => {
  const prints = `console.debug('\\u00011'); process.stdout.write('\\u000199'); console.log('%s', '\\u00011'); console.log('mine');`;
  const heard: Heard = { calls: 0, printed: [] };
  const other = `console.log('other'); ${passes}`;
  const { over } = await runBodies(base, heard, [`${prints} ${passes}`, goOn], [other, refuse]);
  await over;
  const lines = ['rul_0  \u00011', 'rul_0  \u000199', 'rul_0  \u00011', 'rul_0 mine', 'rul_1 other'];
  assert.deepEqual(heard.printed, lines);
});

test('security row 10: what lists and texts inherit from is put back between two rules, and told', async () => {
  for (const [name, looks] of [
    ['Array', '[].isAdmin'],
    ['String', 'user.email.isAdmin'],
    ['Function', 'callback.isAdmin'],
    ['Promise', 'Promise.resolve().isAdmin'],
  ]) {
    const heard: Heard = { calls: 0, printed: [] };
    const other = `Object.create(Object.prototype, {
      isAdmin: { value: true }, toJSON: { value() { return ['forged']; } } })`;
    const { outcome, over } = await runBodies(
      base,
      heard,
      [`Object.setPrototypeOf(${name}.prototype, ${other}); ${passes}`, goOn],
      [`user.roles = ['reader']; user.seen = String(${looks}); ${passes}`, refuse],
    );
    await over;
    assert.deepEqual(outcome.user, { ...person, roles: ['reader'], seen: 'undefined' }, name);
    assert.equal(outcome.runs.length, 2, name);
    assert.deepEqual(heard.printed, [`rul_0 This was changed, and put back: ${name}.prototype.__proto__`]);
  }
});

test('security row 10: what is added is found also where a getter takes it away while one looks', async () => {
  const hides = `const { keys } = Object;
    Object.defineProperty(Object, 'keys', { configurable: true, get() {
      delete Object.prototype.isAdmin;
      queueMicrotask(() => { Object.prototype.isAdmin = true; });
      return keys;
    } });
    Object.prototype.isAdmin = true;`;
  const looks = `setTimeout(() => { user.seen = String({}.isAdmin); ${passes} }, 5);`;
  const heard: Heard = { calls: 0, printed: [] };
  const { outcome } = await runBodies(base, heard, [`${hides} ${passes}`, goOn], [looks, refuse]);
  assert.deepEqual(outcome.user, { ...person, seen: 'undefined' });
  const gone = `delete Array.prototype.flatMap;
    Object.defineProperty(Object.prototype, 'flatMap', { configurable: true, get() { throw new Error('boom'); } });`;
  heard.printed = [];
  const { outcome: whole, over } = await runBodies(
    base,
    heard,
    [`${gone} ${passes}`, goOn],
    [`user.seen = [[1]].flatMap((one) => one).length; ${passes}`, refuse],
  );
  await over;
  assert.deepEqual(whole.user, { ...person, seen: 1 });
  assert.deepEqual(heard.printed, [
    'rul_0 This was changed, and put back: Object.prototype.flatMap, Array.prototype.flatMap',
  ]);
});

test('what a rule says that cannot be done is its failure, under its own policy', async () => {
  for (const says of [
    "context.redirect = { url: 'javascript:1' };",
    "context.redirect = { url: 'https://user:pw@shop.example/' };",
    'context.redirect = { url: 5 };',
    "context.idToken['https://x.example/a'] = 'x'.repeat(100000);",
    "context.accessToken['https://x.example/a'] = '\\u0000';",
    "context.idToken['https://x.example/a'] = ['\\ud800'];",
  ]) {
    const heard: Heard = { calls: 0, printed: [] };
    const { outcome } = await runBodies(base, heard, [`${says} ${passes}`, goOn], [passes, refuse]);
    assert.equal(outcome.refused, undefined, says);
    assert.deepEqual(outcome.context, context, says);
    assert.equal(outcome.runs[0]?.error?.name, 'TypeError', says);
    const { outcome: other } = await runBodies(base, heard, [passes, goOn], [`${says} ${passes}`, refuse]);
    assert.equal(other.refused?.rule, 'rul_1', says);
  }
  for (const says of [
    "context.redirect = { url: 'HTTPS://shop.example:8443/a?b=c@d#e' };",
    "context.idToken['https://x.example/a'] = '\\\\u0000 \u{1f600} \\n';",
    "user.long = 'x'.repeat(200000);",
    'context.redirect = {};',
  ]) {
    const { outcome } = await runBodies(base, { calls: 0, printed: [] }, [`${says} ${passes}`, refuse]);
    assert.equal(outcome.refused, undefined, says);
  }
});

test('security row 10: whose a call is, is not for the code to say', async () => {
  const forges = `Object.prototype.toJSON = function () { return 'by' in this ? { by: 1, value: this.value } : this; };
    auth0.users.updateAppMetadata(user.user_id, { tidy: 1 }); delete Object.prototype.toJSON;`;
  const heard: Heard = { calls: 0, printed: [], sources: [] };
  const { over } = await runBodies(base, heard, [`${forges} ${passes}`, goOn], [passes, refuse]);
  await over;
  assert.deepEqual(heard.sources, ['rule:rul_0']);
});

test('what a package prints stands in the log of the rule that called it', async () => {
  const heard: Heard = { calls: 0, printed: [] };
  const old = `jwt.sign({ sub: 'a' }, 'a secret', { expiresInMinutes: 5 }); ${passes}`;
  for (const rules of [
    [passes, old, passes],
    [`console.log('first'); ${passes}`, passes, old],
  ]) {
    heard.printed.length = 0;
    await runBodies(base, heard, ...rules.map((body) => [body, refuse] as const));
    const place = rules.indexOf(old);
    assert.deepEqual(
      heard.printed.filter((line) => line.includes('expiresInMinutes')).map((line) => line.split(' ', 1)),
      [[`rul_${place}`]],
    );
  }
});
