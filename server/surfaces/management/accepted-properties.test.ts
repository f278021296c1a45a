import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resolve, shapes } from '../../../test/auth0-shapes.ts';
import { type ManagementTest, managementTest, object, unique } from '../../../test/management.ts';

// Every property that Auth0's documents allow in a body of ours either acts (it is read back) or is refused by name.
// Nothing that a caller asks for is silently left undone.

let api: ManagementTest;
before(async () => {
  api = await managementTest();
});
after(() => api.close());

type Shape = { [name: string]: unknown };
type Resource = {
  create: string;
  patch: string;
  /** A body that is accepted, new each time. */
  good(): Shape;
  /** Values that are valid by more than their type. */
  valid?: Readonly<Record<string, unknown[]>>;
  /** Values to try instead of those that the type allows. */
  only?: Readonly<Record<string, unknown[]>>;
  /** What a property is read back as, where that is another one or another form. */
  readBack?: Readonly<Record<string, (shown: Shape) => unknown>>;
  idOf(shown: Shape): string;
  /** Properties that an answer never shows; their effect is tested elsewhere. */
  notShown?: readonly string[];
};

/** The values to try for a property: Auth0's documented default, and others that its type allows. */
function valuesOf(schema: Shape, isInner = false): unknown[] {
  const { default: fallback, enum: choices, type } = resolve(schema);
  const values: unknown[] = fallback === undefined ? [] : [fallback];
  if (Array.isArray(choices)) return [...values, ...choices];
  const types = [type].flat();
  if (types.includes('null')) values.push(null);
  if (types.includes('boolean')) values.push(true, false);
  if (types.includes('string')) values.push('abc');
  if (types.includes('integer') || types.includes('number')) values.push(77);
  if (types.includes('array')) values.push([], ['abc']);
  if (types.includes('object') && isInner) values.push({});
  else if (types.includes('object')) values.push({}, { abc: 'abc' }, ...objectsOf(resolve(schema)));
  return values;
}

/** For each property of an object: an object with only it. */
function objectsOf(schema: Shape): unknown[] {
  const { properties } = schema;
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries<Shape>({ ...properties }).flatMap(([name, one]) =>
    valuesOf(one, true).map((value) => ({ ...requiredOf(schema), [name]: value })),
  );
}

function requiredOf(schema: Shape): Shape {
  const { properties, required } = schema;
  if (!Array.isArray(required)) return {};
  const shapesByName: Record<string, Shape> = { ...Object(properties) };
  return Object.fromEntries(required.map((name) => [name, valuesOf(shapesByName[name] ?? {}, true)[0]]));
}

/** Does what is shown hold what was sent? Null and empty are the same as nothing. */
function holds(shown: unknown, sent: unknown): boolean {
  if (isNothing(sent) && isNothing(shown)) return true;
  if (Array.isArray(sent))
    return (
      Array.isArray(shown) && shown.length === sent.length && sent.every((item, index) => holds(shown[index], item))
    );
  if (typeof sent === 'object' && sent !== null) {
    const object: Shape = { ...Object(shown) };
    const entries = Object.entries(sent);
    return entries.length > 0 && entries.every(([name, value]) => holds(object[name], value));
  }
  return shown === sent;
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(isNothing);
}

async function walk(resource: Resource): Promise<{ acted: string[]; refused: string[] }> {
  const acted = new Set<string>();
  const refused = new Set<string>();
  const id = await make(resource);
  const send = (operation: string, body: Shape) =>
    operation === resource.create
      ? api.call('POST', pathOf(operation), { ...resource.good(), ...body })
      : api.call('PATCH', pathOf(operation).replace('{id}', encodeURIComponent(id)), body);
  for (const operation of [resource.create, resource.patch]) {
    const properties: Record<string, Shape> = {
      ...Object(resolve(shapes.operations[operation]?.body ?? {}).properties),
    };
    assert.ok(Object.keys(properties).length > 0, operation);
    for (const [name, schema] of Object.entries(properties)) {
      const values = resource.only?.[name] ?? [...(resource.valid?.[name] ?? []), ...valuesOf(schema)];
      for (const value of values) {
        const answer = await send(operation, { [name]: value });
        const told = `${operation} {${name}: ${JSON.stringify(value)}} answered ${JSON.stringify(answer.body)}`;
        if (answer.status >= 400) {
          refused.add(name);
          // What is named is not there, or is taken: that names it, too.
          if (answer.status === 404 || answer.status === 409) continue;
          assert.equal(answer.status, 400, told);
          assert.match(
            String(object(answer).message),
            new RegExp(`\\b${name}\\b`, 'i'),
            `it names the property: ${told}`,
          );
          assert.match(String(object(answer).errorCode), /^(invalid_body|inexistent_\w+|auth0_idp_error)$/, told);
          continue;
        }
        acted.add(name);
        if (resource.notShown?.includes(name)) continue;
        const shown = resource.readBack?.[name]?.(object(answer)) ?? object(answer)[name];
        assert.ok(holds(shown, value) || isDefault(schema, value), `it acts, or is what holds anyway: ${told}`);
      }
    }
  }
  return { acted: [...acted], refused: [...refused].filter((name) => !acted.has(name)) };
}

