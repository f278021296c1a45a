import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { type ExportFile, readExport } from './read-export.ts';

const read = (files: Record<string, string>) =>
  readExport(
    Object.entries(files).map(([path, text]): ExportFile => ({ path, text })),
    parse,
  );
const one = 'function (user, context, callback) { callback(null, user, context); }';
const two = 'function two(user, context, callback) { callback(null, user, context); }';
const action = 'exports.onExecutePostLogin = async (event, api) => {};';

test('a folder of scripts: each is a rule, in the order of their names', () => {
  const { rules, problems } = read({ 'mine/10-two.js': two, 'mine/2-one.js': one, 'mine/readme.md': '#' });
  assert.deepEqual(
    rules.map(({ name, script, enabled }) => [name, script, enabled]),
    [
      ['2-one', one, true],
      ['10-two', two, true],
    ],
  );
  assert.deepEqual(problems, []);
});

test('a script alone is called as its file, as far as a rule may be called so', () => {
  const named = (path: string) => read({ [path]: one }).rules[0]?.name;
  assert.equal(named('mine/my_rule (2).js'), 'my rule 2');
  assert.equal(named('-set-roles-.js'), 'set-roles');
  assert.equal(named('été.js'), 'ete');
  assert.equal(named('角色.js'), 'Rule');
});

test('what is told beside a script counts: name, order, off', () => {
  const { rules } = read({
    'rules/a.js': one,
    'rules/a.json': JSON.stringify({ name: 'Second', order: 20, enabled: false }),
    'rules/b.js': two,
    'rules/b.json': JSON.stringify({ name: 'First', order: 10 }),
  });
  assert.deepEqual(
    rules.map(({ name, script, enabled }) => [name, script, enabled]),
    [
      ['First', two, true],
      ['Second', one, false],
    ],
  );
});

test('a name may have parentheses, and so may its file; a script of one line may end like a name', () => {
  const { rules, problems } = read({
    'export/rules/Roles (old).json': JSON.stringify({ name: 'Roles (old)', script: './Roles (old).js' }),
    'export/rules/Roles (old).js': one,
  });
  assert.deepEqual(
    rules.map(({ name, script }) => [name, script]),
    [['Roles (old)', one]],
  );
  assert.deepEqual(problems, []);
  const arrow = '(user, context, callback) => callback(null, user, context) // rule.js';
  const [rule] = read({ 'a.json': JSON.stringify({ rules: [{ name: 'One', script: arrow }] }) }).rules;
  assert.equal(rule?.script, arrow);
});

test('an export of the deploy tool in folders: rules, configuration, actions and where they run', () => {
  const found = read({
    'export/rules/One.json': JSON.stringify({ name: 'One', order: 1, script: './One.js', stage: 'login_success' }),
    'export/rules/One.js': one,
    'export/rulesConfigs.json': JSON.stringify([
      { key: 'KEY', value: '****' },
      { key: 'OTHER', value: 'told' },
      { key: 'FILLED_IN_LATER', value: '##FILLED_IN_LATER##' },
    ]),
    'export/actions/Greet.json': JSON.stringify({
      name: 'Greet',
      code: './actions/Greet/code.js',
      dependencies: [{ name: 'lodash', version: '4.17.21' }],
      secrets: [
        { name: 'TOKEN', value: '_VALUE_NOT_SHOWN_' },
        { name: 'SHOP', value: 'told' },
      ],
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      deployed: true,
    }),
    'export/actions/Greet/code.js': action,
    'export/triggers/triggers.json': JSON.stringify({
      'post-login': [{ action_name: 'Greet', display_name: 'Greet' }],
    }),
    'export/clients/Shop.json': JSON.stringify({ name: 'Shop' }),
    'export/databases/users/login.js': 'function login() {}',
  });
  assert.deepEqual(
    found.problems.map((problem) => problem.split(' stays behind: ')[0]),
    ['export/databases/users/login.js'],
  );
  assert.deepEqual(
    found.rules.map(({ name, script }) => [name, script]),
    [['One', one]],
  );
  assert.deepEqual(found.configs, [
    { key: 'KEY', value: undefined },
    { key: 'OTHER', value: 'told' },
    { key: 'FILLED_IN_LATER', value: undefined },
  ]);
  assert.deepEqual(found.actions, [
    {
      ...{ name: 'Greet', code: action, trigger: 'post-login', deployed: true },
      secrets: [
        { key: 'TOKEN', value: undefined },
        { key: 'SHOP', value: 'told' },
      ],
      dependencies: [{ name: 'lodash', version: '4.17.21' }],
    },
  ]);
  assert.deepEqual(found.bindings, { 'post-login': ['Greet'] });
});

test('tenant.yaml, and tenant.json', () => {
  const tenant = {
    rules: [{ name: 'One', script: './rules/One.js', order: 1, enabled: true }],
    rulesConfigs: [{ key: 'KEY' }],
    actions: [{ name: 'Greet', code: './actions/Greet/code.js', supported_triggers: [{ id: 'post-login' }] }],
    triggers: { 'post-login': [{ action_name: 'Greet' }] },
  };
  const yaml = `rules:
  - name: One
    script: ./rules/One.js
    order: 1
    enabled: true
rulesConfigs:
  - key: KEY
actions:
  - name: Greet
    code: ./actions/Greet/code.js
    supported_triggers:
      - id: post-login
triggers:
  post-login:
    - action_name: Greet
`;
  for (const [file, text] of [
    ['tenant.yaml', yaml],
    ['tenant.json', JSON.stringify(tenant)],
  ] as const) {
    const found = read({ [`x/${file}`]: text, 'x/rules/One.js': one, 'x/actions/Greet/code.js': action });
    assert.equal(found.rules[0]?.script, one, file);
    assert.equal(found.rules.length, 1, file);
    assert.equal(found.actions[0]?.code, action, file);
    assert.deepEqual(
      [found.configs, found.bindings],
      [[{ key: 'KEY', value: undefined }], { 'post-login': ['Greet'] }],
    );
  }
});

