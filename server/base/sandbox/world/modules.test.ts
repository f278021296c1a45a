import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { worldFiles } from '../world.ts';
import { packages } from './packages.ts';
import { echo, inNode, listen, openTest } from './test-both.ts';

const { url, host, server } = await listen(echo);
const { sandbox, inSandbox } = openTest(() => [host, '127.0.0.1:1']);
after(async () => {
  await sandbox.close();
  server.close();
  server.closeAllConnections();
});

/** The same in both: results and errors. */
function same(name: string, script: string): void {
  test(name, async () => {
    const [there, here] = [await inNode(script, url), await inSandbox(script, url)];
    assert.equal(here, there);
  });
}

for (const name of ['request', 'request@2.56.0', 'request@2.88.2']) {
  same(
    `${name}: callbacks, JSON, forms, query, headers, redirects, streams, errors`,
    `const out = []; const call = (request, ...given) => new Promise((ok) => request(...given, (error, response, body) => ok([error && [error.code, error.message], response && response.statusCode, response && response.headers['content-type'], body])));
   const request = require('${name}');
     out.push(await call(request, url + '/a?b=c'), await call(request.get, { url, json: true, qs: { q: ['1', '2'] }, headers: { 'X-A': 'b' } }), await call(request.post, { url, json: { a: { b: 'ü' } } }), await call(request.post, { url, form: { a: 'x y', b: 2 } }), await call(request, { method: 'PATCH', uri: url, body: 'text', auth: { bearer: 'tok' } }), await call(request.put, url + '/p', { auth: { user: 'u', pass: 'p' } }));
     out.push(await call(request, { url: url + '/?status=302&location=/next' }), await call(request, { url: url + '/?status=302&location=/n', followRedirect: false }), await call(request.post, { url: url + '/?status=303&location=/n', followAllRedirects: true, form: { a: 1 } }), await call(request, { url: url + '/?status=500', json: true }), await call(request, 'http://127.0.0.1:1/'), await call(request.defaults({ baseUrl: url, json: true }), '/base'));
     const multi = await call(request.post, { url, formData: { field: 'v', file: { value: Buffer.from('abc'), options: { filename: 'f.txt', contentType: 'text/plain' } } } }); out.push(multi[1], multi[3].replace(/-{20,}\\d+/g, 'B'));
     out.push(await new Promise((ok) => { let all = ''; request(url + '/stream').on('response', (r) => out.push(r.statusCode)).on('data', (d) => { all += d; }).on('end', () => ok(all)); }));
     try { request({}); } catch (error) { out.push(error.message); } try { request('nope', () => {}); } catch (error) { out.push(error.message); } const jar = request.jar(); jar.setCookie('k=v', url); out.push(await call(request, { url, jar, json: true }), jar.getCookieString(url));
   return out;`,
  );
}

same(
  'an answer that is compressed, though nobody asked for it: request, axios, node-fetch, fetch, https',
  `const out = []; const request = require('request'); const call = (options) => new Promise((ok) => request(options, (error, response, body) => ok([error && error.message, body && (body.url || body.length)])));
   for (const way of ['gzip', 'deflate', 'br']) {
     const at = url + '/?packed=' + way;
     out.push(way, await call({ url: at, gzip: true, json: true }), await call({ url: at, encoding: null }));
     for (const axios of [require('axios@0.21.1'), require('axios@0.35.0'), require('axios@1.21.1')]) out.push(await axios.get(at).then((r) => r.data.url || r.data.length, (e) => e.message));
     out.push(await require('node-fetch')(at).then((r) => r.json()).then((r) => r.url, (e) => e.message), await fetch(at).then((r) => r.json()).then((r) => r.url));
     out.push(await new Promise((ok) => require('http').get(at, (r) => { const parts = []; r.on('data', (d) => parts.push(d)).on('end', () => ok([r.headers['content-encoding'], Buffer.concat(parts).length])); })));
     out.push(await fetch(at, { method: 'HEAD' }).then((r) => [r.headers.get('content-encoding'), r.status]));
     const broken = url + '/?packed=x-gzip'; out.push(await fetch(broken).then((r) => r.text()).catch((e) => [e.message, e.cause.message]), await require('axios@1.21.1').get(broken).catch((e) => e.message));
   }
   return out;`,
);