/** Auth0's documented default may be sent without being shown. */
function isDefault(schema: Shape, value: unknown): boolean {
  const { default: fallback, properties } = resolve(schema);
  if (JSON.stringify(fallback) === JSON.stringify(value)) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value === null;
  const inner: Record<string, Shape> = { ...Object(properties) };
  return Object.entries(value).every(([name, one]) => isDefault(inner[name] ?? {}, one));
}

async function make(resource: Resource): Promise<string> {
  const made = await api.call('POST', pathOf(resource.create), resource.good());
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return resource.idOf(object(made));
}

function pathOf(operation: string): string {
  return operation.split(' ')[1] ?? '';
}

test('clients: every property of Auth0 acts or is refused by name', async () => {
  const { acted, refused } = await walk({
    create: 'POST /clients',
    patch: 'PATCH /clients/{id}',
    good: () => ({ name: unique('client') }),
    idOf: ({ client_id }) => String(client_id),
    valid: {
      callbacks: [['https://shop.test/callback']],
      allowed_logout_urls: [['https://shop.test/']],
      web_origins: [['https://shop.test']],
      allowed_origins: [['https://shop.test']],
      logo_uri: ['https://shop.test/logo.png'],
      initiate_login_uri: ['https://shop.test/login'],
      grant_types: [['authorization_code', 'refresh_token'], ['password'], ['implicit']],
      oidc_logout: [{ backchannel_logout_urls: ['https://shop.test/out'] }],
      client_metadata: [{ key: 'value' }],
      refresh_token: [{ rotation_type: 'rotating', expiration_type: 'expiring', token_lifetime: 99, leeway: 5 }],
      jwt_configuration: [{ lifetime_in_seconds: 99 }, { alg: 'RS256' }],
    },
    readBack: {
      // The older name of the same.
      oidc_backchannel_logout: ({ oidc_logout }) => oidc_logout,
    },
  });
  for (const name of ['callbacks', 'web_origins', 'grant_types', 'refresh_token', 'sso_disabled', 'client_secret']) {
    assert.ok(acted.includes(name), `${name} acts`);
  }
  for (const name of ['redirection_policy', 'third_party_security_mode', 'resource_server_identifier']) {
    assert.ok(refused.includes(name), `${name} is refused`);
  }
});

test('resource servers: every property of Auth0 acts or is refused by name', async () => {
  const { acted } = await walk({
    create: 'POST /resource-servers',
    patch: 'PATCH /resource-servers/{id}',
    good: () => ({ identifier: unique('api') }),
    idOf: ({ id }) => String(id),
    valid: {
      identifier: [unique('own')],
      scopes: [[{ value: 'read:it', description: 'Read it' }]],
      token_lifetime: [99],
    },
  });
  for (const name of ['identifier', 'name', 'scopes', 'allow_offline_access', 'token_lifetime']) {
    assert.ok(acted.includes(name), `${name} acts`);
  }
});

test('client grants: every property of Auth0 acts or is refused by name', async () => {
  const audience = unique('api');
  await api.call('POST', '/resource-servers', { identifier: audience, scopes: [{ value: 'abc' }] });
  const clients: string[] = [];
  for (let count = 0; count < 60; count++) {
    const made = await api.call('POST', '/clients', { name: 'x', app_type: 'non_interactive' });
    clients.push(String(object(made).client_id));
  }
  const { acted } = await walk({
    create: 'POST /client-grants',
    patch: 'PATCH /client-grants/{id}',
    good: () => ({ client_id: clients.pop(), audience }),
    idOf: ({ id }) => String(id),
    valid: { client_id: [clients.pop()], audience: [audience] },
  });
  for (const name of ['client_id', 'audience', 'scope', 'subject_type'])
    assert.ok(acted.includes(name), `${name} acts`);
});

test('users: every property of Auth0 acts or is refused by name', async () => {
  const connection = 'With-Usernames';
  await api.call('POST', '/connections', { name: connection, strategy: 'auth0', options: { requires_username: true } });
  const { acted } = await walk({
    create: 'POST /users',
    patch: 'PATCH /users/{id}',
    good: () => ({
      connection,
      email: `${unique('u')}@example.com`,
      username: unique('name'),
      password: 'correct horse',
      phone_number: '+14155550100',
      verify_email: false,
    }),
    idOf: ({ user_id }) => String(user_id),
    valid: {
      email: [`${unique('new')}@example.com`],
      phone_number: ['+14155550123'],
      picture: ['https://shop.test/p.png'],
      password: ['another secret'],
      connection: [connection],
      client_id: ['machine'],
    },
    readBack: { user_id: ({ user_id }) => String(user_id).replace('auth0|', '') },
    // They are in what happens next: a sign-in, a mail. See users.test.ts.
    notShown: ['connection', 'password', 'verify_email', 'client_id', 'verify_phone_number'],
  });
  const expected =
    'email email_verified phone_number phone_verified username password blocked user_metadata app_metadata';
  for (const name of `${expected} given_name name nickname picture user_id verify_email`.split(' ')) {
    assert.ok(acted.includes(name), `${name} acts`);
  }
});

