import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';
import { someoneWaits } from '../../../test/someone-waits.ts';
import { signInStaff } from '../../../test/staff-caller.ts';
import { transact } from '../../base/db.ts';
import { uuid } from '../../base/ids.ts';
import { ensureFirstStaff } from './first-start.ts';

let api: ManagementTest;
before(async () => {
  api = await managementTest();
  await ensureFirstStaff(api.base);
});
after(() => api.close());

const good =
  'exports.onExecutePostLogin = async (event, api) => { api.idToken.setCustomClaim("a", event.secrets.KEY); };';
const other = 'exports.onExecutePostLogin = async () => {};';

async function make(more: object = {}): Promise<{ id: string; name: string }> {
  const draft = {
    name: unique('action'),
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    code: good,
    ...more,
  };
  const made = await api.run({ name: 'make', call: ['POST', '/actions/actions', draft], status: 201 });
  return { id: String(object(made).id), name: draft.name };
}

async function refuse(draft: object, message: RegExp): Promise<void> {
  const whole = { name: unique('action'), supported_triggers: [{ id: 'post-login' }], ...draft };
  const answer = await api.call('POST', '/actions/actions', whole);
  assert.equal(answer.status, 400, JSON.stringify(answer.body));
  assert.match(String(object(answer).message), message);
}

test('an action is written, deployed, rolled back, bound and removed', async () => {
  const { id, name } = await make({ secrets: [{ name: 'KEY', value: 'hidden-1' }] });
  const one = `/actions/actions/${id}`;
  const wrote = { code: other, secrets: [{ name: 'KEY' }, { name: 'MORE', value: 'hidden-2' }] };
  const refs = { bindings: [{ ref: { type: 'action_name', value: name }, display_name: 'First' }] };
  const bound = '/actions/triggers/post-login/bindings';
  const before = await api.run({
    name: 'read',
    call: ['GET', one],
    status: 200,
    reply: { name, status: 'built', runtime: 'node22', all_changes_deployed: false, secrets: [{ name: 'KEY' }] },
  });
  assert.equal(object(before).deployed_version, undefined);
  await api.run({ name: 'bind too early', call: ['PATCH', bound, refs], status: 400 });
  const first = await api.run({
    name: 'deploy',
    call: ['POST', `${one}/deploy`],
    status: 202,
    reply: { number: 1, deployed: true, code: good, action: { id, all_changes_deployed: true } },
  });
  await api.run({
    name: 'bind',
    call: ['PATCH', bound, refs],
    status: 200,
    reply: { bindings: [{ display_name: 'First' }] },
  });
  await api.run({
    name: 'list bindings',
    call: ['GET', bound],
    status: 200,
    reply: { total: 1, page: 0, per_page: 50 },
  });
  await api.run({
    name: 'write on',
    call: ['PATCH', one, wrote],
    status: 200,
    reply: { all_changes_deployed: false, code: other, deployed_version: { number: 1, code: good } },
  });
  await api.run({ name: 'deploy again', call: ['POST', `${one}/deploy`], status: 202, reply: { number: 2 } });
  const old = `${one}/versions/${object(first).id}`;
  await api.run({ name: 'the first', call: ['GET', old], status: 200, reply: { number: 1, deployed: false } });
  await api.run({ name: 'roll back', call: ['POST', `${old}/deploy`], status: 202, reply: { number: 3, code: good } });
  const draft = { code: other, all_changes_deployed: false, deployed_version: { number: 3 } };
  await api.run({ name: 'the draft stays', call: ['GET', one], status: 200, reply: draft });
  const whole = { call: ['POST', `${old}/deploy`, { update_draft: true }] as const };
  await api.run({ name: 'with the draft', call: [...whole.call], status: 202, reply: { number: 4 } });
  await api.run({
    name: 'draft too',
    call: ['GET', one],
    status: 200,
    reply: { code: good, all_changes_deployed: true },
  });
  const told = await api.run({ name: 'versions', call: ['GET', `${one}/versions`], status: 200, reply: { total: 4 } });
  const { versions } = object(told);
  assert.ok(Array.isArray(versions));
  const deployed = versions.map((row) => Object(row).deployed_by);
  assert.deepEqual(
    deployed,
    Array.from({ length: 4 }, () => ({ id: 'machine', name: 'Machine' })),
  );
  await api.run({ name: 'bound', call: ['DELETE', one], status: 409 });
  await api.run({ name: 'by force', call: ['DELETE', `${one}?force=true`], status: 204 });
  await api.run({ name: 'unbound', call: ['GET', bound], status: 200, reply: { total: 0, bindings: [] } });
  await api.run({ name: 'gone', call: ['GET', one], status: 404, reply: { message: 'That action does not exist.' } });
});