same(
  'request-promise: bodies, refused statuses, whole answers',
  `const out = [];
   const rp = require('request-promise'); out.push(await rp({ uri: url, json: true }), await rp(url + '/?status=404').catch((e) => [e.name, e.statusCode]), (await rp({ uri: url, resolveWithFullResponse: true })).statusCode);
   return out;`,
);

for (const version of ['0.21.1', '0.35.0', '1.21.1']) {
  same(
    `axios ${version}: methods, parameters, interceptors, errors, time-outs, cancelling`,
    `const axios = require('axios@${version}'); const out = []; const show = (r) => [r.status, r.statusText, r.headers['content-type'], r.headers['set-cookie'], r.data];
     const plain = (error) => [error.isAxiosError, error.code, error.message, error.response && show(error.response)];
     out.push(show(await axios.get(url + '/a', { params: { b: 'c d', e: [1, 2] } })), show(await axios.post(url, { a: 1 })), show(await axios({ method: 'put', url, data: 'text', headers: { 'content-type': 'text/plain', A: 'b' } })), show(await axios.delete(url, { auth: { username: 'u', password: 'p' } })), show(await axios.post(url, new URLSearchParams({ a: 'b' }))), show(await axios.get(url + '/?status=302&location=/next')));
     out.push(await axios.get(url + '/?status=500').catch(plain), await axios.get('http://127.0.0.1:1').catch((e) => [e.code, e.message]), show(await axios.get(url + '/?status=404', { validateStatus: () => true })));
     const api = axios.create({ baseURL: url, timeout: 2000, headers: { common: { X: 'y' } } }); api.interceptors.request.use((c) => { c.headers['x-added'] = '1'; return c; }); api.interceptors.response.use((r) => ({ ...r, data: { wrapped: r.data } })); out.push(show(await api.get('/i')));
     const source = axios.CancelToken.source(); const p = axios.get(url, { cancelToken: source.token }); source.cancel('stop'); out.push(await p.catch((e) => [axios.isCancel(e), e.message]));
     out.push((await axios.get(url, { responseType: 'arraybuffer' })).data.length, await axios.get(url, { maxRedirects: 0, params: { status: 301, location: '/x' } }).catch((e) => e.response.status), (await axios.all([axios.get(url), axios.head(url)])).map((r) => r.status), (await axios.get(url, { responseType: 'stream' })).data.readable);
     return out;`,
  );
}

same(
  'node-fetch of both versions: JSON, errors, redirects, streams',
  `const out = []; for (const fetch of [require('node-fetch'), require('node-fetch@2.6.0')]) {
     const r = await fetch(url + '/a', { method: 'POST', body: JSON.stringify({ a: 1 }), headers: { 'Content-Type': 'application/json' } }); const { headers, ...rest } = await r.json(); out.push(r.status, r.ok, rest, headers['content-type'], r.headers.get('set-cookie'));
     out.push((await fetch(url + '/?status=302&location=/n')).url.replace(url, ''), (await fetch(url + '/?status=302&location=/n', { redirect: 'manual' })).status, await fetch('http://127.0.0.1:1/').catch((e) => [e.name, e.code, e.type, e.message]), await fetch('nope').catch((e) => [e.name, e.message]), (await (await fetch(url)).buffer()).length > 10, await (await fetch(url + '/?status=404')).text(), typeof new fetch.Headers({ a: 'b' }).get('a'));
   } return out;`,
);