test('tickets and jobs: every property of Auth0 acts or is refused by name', async () => {
  const made = await api.call('POST', '/connections', { name: 'Ticket-Store', strategy: 'auth0' });
  const email = `${unique('ticket')}@example.com`;
  const draft = { connection: 'Ticket-Store', email, password: 'correct horse', verify_email: false };
  const user_id = String(object(await api.call('POST', '/users', draft)).user_id);
  const connection_id = String(object(made).id);
  const valid: Shape = {
    client_id: 'machine',
    result_url: 'https://shop.test/done',
    identity: { user_id: user_id.replace('auth0|', ''), provider: 'auth0' },
    user_id,
  };
  for (const operation of ['tickets/email-verification', 'tickets/password-change', 'jobs/verification-email']) {
    const { properties } = resolve(shapes.operations[`POST /${operation}`]?.body ?? {});
    const acted = new Set<string>();
    for (const [name, schema] of Object.entries<Shape>({ ...Object(properties) })) {
      for (const value of [...(name in valid ? [valid[name]] : []), ...valuesOf(schema)]) {
        const answer = await api.call('POST', `/${operation}`, { user_id, [name]: value });
        const told = `${operation} {${name}: ${JSON.stringify(value)}} answered ${JSON.stringify(answer.body)}`;
        if (answer.status === 201) acted.add(name);
        else if (answer.status !== 404) {
          assert.equal(answer.status, 400, told);
          assert.match(String(object(answer).message), new RegExp(`\\b${name}\\b`), `it names the property: ${told}`);
        }
      }
    }
    for (const name of ['user_id', 'client_id', 'identity']) assert.ok(acted.has(name), `${operation} ${name} acts`);
    assert.ok(!acted.has('organization_id'), 'there are no organizations');
  }
  const byAddress = await api.call('POST', '/tickets/password-change', { connection_id, email });
  assert.equal(byAddress.status, 201, JSON.stringify(byAddress.body));
});

test('connections: every property of Auth0 acts or is refused by name', async () => {
  const { client_id } = object(await api.call('POST', '/clients', { name: 'Shop' }));
  const { acted } = await walk({
    create: 'POST /connections',
    patch: 'PATCH /connections/{id}',
    good: () => ({ name: unique('store'), strategy: 'auth0' }),
    idOf: ({ id }) => String(id),
    valid: {
      name: [unique('own')],
      enabled_clients: [[client_id]],
      realms: [[unique('realm')]],
      metadata: [{ a: 'b' }],
    },
    // Its own name is the realm where none is given.
    readBack: { realms: ({ realms, name }) => (String(realms) === name ? [] : realms) },
    only: {
      strategy: ['auth0', 'waad', 'samlp', 'sms'],
      options: [{}, { disable_signup: true }, { customScripts: { login: 'x' } }, { abc: 'abc' }],
    },
  });
  for (const name of ['display_name', 'enabled_clients', 'show_as_button', 'realms', 'metadata', 'options']) {
    assert.ok(acted.includes(name), `${name} acts`);
  }
});

test('rules: every property of Auth0 acts or is refused by name', async () => {
  const { acted } = await walk({
    create: 'POST /rules',
    patch: 'PATCH /rules/{id}',
    good: () => ({ name: unique('rule'), script: 'function (user, context, callback) { callback(); }' }),
    idOf: ({ id }) => String(id),
    valid: { name: [unique('own')] },
  });
  assert.deepEqual(acted.sort(), ['enabled', 'name', 'order', 'script']);
});

test('actions: every property of Auth0 acts or is refused by name', async () => {
  const trigger = { id: 'credentials-exchange', version: 'v2' };
  const handler = 'exports.onExecutePostLogin = async () => {};';
  const { acted } = await walk({
    create: 'POST /actions/actions',
    patch: 'PATCH /actions/actions/{id}',
    good: () => ({ name: unique('action'), supported_triggers: [{ id: 'post-login' }], code: handler }),
    idOf: ({ id }) => String(id),
    valid: {
      name: [unique('own'), unique('another')],
      supported_triggers: [[trigger]],
      code: ['module.exports = {};'],
      dependencies: [[{ name: 'lodash', version: '4.18.1' }]],
      secrets: [[{ name: 'KEY', value: 'secret' }]],
    },
    only: { name: [unique('mine')], code: ['const x = ;', 'module.exports = { a: 1 };'], runtime: ['node18', 'node8'] },
    readBack: { secrets: ({ secrets }) => [{ ...Object(secrets)[0], value: 'secret' }] },
    // A version is there then; see actions.test.ts.
    notShown: ['deploy', 'secrets'],
  });
  for (const name of ['name', 'supported_triggers', 'code', 'runtime', 'secrets', 'deploy']) {
    assert.ok(acted.includes(name), `${name} acts`);
  }
});