test('an action says what becomes of the act when it fails', async () => {
  const { id } = await make({ on_failure: 'go_on' });
  const one = `/actions/actions/${id}`;
  await api.run({ name: 'read', call: ['GET', one], status: 200, reply: { on_failure: 'go_on' } });
  const call = ['PATCH', one, { on_failure: 'refuse' }] as const;
  await api.run({ name: 'change', call: [...call], status: 200, reply: { on_failure: 'refuse' } });
  await api.run({ name: 'wrong', call: ['PATCH', one, { on_failure: 'ignore' }], status: 400 });
});

test('bindings are in the order in which they were sent', async () => {
  const [a, b] = [await make({ deploy: true }), await make({ deploy: true })];
  const path = '/actions/triggers/post-login/bindings';
  const names = async () => {
    const { bindings } = object(await api.call('GET', path));
    assert.ok(Array.isArray(bindings));
    return bindings.map(({ action }) => action.name);
  };
  const refs = (...ids: string[]) => ({ bindings: ids.map((value) => ({ ref: { type: 'action_id', value } })) });
  await api.run({ name: 'a, b', call: ['PATCH', path, refs(a.id, b.id)], status: 200 });
  assert.deepEqual(await names(), [a.name, b.name]);
  await api.run({ name: 'b, a', call: ['PATCH', path, refs(b.id, a.id)], status: 200 });
  assert.deepEqual(await names(), [b.name, a.name]);
  await api.run({ name: 'twice', call: ['PATCH', path, refs(a.id, a.id)], status: 400 });
  await api.run({ name: 'none', call: ['PATCH', path, refs()], status: 200, reply: { bindings: [] } });
});

test('a draft may lack its handler, as at Auth0; what is deployed names it', async () => {
  const { id } = await make({ code: 'const x = 1;' });
  const one = `/actions/actions/${id}`;
  const refused = await api.run({ name: 'deploy', call: ['POST', `${one}/deploy`], status: 400 });
  assert.match(String(object(refused).message), /exports\.onExecutePostLogin is missing/);
  await api.run({
    name: 'of another',
    call: ['PATCH', one, { code: 'exports.onExecuteOther = () => {};' }],
    status: 200,
  });
  await api.run({ name: 'deploy that', call: ['POST', `${one}/deploy`], status: 400 });
  const name = unique('at-once');
  await refuse({ name, code: undefined, deploy: true }, /exports\.onExecutePostLogin is missing/);
  assert.partialDeepStrictEqual(object(await api.call('GET', `/actions/actions?actionName=${name}`)), { total: 0 });
  await api.run({ name: 'write it', call: ['PATCH', one, { code: good }], status: 200 });
  await api.run({ name: 'deploy it', call: ['POST', `${one}/deploy`], status: 202 });
});