same(
  'jsonwebtoken of three generations: HS, RS and ES, claims and what is refused',
  `const c = require('crypto'); const out = []; const rsa = c.generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
   for (const version of ['', '@5.7.0', '@8.5.1', '@9.0.3']) {
     const jwt = version === '' ? require('jsonwebtoken') : version === '@5.7.0' ? require('jsonwebtoken@5.7.0') : version === '@8.5.1' ? require('jsonwebtoken@8.5.1') : require('jsonwebtoken@9.0.3');
     const hs = jwt.sign({ sub: 'u', iat: 1700000000, exp: 4000000000 }, 'secret', { issuer: 'me', audience: ['a'] }); out.push(hs, jwt.verify(hs, 'secret', { issuer: 'me' }), jwt.decode(hs, { complete: true }).header);
     const rs = jwt.sign({ a: 1, iat: 1700000000 }, rsa.privateKey, { algorithm: 'RS256', keyid: undefined && 'k' } && { algorithm: 'RS256' }); out.push(rs.length, jwt.verify(rs, rsa.publicKey, { algorithms: ['RS256'] }));
     for (const fault of [() => jwt.verify(hs, 'wrong'), () => jwt.verify(hs, 'secret', { audience: 'b' }), () => jwt.verify('x.y', 's'), () => jwt.verify(jwt.sign({ exp: 1 }, 's'), 's'), () => jwt.verify(rs, rsa.publicKey, { algorithms: ['HS256'] })]) { try { out.push(fault()); } catch (error) { out.push([error.name, error.message, error.expiredAt]); } }
     out.push(await new Promise((ok) => jwt.verify(hs, 'secret', (e, v) => ok(v))));
   }
   const ec = c.generateKeyPairSync('ec', { namedCurve: 'P-256' }); const jwt = require('jsonwebtoken'); out.push(jwt.verify(jwt.sign({ iat: 1 }, ec.privateKey, { algorithm: 'ES256' }), ec.publicKey)); return out;`,
);

same(
  'lodash of four versions differs as it should',
  `const out = []; for (const _ of [require('lodash'), require('lodash@2.4.1'), require('lodash@3.10.1'), require('lodash@4.17.19')]) out.push(_.VERSION, typeof _.pluck, typeof _.get, _.map([1, 2], (x) => x * 2), _.find([{ a: 1 }, { a: 2 }], { a: 2 }), _.merge({ a: { b: 1 } }, { a: { c: 2 } }), _.template('hi <%= x %>')({ x: 1 }), _.cloneDeep({ d: new Date(0) }), _.isEqual([1], [1]), _.uniq([1, 1]));
   out.push(require('lodash/get')({ a: 1 }, 'a'), require('lodash/fp').map((x) => x)([1])); return out;`,
);

