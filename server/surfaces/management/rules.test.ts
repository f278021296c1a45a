import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { list, type ManagementTest, managementTest, object, type Scenario, unique } from '../../../test/management.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { findByUserId } from '../../features/customers/customers.ts';
import { runRules } from '../../features/rules/rules.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
});
after(() => api.close());

const script = 'function (user, context, callback) {\n  callback(null, user, context);\n}';

async function made(body: object = {}): Promise<string> {
  const answer = await api.run({
    name: 'create',
    call: ['POST', '/rules', { name: unique('rule'), script, ...body }],
    status: 201,
  });
  return String(object(answer).id);
}

test('a rule is created, read, listed, changed and removed, as Auth0 has it', async () => {
  const id = await made({ name: 'First rule', order: 40 });
  assert.match(id, /^rul_[A-Za-z0-9]{16}$/);
  const shown = { id, name: 'First rule', order: 40, enabled: true, stage: 'login_success', script };
  const other = await made({ order: 41 });
  const scenarios: Scenario[] = [
    { name: 'read', call: ['GET', `/rules/${id}`], status: 200, reply: shown },
    { name: 'only some', call: ['GET', `/rules/${id}?fields=name,order`], status: 200, reply: { order: 40 } },
    { name: 'list', call: ['GET', '/rules?per_page=1&page=0'], status: 200, reply: [shown] },
    {
      name: 'totals',
      call: ['GET', '/rules?include_totals=true&enabled=true'],
      status: 200,
      reply: { total: 2, start: 0 },
    },
    { name: 'none is off', call: ['GET', '/rules?enabled=false'], status: 200, reply: [] },
    { name: 'the name is taken', call: ['POST', '/rules', { name: 'First rule', script }], status: 409 },
    {
      name: 'the order is taken',
      call: ['PATCH', `/rules/${other}`, { order: 40 }],
      status: 409,
      reply: { message: 'A rule with the same order already exists' },
    },
    { name: 'switch off', call: ['PATCH', `/rules/${id}`, { enabled: false }], status: 200, reply: { enabled: false } },
    { name: 'no change', call: ['PATCH', `/rules/${id}`, {}], status: 400 },
    { name: 'a stage', call: ['PATCH', `/rules/${id}`, { stage: 'login_failure' }], status: 400 },
    { name: 'not there', call: ['GET', '/rules/rul_none'], status: 404, reply: { message: 'Rule not found.' } },
    { name: 'change what is not there', call: ['PATCH', '/rules/rul_none', { enabled: true }], status: 404 },
    { name: 'remove', call: ['DELETE', `/rules/${id}`], status: 204 },
    { name: 'remove again', call: ['DELETE', `/rules/${id}`], status: 204 },
    { name: 'gone', call: ['GET', `/rules/${id}`], status: 404 },
    { name: 'remove the other', call: ['DELETE', `/rules/${other}`], status: 204 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('removed while it is changed, a rule is changed or not found, and nobody waits for the other for ever', async () => {
  const headers = { host: new URL(api.base.config.url).host, authorization: `Bearer ${await api.token()}` };
  for (let round = 0; round < 8; round += 1) {
    const url = `/api/v2/rules/${await made()}`;
    const change = { method: 'PATCH', url, headers, payload: { enabled: false } } as const;
    const remove = { method: 'DELETE', url, headers } as const;
    const [removed, ...changed] = await Promise.all(
      [remove, change, change, change].map((one) => api.app.inject(one).then(({ statusCode }) => statusCode)),
    );
    assert.equal(removed, 204);
    for (const status of changed) assert.ok(status === 200 || status === 404, String(status));
  }
});

test('what one has put into `global` by trying a script is not there when another tries the same', async () => {
  const kept = `function (user, context, callback) {
    const before = global.kept;
    global.kept = user.email;
    callback(null, { ...user, before }, context);
  }`;
  for (const email of ['ada@example.com', 'bob@example.com']) {
    const body = { script: kept, user: { user_id: 'auth0|none', email }, context: {} };
    const tried = object(await api.run({ name: email, call: ['POST', '/rules/try', body], status: 200 }));
    assert.deepEqual(tried.user, { user_id: 'auth0|none', email });
  }
});

test('the stage comes along as Auth0’s deploy tool sends it; there is no other', async () => {
  const body = { name: 'Deployed', script, order: 50, enabled: false, stage: 'login_success' };
  await api.run({ name: 'created', call: ['POST', '/rules', body], status: 201, reply: body });
  for (const stage of ['login_failure', 'pre_authorize', '', null]) {
    const other = { ...body, name: unique('rule'), order: 51, stage };
    await api.run({ name: `stage ${stage}`, call: ['POST', '/rules', other], status: 400 });
  }
});

test('a script that is no function says where', async () => {
  const wrong: [string, RegExp][] = [
    ['function (user, context, callback) {\n  callback(null;\n}', /line 2, column 12/],
    ['function (user) {', /line 1, column 18/],
    ['function (user) {};', /Unexpected token ';' \(line 1, column 19\)/],
    ['function named(user) {\n};', /Unexpected token ';' \(line 2, column 2\)/],
    ['function () {}); (function () {}', /one function/],
    ['module.exports = 5', /one function/],
    ['exports.onExecutePostLogin = async (event, api) => {};', /one function: .* is an action\. \(line 1, column 1\)/],
    ['(function () { return 1; })()', /one function/],
    ['function () { let a; let a; }', /already been declared \(line 1, column 26\)/],
    ['--> note\nfunction (user, context, callback) { callback(null, user, context); }', /line 1, column \d/],
    [`function () {\n return ${'['.repeat(5000)}${']'.repeat(5000)}; }`, /nested too deeply .*\(line 2, column \d+\)/],
    [`function () { ${'{'.repeat(5000)}${'}'.repeat(5000)} }`, /nested too deeply/],
    [`function () { /* ${'x'.repeat(103_000)} */ }`, /at most 100 kB/],
    [`function () { /* ${'é'.repeat(52_000)} */ }`, /at most 100 kB/],
  ];
  const id = await made();
  for (const [text, told] of wrong) {
    for (const call of [
      ['POST', '/rules', { name: unique('r'), script: text }],
      ['PATCH', `/rules/${id}`, { script: text }],
      ['POST', '/rules/try', { script: text, user: {} }],
    ] satisfies Scenario['call'][]) {
      const answer = await api.run({
        name: text.slice(0, 40),
        call,
        status: 400,
        reply: { errorCode: 'invalid_body' },
      });
      assert.match(String(object(answer).message), told);
      assert.match(String(object(answer).message), /property script/);
    }
  }
});

test('without an order a rule comes last; all are ordered at once', async () => {
  const [one, two, three] = [await made(), await made(), await made()];
  const orderOf = async () => list(await api.call('GET', '/rules?fields=id&per_page=100')).map((row) => Object(row).id);
  const all = await orderOf();
  assert.deepEqual(all.slice(-3), [one, two, three]);
  const turned = [...all].reverse();
  await api.run({ name: 'turn', call: ['PUT', '/rules/order', { ids: turned }], status: 200 });
  assert.deepEqual(await orderOf(), turned);
  for (const ids of [turned.slice(1), [...turned.slice(1), turned[1]], [...turned.slice(1), 'rul_none']]) {
    await api.run({ name: 'not all', call: ['PUT', '/rules/order', { ids }], status: 409 });
  }
  assert.deepEqual(await orderOf(), turned);
});

test('rules that come at once get places of their own', async () => {
  const made20 = await Promise.all(Array.from({ length: 20 }, () => made()));
  const rows = list(await api.call('GET', '/rules?per_page=100'));
  assert.equal(new Set(rows.map((row) => Object(row).order)).size, rows.length);
  for (const id of made20) await api.call('DELETE', `/rules/${id}`);
});

test('configuration is set, listed by key, and never shown again', async () => {
  const scenarios: Scenario[] = [
    {
      name: 'set',
      call: ['PUT', '/rules-configs/API_KEY', { value: 'so secret' }],
      status: 200,
      reply: { key: 'API_KEY', value: 'so secret' },
    },
    { name: 'list', call: ['GET', '/rules-configs'], status: 200, reply: [{ key: 'API_KEY' }] },
    { name: 'a wrong key', call: ['PUT', '/rules-configs/a%20b', { value: 'x' }], status: 400 },
    { name: 'no value', call: ['PUT', '/rules-configs/OTHER', {}], status: 400 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
  const listed = await api.call('GET', '/rules-configs');
  assert.doesNotMatch(JSON.stringify(listed.body), /so secret/);
  const row = await api.base.db.selectFrom('rules_configs').selectAll().executeTakeFirstOrThrow();
  assert.doesNotMatch(row.value, /secret/);
  await api.run({ name: 'remove', call: ['DELETE', '/rules-configs/API_KEY'], status: 204 });
  await api.run({ name: 'remove again', call: ['DELETE', '/rules-configs/API_KEY'], status: 204 });
  await api.run({ name: 'gone', call: ['GET', '/rules-configs'], status: 200, reply: [] });
});

test('every save is a version, and any of them can be brought back', async () => {
  const id = await made();
  const second = 'function second(user, context, callback) { callback(); }';
  await api.call('PATCH', `/rules/${id}`, { script: second });
  await api.call('PATCH', `/rules/${id}`, { enabled: false });
  await api.call('PATCH', `/rules/${id}/running`, { on_failure: 'go_on', deadline_ms: 700 });
  const told = await api.run({ name: 'list', call: ['GET', `/rules/${id}/versions`], status: 200 });
  assert.deepEqual(
    list(told).map((row) => [Object(row).version, Object(row).saved_by]),
    [3, 2, 1].map((version) => [version, { id: 'machine', name: 'Machine' }]),
    'what only switches it on or off is none',
  );
  await api.run({
    name: 'read',
    call: ['GET', `/rules/${id}/versions/1`],
    status: 200,
    reply: { script, on_failure: 'refuse', deadline_ms: null, restored: null },
  });
  await api.run({
    name: 'bring back',
    call: ['POST', `/rules/${id}/versions/1/restore`],
    status: 200,
    reply: { script, enabled: false },
  });
  await api.run({
    name: 'a save like any other',
    call: ['GET', `/rules/${id}/versions/4`],
    status: 200,
    reply: { script, on_failure: 'refuse', restored: 1 },
  });
  await api.run({ name: 'no such version', call: ['POST', `/rules/${id}/versions/9/restore`], status: 404 });
  await api.run({ name: 'no such rule', call: ['GET', '/rules/rul_none/versions'], status: 404 });
});

test('how rules run is read and changed, for each and for all', async () => {
  const id = await made();
  const none = { runs: 0, refusals: 0, errors: 0, p50_ms: null, p95_ms: null };
  const running = { id, on_failure: 'refuse', deadline_ms: null, library: null, settings: null, last_hour: none };
  const scenarios: Scenario[] = [
    { name: 'read', call: ['GET', `/rules/${id}/running`], status: 200, reply: running },
    {
      name: 'go on',
      call: ['PATCH', `/rules/${id}/running`, { on_failure: 'go_on', deadline_ms: 500 }],
      status: 200,
      reply: { on_failure: 'go_on', deadline_ms: 500 },
    },
    { name: 'too short', call: ['PATCH', `/rules/${id}/running`, { deadline_ms: 10 }], status: 400 },
    { name: 'no form', call: ['PATCH', `/rules/${id}/running`, { settings: {} }], status: 400 },
    { name: 'all', call: ['GET', '/rules/running'], status: 200, reply: { skipped: false, deadline_ms: 20_000 } },
    {
      name: 'break glass',
      call: ['PATCH', '/rules/running', { skipped: true }],
      status: 200,
      reply: { skipped: true, deadline_ms: 20_000 },
    },
    {
      name: 'hurry',
      call: ['PATCH', '/rules/running', { skipped: false, deadline_ms: 5000 }],
      status: 200,
      reply: { skipped: false, deadline_ms: 5000 },
    },
    { name: 'too long', call: ['PATCH', '/rules/running', { deadline_ms: 20_001 }], status: 400 },
  ];
  for (const scenario of scenarios) await api.run(scenario);
});

test('what somebody else changed meanwhile is not written over', async () => {
  const id = await made();
  const headers = { authorization: `Bearer ${await api.token()}` };
  const { etag } = (await api.send('GET', `/rules/${id}`, { headers })).headers;
  await api.call('PATCH', `/rules/${id}`, { script: `${script} // mine` });
  const late = { headers: { ...headers, 'if-match': String(etag) }, body: { script: `${script} // yours` } };
  assert.equal((await api.send('PATCH', `/rules/${id}`, late)).status, 409);
});

test('rules are written into the audit log', async () => {
  const id = await made();
  await api.call('PATCH', `/rules/${id}`, { enabled: false });
  await api.run({
    name: 'log',
    call: ['GET', '/audit?take=1'],
    status: 200,
    reply: { audit: [{ about: 'rule', thing: id, route: 'PATCH /rules/{id}', paths: ['enabled'] }] },
  });
});

test('a script is tried, and keeps nothing', async () => {
  const tried = `async function (user, context, callback) {
    console.log('hello', configuration.NAME);
    console.warn({ deep: [1] });
    const updated = await auth0.users.updateAppMetadata(user.user_id, { seen: true });
    try {
      await fetch('http://169.254.169.254/latest/meta-data');
    } catch (error) {
      user.refused = String(error.cause?.code ?? error.code);
    }
    context.idToken.seen = updated.app_metadata.seen;
    callback(null, { ...user, tried: true }, context);
  }`;
  const user = { user_id: 'auth0|none', email: 'ada@example.com' };
  const body = { script: tried, user, context: { idToken: {} }, configuration: { NAME: 'Ada' } };
  const answer = await api.run({
    name: 'try',
    call: ['POST', '/rules/try', body],
    status: 200,
    reply: {
      user: { ...user, tried: true, refused: 'EREGULARS_REFUSED' },
      context: { idToken: { seen: true } },
      error: null,
      console: [{ level: 'log', line: 'hello Ada' }, { level: 'warn' }],
      calls: [
        { name: 'update_app_metadata', user_id: 'auth0|none', patch: { seen: true } },
        { name: 'http', method: 'GET', url: 'http://169.254.169.254/latest/meta-data' },
      ],
    },
  });
  assert.ok(Number(object(answer).duration_ms) > 0);
  const own = `async function (user, context, callback) {
    const began = Date.now();
    await fetch(auth0.baseUrl + '/users', { headers: { authorization: 'Bearer ' + auth0.accessToken } }).catch((error) => {
      user.why = String(error.cause?.message ?? error.message);
    });
    while (Date.now() - began < 20) {}
    user.took = Date.now() - began;
    callback(null, user, context);
  }`;
  const tries = await Promise.all(
    Array.from({ length: 3 }, () => api.call('POST', '/rules/try', { script: own, user })),
  );
  const rest = tries.map((one) => Number(object(one).duration_ms) - Number(Object(object(one).user).took));
  assert.ok(Math.min(...rest) < 10, `what is made ready for it is not the rule's own time: ${rest}`);
  const [first] = tries;
  assert.match(String(Object(first?.body).user.why), /auth0\.accessToken opens nothing/);
  assert.match(JSON.stringify(Object(first?.body).calls), /At a sign-in they are answered/);
  await api.run({
    name: 'one that fails',
    call: ['POST', '/rules/try', { script: 'function (user, context, callback) {\n  user.no.such;\n}', user }],
    status: 200,
    reply: { user, error: { name: 'TypeError', message: "Cannot read properties of undefined (reading 'such')" } },
  });
});

test('security row 10: trying a rule needs the right to save one, and so does everything that changes what runs', async () => {
  const id = await made();
  const calls: Scenario['call'][] = [
    ['POST', '/rules/try', { script, user: {} }],
    ['POST', '/rules', { name: unique('rule'), script }],
    ['PATCH', `/rules/${id}`, { script }],
    ['PATCH', `/rules/${id}/running`, { on_failure: 'go_on' }],
    ['POST', `/rules/${id}/versions/1/restore`],
    ['PUT', '/rules/order', { ids: [id] }],
    ['PATCH', '/rules/running', { skipped: true }],
    ['PUT', '/rules-configs/KEY', { value: 'x' }],
    ['POST', '/rules/library', { library: 'greet' }],
    ['GET', '/rules/log'],
    ['DELETE', `/rules/${id}`],
  ];
  for (const call of calls) {
    const scopes = 'read:rules read:rules_configs read:users update:users';
    await api.run({ name: 'only reads', call, scopes, status: 403, reply: { errorCode: 'insufficient_scope' } });
  }
});

test('security row 10: staff who do not see and write everything write no rule that would', async () => {
  const id = await made();
  await api.call('PUT', '/rules-configs/KEY', { value: 'x' });
  const draft = { name: unique('kept'), supported_triggers: [{ id: 'post-login' }] };
  const action = object(await api.call('POST', '/actions/actions', draft)).id;
  for (const own of [{ reads: ['*', '-sensitive'] }, { writes: ['user_metadata.*'] }, { brands: [] }]) {
    const { headers } = await signInStaff(api, { ready: 'administrator', ...own });
    for (const [method, path, body] of [
      ['PATCH', `/rules/${id}`, { script }],
      ['PATCH', `/rules/${id}`, { enabled: false }],
      ['DELETE', `/rules/${id}`, undefined],
      ['DELETE', '/rules-configs/KEY', undefined],
      ['DELETE', `/actions/actions/${action}?force=true`, undefined],
      ['PATCH', `/rules/${id}/running`, { on_failure: 'go_on' }],
      ['PATCH', '/rules/running', { skipped: true }],
      ['PUT', '/rules/order', { ids: [id] }],
      ['POST', '/rules/try', { script, user: {} }],
      ['POST', '/rules/check', { rules: [{ name: 'x', script }] }],
      ['POST', `/rules/${id}/versions/1/restore`, undefined],
      ['GET', '/rules/log', undefined],
    ] as const) {
      const answer = await api.send(method, path, { headers, body });
      assert.equal(answer.status, 403, JSON.stringify([own, path, answer.body]));
    }
  }
});

test('what rules print at sign-ins is listed for a day, goes with the customer, and comes live', async () => {
  const id = await made({ script: '(user, context, callback) => { console.log("seen", user.email); callback(); }' });
  const broken = await made({ script: 'function (user) { user.no.such; }' });
  const draft = {
    connection: 'Username-Password-Authentication',
    email: `${unique('ada')}@example.com`,
    password: 'as hard as it gets',
  };
  await api.call('POST', '/connections', { name: draft.connection, strategy: 'auth0' });
  const user_id = String(object(await api.call('POST', '/users', draft)).user_id);
  const customer = await findByUserId(api.base.db, user_id);
  assert.ok(customer);
  const input = { user: { user_id, email: draft.email }, context: {} };
  const auth0 = { domain: 'x', baseUrl: 'https://x/api/v2', accessToken: '' };
  const sign = () => runRules(api.base, { customer: customer.id, input, host: async () => null, auth0 });
  await sign();
  const line = { rule: id, user_id, level: 'log', line: `seen ${draft.email}` };
  let found: unknown[] = [];
  for (let tries = 0; found.length === 0 && tries < 100; tries += 1) {
    await pause(50);
    found = list(await api.call('GET', `/rules/log?rule=${id}`));
  }
  assert.partialDeepStrictEqual(found, [line]);
  const failed = "It failed in line 1 (TypeError): Cannot read properties of undefined (reading 'such')";
  const told = list(await api.call('GET', `/rules/log?rule=${broken}`));
  assert.partialDeepStrictEqual(told, [{ level: 'error', line: failed }]);
  await api.run({ name: 'delete', call: ['DELETE', `/users/${encodeURIComponent(user_id)}`], status: 204 });
  assert.deepEqual(list(await api.call('GET', `/rules/log?rule=${id}`)), []);
  await sign();
  await pause(1000);
  assert.deepEqual(list(await api.call('GET', `/rules/log?rule=${id}`)), [], 'nothing is kept of who is gone');
});