test('an action that is being deleted is bound no more: whoever binds it at that moment is told', async () => {
  const [stays, goes] = [await make({ deploy: true }), await make({ deploy: true })];
  const path = '/actions/triggers/post-login/bindings';
  const refs = (...ids: string[]) => ({ bindings: ids.map((value) => ({ ref: { type: 'action_id', value } })) });
  await api.run({ name: 'bind', call: ['PATCH', path, refs(stays.id)], status: 200 });
  const { db } = api.base;
  const binding = await transact(db, async (tx) => {
    await sql`select from actions where id = ${goes.id} for update`.execute(tx);
    await sql`update actions set deployed = null where id = ${goes.id}`.execute(tx);
    await sql`delete from actions where id = ${goes.id}`.execute(tx);
    const asked = api.call('PATCH', path, refs(stays.id, goes.id));
    await someoneWaits(db);
    return { asked };
  });
  const refused = await binding.asked;
  assert.equal(refused.status, 400, JSON.stringify(refused.body));
  assert.match(String(object(refused).message), /There is no action/);
  const { bindings } = object(await api.call('GET', path));
  assert.partialDeepStrictEqual(bindings, [{ action: { id: stays.id } }]);

  // Bound and deleted at once, again and again: each is answered, and nobody runs who is not there.
  for (let round = 0; round < 5; round += 1) {
    const { id } = await make({ deploy: true });
    const [bound, gone] = await Promise.all([
      api.call('PATCH', path, refs(id)),
      api.call('DELETE', `/actions/actions/${id}?force=true`),
    ]);
    assert.ok([200, 400].includes(bound.status), JSON.stringify(bound.body));
    assert.equal(gone.status, 204);
    const left = object(await api.call('GET', path)).bindings;
    assert.ok(Array.isArray(left) && left.every(({ action }) => action.id !== id));
  }
  await api.run({ name: 'none', call: ['PATCH', path, refs()], status: 200 });
});

test('lists are by trigger, name and whether something is deployed', async () => {
  const { name } = await make({ supported_triggers: [{ id: 'credentials-exchange' }], code: 'module.exports = {};' });
  const found = async (query: string) => object(await api.call('GET', `/actions/actions?${query}`));
  assert.partialDeepStrictEqual(await found('triggerId=credentials-exchange'), { total: 1, actions: [{ name }] });
  assert.partialDeepStrictEqual(await found(`actionName=${name}`), { total: 1 });
  assert.partialDeepStrictEqual(await found('triggerId=credentials-exchange&deployed=true'), { total: 0, actions: [] });
  assert.partialDeepStrictEqual(await found('installed=true'), { total: 0 });
  assert.partialDeepStrictEqual(await found(`actionName=${name}&include_totals=true`), { total: 1, page: 0 });
  const { triggers } = object(await api.run({ name: 'triggers', call: ['GET', '/actions/triggers'], status: 200 }));
  assert.ok(Array.isArray(triggers) && triggers.length === 6);
});

test('a secret is never shown, and its value stays until another is sent', async () => {
  const { id } = await make({ secrets: [{ name: 'KEY', value: 'hidden-forever' }] });
  const one = `/actions/actions/${id}`;
  await api.run({ name: 'keep', call: ['PATCH', one, { secrets: [{ name: 'KEY' }] }], status: 200 });
  const payload = { payload: { user: {} } };
  const tried = await api.run({ name: 'try', call: ['POST', `${one}/test`, payload], status: 200 });
  assert.match(JSON.stringify(tried.body), /hidden-forever/, 'the code has it');
  for (const path of [one, `${one}/versions`, '/actions/actions']) {
    const { body } = await api.call('GET', path);
    assert.doesNotMatch(JSON.stringify(body), /hidden-forever/, path);
  }
  const { rows } = await api.base.pool.query('select secrets from actions where id = $1', [id]);
  assert.doesNotMatch(String(rows[0].secrets), /hidden/);
  await api.run({ name: 'unknown', call: ['PATCH', one, { secrets: [{ name: 'NEW' }] }], status: 400 });
});