same(
  'dates, XML, addresses, ids and the small ones',
  `const out = []; const moment = require('moment@2.11.2'); const tz = require('moment-timezone');
   out.push(moment.version, moment.utc('2020-02-30').isValid(), moment.utc(0).add(1, 'month').format('LLLL'), require('moment').utc(0).toISOString(), tz.tz('2020-07-01T12:00:00Z', 'Europe/Berlin').format(), tz(0).tz('Asia/Tokyo').format('z'));
   const { DOMParser, XMLSerializer } = require('xmldom'); const xpath = require('xpath'); const doc = new DOMParser().parseFromString('<a xmlns:s="u"><b id="1">x</b><b>y</b><s:c/></a>', 'text/xml'); out.push(xpath.select('//b/text()', doc).map(String), xpath.select1('string(//b[@id=1])', doc), new XMLSerializer().serializeToString(doc));
   out.push(await require('xml2js').parseStringPromise('<r a="1"><i>x</i><i>y</i></r>'), new (require('xml2js').Builder)({ headless: true }).buildObject({ r: { i: [1, 2] } }));
   const ip = require('ipaddr.js'); out.push(ip.parse('::ffff:1.2.3.4').toNormalizedString(), ip.parse('10.0.0.1').range(), ip.parse('1.2.3.4').match(ip.parseCIDR('1.2.0.0/16')), require('ip').cidrSubnet('192.168.1.134/26').networkAddress);
   const uuid = require('uuid'); out.push(uuid().length, uuid.v4().length, require('uuid/v4')().length, uuid.v1().length, require('uuid@8.3.2').v5('x', require('uuid@8.3.2').v5.DNS), require('uuid@9.0.1').validate(require('uuid@9.0.1').v4()));
   out.push(require('oauth-sign').hmacsign('GET', 'http://a.b/c', { x: 'y' }, 's', 't'), require('xtend')({ a: 1 }, { b: 2 }), require('pbkdf2').pbkdf2Sync('p', 's', 10, 8, 'sha256').toString('hex'), require('qs').parse('a[b]=1&c[]=2'));
   const old = require('url@0.10.3'); out.push(old.parse('http://a.b/c?d=e', true).query, old.resolve('http://a.b/c', '../d'));
   const bcrypt = require('bcrypt'); const hash = await bcrypt.hash('pw', 4); out.push(hash.length, await bcrypt.compare('pw', hash), bcrypt.compareSync('no', hash));
   const Q = require('q'); const Bluebird = require('bluebird'); out.push(await Q.all([1, Q.delay(1).then(() => 2)]), await Bluebird.map([1, 2], (x) => x + 1), await Bluebird.delay(1, 'v'));
   for (const async of [require('async'), require('async@0.9.2'), require('async@3.2.6')]) out.push(await new Promise((ok) => async.waterfall([(cb) => cb(null, 1), (x, cb) => setTimeout(() => cb(null, x + 1), 1)], (e, v) => ok([e, v]))), await new Promise((ok) => async.parallel({ a: (cb) => cb(null, 1), b: (cb) => cb(new Error('b')) }, (e, v) => ok([e.message, v]))), await new Promise((ok) => async.map([1, 2], (x, cb) => cb(null, x * 2), (e, v) => ok(v))));
   return out;`,
);

same(
  'slack-notify, superagent, jwks-rsa and the management client of auth0 talk to their servers',
  `const out = []; const slack = require('slack-notify')(url + '/slack'); out.push(await new Promise((ok) => slack.success({ text: 'hi', channel: '#x' }, (e, r) => ok(String(e)))), typeof slack.alert, await new Promise((ok) => slack.send({ text: 't' }, (e) => ok(String(e)))));
   const superagent = require('superagent'); const r = await superagent.post(url + '/s').send({ a: 1 }).set('X-B', 'c').query({ d: 'e' }); out.push(r.status, r.body.body, r.body.url, await superagent.get(url + '/?status=404').catch((e) => [e.status, e.message]));
   const jwks = require('jwks-rsa')({ jwksUri: url + '/jwks' }); out.push(await jwks.getSigningKeys().catch((e) => [e.name, e.message]));
   return out;`,
);

test('auth0 of three versions calls the management API', async () => {
  for (const version of ['2.9.1', '2.30.0', '3.7.2']) {
    const script = `const { ManagementClient } = require('auth0@${version}');
      const management = new ManagementClient({ domain: 'tenant.example', token: 'tok', telemetry: false, retry: { enabled: false } });
      const user = await management.getUser({ id: 'auth0|1' }).catch((error) => [error.name, error.message]);
      return [typeof management.updateAppMetadata, user];`;
    const seen: unknown[] = [];
    const answered = await inSandbox(script, url, async (request) => {
      seen.push([request.method, request.url, request.headers.find(([name]) => /^authorization$/i.test(name))?.[1]]);
      return {
        status: 200,
        headers: [['content-type', 'application/json']],
        body: Buffer.from('{"user_id":"auth0|1"}'),
      };
    });
    assert.equal(answered, "[ 'function', { user_id: 'auth0|1' } ]", version);
    assert.deepEqual(seen, [['GET', 'https://tenant.example/api/v2/users/auth0%7C1', 'Bearer tok']], version);
  }
});