test('an answer of the Management API; a script that is missing and a file that is none are told', () => {
  const { rules } = read({ 'rules.json': JSON.stringify([{ id: 'rul_1', name: 'One', script: one, order: 3 }]) });
  assert.deepEqual(rules, [{ name: 'One', script: one, enabled: true, order: 3 }]);
  const { problems } = read({
    'rules/a.json': '{"name":"A","script":"./gone.js"}',
    'rules/b.json': '{',
    'rules/d.json': '{"name":"D","script":"./rules/gone (EU).js"}',
    'c.yaml': 'a: [',
  });
  assert.equal(problems.length, 4);
  assert.match(problems.join(' '), /script of A is not among the files/);
  assert.match(problems.join(' '), /script of D is not among the files/);
});

test('hooks and scripts of databases are told to stay behind; a flow of a form has no actions of ours', () => {
  const inFolders = read({
    'hooks/enrich.json': JSON.stringify({ name: 'enrich', script: './enrich.js', triggerId: 'pre-user-registration' }),
    'hooks/enrich.js': 'module.exports = () => {};',
    'databases/users/database.json': JSON.stringify({ name: 'users', options: { customScripts: { login: './a.js' } } }),
    'databases/users/login.js': 'function login() {}',
    'databases/plain/database.json': JSON.stringify({ name: 'plain', options: {} }),
    'flows/Sign up.json': JSON.stringify({ name: 'Sign up', actions: [{ id: 'a', type: 'HTTP' }] }),
  });
  const yaml = `hooks:
  - name: enrich
    script: ./hooks/enrich.js
databases:
  - name: users
    options:
      customScripts:
        login: ./databases/users/login.js
  - name: plain
`;
  const inOne = read({ 'tenant.yaml': yaml });
  for (const { rules, actions, problems } of [inFolders, inOne]) {
    assert.deepEqual([rules, actions], [[], []]);
    assert.deepEqual(problems.map((problem) => problem.split(' stay')[0]).toSorted(), [
      'The hook enrich',
      'The scripts of the database users',
    ]);
  }
});

const login = 'function login(email, password, callback) { callback(null, { email }); }';

test('scripts of databases are no rules, by whichever of its two names the deploy tool wrote the folder', () => {
  for (const folder of ['export/database-connections/users', 'export/databases/users', 'users']) {
    const { rules, problems } = read({
      [`${folder}/database.json`]: JSON.stringify({
        name: 'users',
        options: { enabledDatabaseCustomization: true, customScripts: { login: './login.js' } },
      }),
      [`${folder}/login.js`]: login,
      [`${folder}/change_password.js`]: login,
      'export/rules/One.js': one,
    });
    assert.deepEqual(
      rules.map(({ name }) => name),
      ['One'],
      folder,
    );
    assert.deepEqual(
      problems.map((problem) => problem.split(' stay behind: ')[0]),
      ['The scripts of the database users'],
    );
  }
  const inOne = read({
    'x/tenant.json': JSON.stringify({
      databases: [{ name: 'u', options: { customScripts: { login: './db/u/in.js' } } }],
    }),
    'x/db/u/in.js': login,
  });
  assert.deepEqual([inOne.rules, inOne.problems.length], [[], 1]);
  const database = JSON.stringify({ name: 'u', customScripts: { login: './login.js' } });
  const loose = read({ 'database.json': database, 'login.js': login, 'One.js': one });
  assert.deepEqual([loose.rules.map(({ name }) => name), loose.problems.length], [['One'], 1]);
});

test('a script of which no file tells is a rule, but in a folder that an export has for others: that is told, and why', () => {
  const places = ['a.js', 'mine/b.js', 'mine/more/c.js', 'x/rules/d.js', 'x/clients/acme/rules/e.js'];
  const others = [
    ...['x/database-connections/users/login.js', 'x/database-connections/rules/login.js', 'databases/login.js'],
    ...['x/hooks/h.js', 'x/actions/A/old.js', 'x/action-modules/m/code.js', 'x/pages/p.js', 'x/emailTemplates/e.js'],
    ...['x/prompts/partials/f.js', 'x/clients/g.js', 'x/connections/i.js', 'x/flows/j.js'],
  ];
  const { rules, problems } = read(Object.fromEntries([...places, ...others].map((path) => [path, one])));
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['a', 'b', 'c', 'd', 'e'],
  );
  assert.deepEqual(
    problems.map((problem) => problem.split(' stays behind: ')[0]),
    others,
  );
  assert.match(problems[0] ?? '', /: it is of a database: .* put it into a folder rules\.$/);
  assert.match(problems[6] ?? '', /: in a folder pages of an export there are no rules\. If it is a rule, /);
  assert.deepEqual(read({ 'mine/node_modules/a/index.js': one }), read({}));
});

test('a file that cannot be read is left out, told with the place', () => {
  const { rules, problems } = read({
    'rules/a.js': one,
    'rules/a.json': '{\n  "name": "A"\n  "order": 1\n}',
    'tenant.yaml': 'rules:\n  - name: [a',
  });
  assert.equal(rules.length, 1);
  const [json = '', yaml = ''] = problems;
  assert.match(
    json,
    /^rules\/a\.json is left out: it is no JSON\. Line 3, column 3 is the first that does not fit\. Export/,
  );
  assert.match(yaml, /^tenant\.yaml is left out: it is no YAML\. Line \d+, column \d+ is the first/);
});