test('what cannot work is refused by its name when the action is saved', async () => {
  const postLogin = (body: string) => ({ code: `exports.onExecutePostLogin = async (event, api) => { ${body} };` });
  await refuse(postLogin('api.samlResponse.setAttribute("a", 1)'), /api\.samlResponse\.setAttribute \(line 1\)/);
  await refuse(postLogin('const { groups: g } = api; await g.hasGroupMembership(["x"])'), /api\.groups/);
  await refuse(postLogin('const r = api.roles; r.getUserEffectiveRoles()'), /api\.roles/);
  await refuse(
    postLogin('help(event, api); function help(e, a) { a["session"].setCookieMode("x"); }'),
    /setCookieMode/,
  );
  await refuse(postLogin('\n\n  const = 1;'), /line 3, column 9/);
  await refuse(postLogin(`\nf(${'['.repeat(5000)}${']'.repeat(5000)})`), /nested too deeply .*\(line 2, column \d+\)/);
  await refuse({ supported_triggers: [{ id: 'event-stream' }] }, /supported_triggers/);
  await refuse({ supported_triggers: [{ id: 'post-login' }, { id: 'send-phone-message' }] }, /supported_triggers/);
  await refuse({ runtime: 'node8' }, /runtime/);
  const mine = { name: 'lodash', version: '4.17.21', registry_url: 'https://npm.example.com' };
  await refuse({ dependencies: [mine] }, /another registry .* on property dependencies\[0\]\.registry_url/);
  await refuse({ modules: [{ module_name: 'x' }] }, /modules/);
  await refuse({ code: 'x'.repeat(100_001) }, /code/);
  await refuse({ secrets: [{ name: 'x'.repeat(129), value: 'x' }] }, /secrets/);
  await refuse({ secrets: [{ name: 'x', value: 'x'.repeat(4097) }] }, /secrets/);
  await refuse(
    postLogin('api.session.setMetadata("a", 1);\napi.roles.getUserEffectiveRoles();'),
    /api\.session\.setMetadata \(line 1\) .*; api\.roles\.getUserEffectiveRoles \(line 2\)/,
  );
  const { id } = await make();
  const patch = { supported_triggers: [{ id: 'credentials-exchange' }] };
  const code = 'exports.onExecuteCredentialsExchange = (event, api) => api.idToken.setCustomClaim("a", 1);';
  const answer = await api.call('PATCH', `/actions/actions/${id}`, { ...patch, code });
  assert.match(String(object(answer).message), /api\.idToken/);
});

test('where a package is from may be told where that is the public registry', async () => {
  const lodash = { name: 'lodash', version: '4.17.21' };
  for (const registry_url of [null, '', 'https://registry.npmjs.org', 'https://registry.npmjs.org/']) {
    const { id } = await make({ dependencies: [{ ...lodash, registry_url }] });
    const { dependencies } = object(await api.call('GET', `/actions/actions/${id}`));
    assert.deepEqual(dependencies, [lodash]);
  }
});

test('an event whose parts are of another kind is refused by the name of the part; what is missing stops nothing', async () => {
  const code = `exports.onExecutePostLogin = async (event, api) => {
    api.redirect.encodeToken({ secret: 'x' });
    try { api.redirect.validateToken({ secret: 'x' }); } catch (error) { console.log(error.message); }
  };`;
  const { id } = await make({ code });
  const path = `/actions/actions/${id}/test`;
  for (const [payload, where] of [
    [{ transaction: 5 }, 'transaction'],
    [{ user: 7 }, 'user'],
    [{ user: [] }, 'user'],
    [{ user: { app_metadata: 'x' } }, 'user.app_metadata'],
    [{ request: { query: true } }, 'request.query'],
  ] as const) {
    const answer = await api.call('POST', path, { payload });
    assert.equal(answer.status, 400);
    const said = /^Payload validation error: 'Expected type object but found type \w+' on property payload\.(.*)\.$/;
    assert.equal(said.exec(String(object(answer).message))?.[1], where);
  }
  for (const payload of [{}, { user: null, request: null, transaction: null }, { request: { query: null } }]) {
    const answer = object(await api.run({ name: 'try', call: ['POST', path, { payload }], status: 200 }));
    const told = { error: null, console: [{ text: 'api.redirect.validateToken: The session_token must be a text.' }] };
    assert.partialDeepStrictEqual(answer.payload, told);
  }
});

test('an action is tried with an event, and nothing is kept', async () => {
  const code = `exports.onExecutePostLogin = async (event, api) => {
    console.log('hello', event.user.email);
    api.cache.set('k', 'v');
    api.user.setAppMetadata('a', 1);
    if (event.fail) throw new TypeError('as asked');
    api.access.deny('no');
  };`;
  const { id } = await make({ code });
  const path = `/actions/actions/${id}/test`;
  const { payload } = object(
    await api.run({ name: 'try', call: ['POST', path, { payload: { user: { email: 'a@b.test' } } }], status: 200 }),
  );
  assert.partialDeepStrictEqual(payload, {
    asked: [{ name: 'cache.set' }, { name: 'user.setAppMetadata', key: 'a', value: 1 }],
    stopped: { by: 'denied', message: 'no' },
    error: null,
    console: [{ level: 'log', text: 'hello a@b.test' }],
  });
  const failed = object(await api.call('POST', path, { payload: { user: {}, fail: true } })).payload;
  assert.partialDeepStrictEqual(failed, { asked: [], error: { name: 'TypeError', message: 'as asked' } });
  const { rows } = await api.base.pool.query('select from action_cache union all select from action_executions');
  assert.equal(rows.length, 0);
});