test('auth0 of version 4, whose client has groups, calls the management API; no version is what rules were given', async () => {
  const seen: unknown[] = [];
  const answered = await inSandbox(
    `const { ManagementClient } = require('auth0@4');
     const management = new ManagementClient({ domain: 'tenant.example', token: 'tok', telemetry: false });
     const { data, status } = await management.users.get({ id: 'auth0|1' });
     const { data: changed } = await management.users.update({ id: 'auth0|1' }, { app_metadata: { tier: 'gold' } });
     const missing = await management.users.get({ id: 'none' }).catch((error) => [error.name, error.statusCode, error.msg]);
     const older = new (require('auth0').ManagementClient)({ domain: 'tenant.example', token: 'tok' });
     return [data, status, changed, missing, typeof older.getUser];`,
    url,
    async (request) => {
      const [, token] = request.headers.find(([name]) => /^authorization$/i.test(name)) ?? [];
      seen.push([request.method, request.url, token, request.body?.toString()]);
      const [status, body] = request.url.endsWith('/none')
        ? [404, '{"statusCode":404,"error":"Not Found","message":"nobody","errorCode":"inexistent_user"}']
        : [200, '{"user_id":"auth0|1"}'];
      return { status, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
    },
  );
  const user = "{ user_id: 'auth0|1' }";
  assert.equal(
    answered.replace(/\s+/g, ' '),
    `[ ${user}, 200, ${user}, [ 'ManagementApiError', 404, 'nobody' ], 'function' ]`,
  );
  const address = 'https://tenant.example/api/v2/users/auth0%7C1';
  assert.deepEqual(seen, [
    ['GET', address, 'Bearer tok', undefined],
    ['PATCH', address, 'Bearer tok', '{"app_metadata":{"tier":"gold"}}'],
    ['GET', 'https://tenant.example/api/v2/users/none', 'Bearer tok', undefined],
  ]);
});

test('every package that is there can be loaded', async () => {
  for (const { name, version } of packages()) {
    assert.equal(
      await inSandbox(`require('${name}@${version}'); return 'loaded';`, url),
      "'loaded'",
      `${name}@${version}`,
    );
  }
});

// What rules of Auth0's collection ask for, with the reason where it is not there.
const askedByRules: Record<string, RegExp | undefined> = {
  request: undefined,
  'request@2.56.0': undefined,
  'request-promise': undefined,
  lodash: undefined,
  'lodash@4.17.19': undefined,
  url: undefined,
  'url@0.10.3': undefined,
  axios: undefined,
  'axios@0.21.1': undefined,
  'slack-notify': undefined,
  crypto: undefined,
  jsonwebtoken: undefined,
  uuid: undefined,
  'ipaddr.js': undefined,
  'moment-timezone': undefined,
  'moment@2.11.2': undefined,
  'oauth-sign': undefined,
  querystring: undefined,
  xmldom: undefined,
  xpath: undefined,
  '@onfido/api@1.5.1': undefined,
  auth0: undefined,
  'auth0@2.30.0': undefined,
  'auth0@2.9.1': undefined,
  'node-fetch': undefined,
  'node-fetch@2.6.0': undefined,
  'mongodb@3.1.4': /database/,
  tedious: /database/,
  '@auth0/rule-utilities@0.1.0':
    /registry did not have .*npm install .*rules-auth0-rule-utilities-0\.1\.0@file:.*npm pack/,
  '@auth0/rule-utilities@0.2.0': /registry did not have .*npm install .*rules-auth0-rule-utilities-0\.2\.0@file:/,
  '@incognia/api@1.1.1': /registry did not have .*npm install .*rules-incognia-api-1\.1\.1@file:.*into the code/,
};

test('each module that rules of Auth0’s collection ask for is there, or is refused with its reason', async () => {
  const { missing } = await worldFiles({ scripts: Object.keys(askedByRules).map((name) => `require('${name}')`) });
  const reasons = Object.fromEntries(missing.map(({ name, message }) => [name, message]));
  for (const [name, reason] of Object.entries(askedByRules)) {
    if (reason === undefined) assert.equal(reasons[name], undefined);
    else assert.match(reasons[name] ?? 'it is there', reason);
  }
});

test('a module that is not there: an error that says what to do, before and while it runs', async () => {
  const asked = [
    'mongodb@3.1.4',
    'tedious',
    'left-pad@1.3.0',
    'lodash@1.0.0',
    './secret',
    '/etc/passwd',
    '../package.json',
    'lodash/../../package.json',
    'rules-lodash-4.17.21',
    'nodemailer',
    'axios@latest',
    'axios@^0.21.1',
    '@scope/some@~1.2.0',
  ];
  const { missing } = await worldFiles({ scripts: asked.map((name) => `require('${name}')`) });
  assert.deepEqual(
    missing.map(({ name }) => name),
    asked,
  );
  const sentences = Object.fromEntries(missing.map(({ name, message }) => [name, message]));
  assert.match(sentences['mongodb@3.1.4'] ?? '', /database.*only HTTP.*HTTP service/);
  assert.match(
    sentences['left-pad@1.3.0'] ?? '',
    /npm install --save-exact rules-left-pad-1\.3\.0@npm:left-pad@1\.3\.0/,
  );
  assert.match(sentences['lodash@1.0.0'] ?? '', /4\.17\.21/);
  for (const name of ['axios@latest', 'axios@^0.21.1']) {
    assert.match(sentences[name] ?? '', /name an exact version, such as 'axios@.*there are: .*0\.21\.1/);
  }
  assert.match(sentences['@scope/some@~1.2.0'] ?? '', /such as '@scope\/some@1\.2\.3'\. Of this package there is none/);
  assert.match(sentences['/etc/passwd'] ?? '', /not for files/);
  for (const [name, message] of Object.entries(sentences)) {
    const told = await inSandbox(
      `try { require('${name}'); } catch (error) { return [error.code, error.message]; }`,
      url,
    );
    assert.ok(told.includes('MODULE_NOT_FOUND') && told.includes(message.slice(0, 60)), `${name}: ${told}`);
  }
});

test('a module whose name is made up while the code runs: an error that says how it is found', async () => {
  const told = await inSandbox(
    `try { require(['lod', 'ash'].join('')); } catch (error) { return [error.code, error.message]; }`,
    url,
  );
  assert.match(told, /MODULE_NOT_FOUND.*Cannot find module 'lodash'.*written out somewhere in the code/s);
  assert.match(
    await inSandbox(`const name = 'lodash'; require('lodash'); return typeof require(name).map;`, url),
    /function/,
  );
});

test('parts of Node that reach for the machine can be loaded and refuse use', async () => {
  const calls = [
    "fs.readFileSync('/etc/passwd')",
    'net.connect(80)',
    "child_process.execSync('id')",
    "dns.lookup('a.b', () => {})",
    'tls.connect({})',
    "vm.runInThisContext('1')",
    "worker_threads.Worker('')",
    'http.createServer()',
    'cluster.fork()',
    "fs.promises.readFile('x')",
    "module.createRequire('/')",
    "process.binding('fs')",
    'process.exit()',
    "process.dlopen({}, 'x')",
  ];
  for (const call of calls) {
    const [module = ''] = call.split('.');
    const told = await inSandbox(
      `const ${module === 'process' || module === 'module' ? `p = require('${module}'); return p` : `${module} = require('${module}'); return ${module}`}${call.slice(module.length)};`,
      url,
    );
    assert.match(told, /thrown: .*/, call);
    assert.match(told, /rules and actions|not here/, `${call}: ${told}`);
  }
});

test('the globals of old rules are there without require', async () => {
  const { files } = await worldFiles({
    scripts: [
      "_.pluck([], 'a'); jwt.sign({}, 's'); crypto.createHash('md5'); request.get; uuid(); async.map; xpath.select; querystring.parse; url.parse; context.request.ip",
    ],
  });
  assert.ok(files.some(({ name }) => name === 'packages/rules-lodash-2.4.1'));
  const told = await inSandbox(
    `return [_.pluck([{ a: 1 }], 'a'), jwt.verify(jwt.sign({ a: 1, iat: 1 }, 's', { expiresInMinutes: 1e8 }), 's').a, crypto.createHash('md5').update('x').digest('hex'), typeof request.get, uuid().length, uuid.v4().length, typeof async.map, typeof xpath.select, querystring.parse('a=1').a, typeof xmldom.DOMParser, Buffer.from('x').length, typeof mongo.connect];`,
    url,
    undefined,
    'inside.oldGlobals();',
  );
  assert.equal(
    told,
    "[\n  [ 1 ],\n  1,\n  '9dd4e461268c8034f5c8564e155c67a6',\n  'function',\n  36,\n  36,\n  'function',\n  'function',\n  '1',\n  'function',\n  1,\n  'function'\n]",
  );
});

test('a global of old rules is there however it is written, and its package is not where only a word is meant', async () => {
  const uses = ['const own = request', 'request || 1', 'request === 1', 'request ? 1 : 2', 'const own = { request }'];
  for (const use of [
    ...uses,
    'const own = 1 ? request : 2',
    'typeof request',
    `\`\${request}\``,
    'const own = [request]',
  ]) {
    const told = await inSandbox(`${use}\nreturn typeof request;`, url, undefined, 'inside.oldGlobals();');
    assert.equal(told, "'function'", use);
    const { files } = await worldFiles({ scripts: [`function (user, context, callback) { ${use}\n }`] });
    assert.ok(
      files.some(({ name }) => name.startsWith('packages/')),
      use,
    );
  }
  const words = [
    '// the request',
    '"request"',
    '/request/.test("")',
    '({ request: 1 })',
    'context.request',
    'a?.request',
  ];
  for (const word of [...words, 'async function own() {}', 'async (user) => user', 'async user => user']) {
    const { files } = await worldFiles({ scripts: [word] });
    assert.deepEqual(
      files.filter(({ name }) => name.startsWith('packages/')),
      [],
      word,
    );
  }
});

test('globals of old rules that reach for a database or a service say so, however they are used', async () => {
  const database = /does not work here: code of rules and actions opens no connections to databases\. Put a small HTTP/;
  for (const [use, name] of [
    ["mongo('mongodb://db.example', () => {})", 'mongo'],
    ["mongo.connect('mongodb://db.example')", 'mongo.connect'],
    ["new ObjectID('x')", 'ObjectID'],
    ["ObjectID('x')", 'ObjectID'],
    ["ObjectID.createFromHexString('x')", 'ObjectID.createFromHexString'],
    ["Knex({ client: 'pg' })", 'Knex'],
    ['new sqlserver.Connection({})', 'sqlserver.Connection'],
  ] as const) {
    const told = await inSandbox(`${use}; return 'it worked';`, url, undefined, 'inside.oldGlobals();');
    assert.match(told, database, use);
    assert.ok(told.includes(`${name} does not work here`), `${use}: ${told}`);
  }
  const there = 'return [typeof mongo, typeof ObjectID, String(Object.prototype.toString.call(pg))];';
  assert.match(await inSandbox(there, url, undefined, 'inside.oldGlobals();'), /'function',\s+'function'/);
  const service = await inSandbox('pubnub.init({});', url, undefined, 'inside.oldGlobals();');
  assert.match(service, /pubnub\.init does not work here: .* Use the HTTP API of that service\./);
});

test('security row 10: what a script asks for is found at once, however it is written', async () => {
  const began = performance.now();
  for (const script of [
    `require('x'${' '.repeat(100_000)}`,
    `require(${' '.repeat(100_000)}`,
    "require('".repeat(11_000),
  ]) {
    await worldFiles({ scripts: [script] });
  }
  assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
});