test('security row 10: trying an action needs the same right as saving one, and so does everything that changes what runs', async () => {
  const { id } = await make({ deploy: true });
  const one = `/actions/actions/${id}`;
  const reading = 'read:actions read:users update:users';
  for (const call of [
    ['POST', `${one}/test`, { payload: {} }],
    ['POST', `${one}/deploy`],
    ['POST', '/actions/actions', { name: 'x', supported_triggers: [{ id: 'post-login' }] }],
    ['PATCH', one, { code: good }],
    ['PATCH', '/actions/triggers/post-login/bindings', { bindings: [] }],
    ['DELETE', one],
  ] as const) {
    const [method, path, body] = call;
    const answer = await api.call(method, path, body, reading);
    assert.equal(answer.status, 403, `${method} ${path}`);
  }
});

test('security row 10: staff who do not see and write everything write no code that would', async () => {
  const { id } = await make({ deploy: true });
  const ready = 'administrator';
  for (const own of [{ reads: ['*', '-sensitive'] }, { writes: ['user_metadata.*'] }, { brands: [] }]) {
    const { headers } = await signInStaff(api, { ready, ...own });
    for (const [method, path, body] of [
      ['POST', `/actions/actions/${id}/deploy`, undefined],
      ['POST', `/actions/actions/${id}/test`, { payload: {} }],
      ['POST', '/actions/check', { actions: [] }],
      ['PATCH', `/actions/actions/${id}`, { code: good }],
      ['PATCH', `/actions/actions/${id}`, { name: 'renamed' }],
      ['PATCH', '/actions/triggers/post-login/bindings', { bindings: [] }],
      ['DELETE', `/actions/actions/${id}?force=true`, undefined],
    ] as const) {
      const answer = await api.send(method, path, { headers, body });
      assert.equal(answer.status, 403, JSON.stringify([own, method, path, answer.body]));
    }
  }
  const { headers } = await signInStaff(api, { ready });
  assert.equal((await api.send('POST', `/actions/actions/${id}/deploy`, { headers })).status, 202);
});

test('what an action failed with is read only by who may read all of every customer', async () => {
  const id = uuid();
  const results = JSON.stringify([{ action_name: 'x', error: { id: 'Error', msg: 'ada@example.com has flu' } }]);
  await api.base.pool.query(
    `insert into action_executions (id, trigger, status, results, created_at, updated_at)
     values ($1, 'post-login', 'partial', $2, now(), now())`,
    [id, results],
  );
  const scopes = ['read:actions'];
  const limited = await signInStaff(api, { ready: 'administrator', scopes, reads: ['given_name'], writes: [] });
  const whole = await signInStaff(api, { ready: 'administrator', scopes });
  const read = async (headers: Record<string, string>) => {
    const { status, body } = await api.send('GET', `/actions/executions/${id}`, { headers });
    return [status, JSON.stringify(body).includes('flu')];
  };
  assert.deepEqual(
    [await read(limited.headers), await read(whole.headers)],
    [
      [403, false],
      [200, true],
    ],
  );
});

test('of two changes at once, one of which makes the code of the other impossible, one is refused', async () => {
  const code = 'exports.onExecuteCredentialsExchange = async (event, api) => { api.multifactor.enable("any"); };';
  for (let time = 0; time < 5; time += 1) {
    const { id } = await make();
    const answers = await Promise.all(
      [{ supported_triggers: [{ id: 'credentials-exchange' }] }, { code }].map((patch) =>
        api.call('PATCH', `/actions/actions/${id}`, patch),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400]);
  }
});
