import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createOutgoing } from '../net.ts';
import { createHttpCall } from './http-call.ts';
import { openTest } from './world/test-both.ts';

const servers: Server[] = [];
const { sandbox, inSandbox } = openTest(() => [own.host]);
after(async () => {
  await sandbox.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(answer: RequestListener) {
  const seen: string[] = [];
  const server = createServer((request, reply) => {
    seen.push(request.url ?? '');
    answer(request, reply);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { port: address.port, host: `127.0.0.1:${address.port}`, seen };
}

// 200 MB when it is unpacked.
const bomb = gzipSync(Buffer.alloc(200_000_000));
const inside = await listen((_request, reply) => reply.end('inside'));
const own = await listen((request, reply) => {
  if (request.url === '/away') reply.writeHead(302, { location: `http://${inside.host}/secret` }).end();
  else if (request.url === '/large') {
    const piece = Buffer.alloc(1_000_000);
    const write = () => {
      while (!reply.destroyed && reply.write(piece));
      if (!reply.destroyed) reply.once('drain', write);
    };
    write();
  } else if (request.url === '/bomb') reply.setHeader('content-encoding', 'gzip').end(bomb);
  else if (request.url === '/key') reply.end(request.headers['idempotency-key'] ?? 'none');
  else if (request.url === '/headers') reply.end(request.rawHeaders.join());
  else if (request.url !== '/slow') reply.end('own');
});

const spellings = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '0.0.0.0',
    '0',
  ],
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '１２７.0.0.1'],
  ...[
    '127。0。0。1',
    '①②⑦.0.0.1',
    '127.0.0.1.',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'user@127.0.0.1',
    '127.0.0.1%09',
  ],
  ...['169.254.169.254', '10.0.0.1', '192.168.0.1', '[fd00:ec2::254]', '[fe80::1]'],
];

test('security row 11: no spelling of a private address is called, by none of the ways to call', async () => {
  const script = (call: string) => `
    const out = [];
    for (const host of ${JSON.stringify(spellings)}) {
      const url = 'http://' + host + ':${inside.port}/';
      out.push(await (async () => (${call}))().then((r) => 'REACHED ' + host, (error) => ''));
    }
    return out.join('');`;
  const calls = [
    'await fetch(url)',
    "await require('axios').get(url)",
    "await new Promise((ok, no) => require('request')(url, (e, r) => (e ? no(e) : ok(r))))",
    "await new Promise((ok, no) => require('http').get(url, ok).on('error', no))",
    `await new Promise((ok, no) => require('http').get({ host, port: ${inside.port} }, ok).on('error', no))`,
    `await new Promise((ok, no) => require('http').get({ host: '127.0.0.1', port: ${own.port}, path: url }, ok).on('error', no))`,
    `await new Promise((ok, no) => require('http').get({ host: 'localhost', lookup: (n, o, cb) => cb(null, '127.0.0.1', 4), port: ${inside.port} }, ok).on('error', no))`,
    `await new Promise((ok, no) => require('http').get({ socketPath: '/var/run/docker.sock', host: '127.0.0.1', port: ${inside.port} }, ok).on('error', no))`,
  ];
  for (const call of calls) assert.equal(await inSandbox(script(call), ''), "''", call);
  assert.deepEqual(inside.seen, []);
});

test('what changes something goes out with a key that no other call has, unless the code says its own', async () => {
  const keys = (init: string) => {
    const once = `fetch(url, ${init}).then((response) => response.text())`;
    return inSandbox(`return (await Promise.all([${once}, ${once}])).join();`, `http://${own.host}/key`);
  };
  for (const init of ["{ method: 'POST', body: 'x' }", "{ method: 'PATCH' }"]) {
    const [, one, two] = /^'([\w.-]{30,}),([\w.-]{30,})'$/.exec(await keys(init)) ?? [];
    assert.ok(one !== undefined && two !== undefined && one !== two, init);
  }
  assert.equal(await keys('{}'), "'none,none'");
  assert.equal(await keys("{ method: 'POST', headers: { 'Idempotency-Key': 'mine' } }"), "'mine,mine'");
});

test('security row 10: headers go out as the code names them, also by names that every object has', async () => {
  const { host } = own;
  const script = `const headers = { constructor: 'a', valueOf: 'b', 'x-own': 'c' };
    return (await fetch('http://${host}/headers', { headers })).text();`;
  const told = await inSandbox(script, '');
  for (const one of ['constructor,a', 'valueof,b', 'x-own,c']) assert.ok(told.includes(one), `${one} in ${told}`);
  assert.ok(!told.includes('native code'));
});

test('security row 11: a redirect to a private address is not followed, and a host header leads nowhere', async () => {
  for (const call of [
    'await fetch(url)',
    "await require('axios').get(url)",
    "await new Promise((ok, no) => require('request')(url, (e, r) => (e ? no(e) : ok(r))))",
  ]) {
    const told = await inSandbox(`return ${call};`, `http://${own.host}/away`);
    assert.match(told, /^thrown: /, call);
  }
  const told = await inSandbox(
    `return (await require('axios').get(url, { headers: { Host: '${inside.host}' } })).data;`,
    `http://${own.host}/`,
  );
  assert.equal(told, "'own'");
  assert.deepEqual(inside.seen, []);
});

test('security row 11: a name that changes between look-ups is judged by the address that is called', async () => {
  const answers = [['127.0.0.1'], ['10.0.0.1'], ['93.184.215.14', '127.0.0.1']];
  const resolve = async (): Promise<LookupAddress[]> =>
    (answers.shift() ?? ['127.0.0.1']).map((address) => ({ address, family: 4 }));
  const call = createHttpCall({ outgoing: createOutgoing({ ownHosts: async () => new Set(), resolve }) });
  for (let turn = 0; turn < 5; turn += 1) {
    const request = { method: 'GET', url: `http://changing.example:${inside.port}/`, headers: [] };
    const answer = await call(request, { signal: new AbortController().signal });
    assert.match(JSON.stringify(answer), /EREGULARS_REFUSED/);
  }
  assert.deepEqual(inside.seen, []);
});

test('an answer without end, and one that never comes, are ended and told', async () => {
  const told = await inSandbox(
    'return await fetch(url).catch((e) => [e.message, e.cause.code]);',
    `http://${own.host}/large`,
  );
  assert.match(told, /fetch failed.*EREGULARS_FAILED/);
  const late = await inSandbox(
    "return await require('axios').get(url, { timeout: 300 }).catch((e) => [e.code, e.message]);",
    `http://${own.host}/slow`,
  );
  assert.equal(late, "[ 'ECONNABORTED', 'timeout of 300ms exceeded' ]");
});

test('security row 10: an answer that unpacks to more than a run may hold ends that run alone, and is told', async () => {
  for (const call of [
    'await (await fetch(url)).text()',
    "(await require('axios@0.21.1').get(url)).data",
    "(await require('axios@1.21.1').get(url)).data",
    "await new Promise((ok, no) => require('request')({ url, gzip: true }, (e, r, b) => (e ? no(e) : ok(b))))",
  ]) {
    const told = await inSandbox(`return (${call}).length;`, `http://${own.host}/bomb`);
    assert.match(
      told,
      /^(failed: memory|thrown: [\s\S]*(larger than|buffer|fetch failed|terminated|maxContentLength))/i,
      call,
    );
    assert.equal(await inSandbox('return await (await fetch(url)).text();', `http://${own.host}/`), "'own'");
  }
});

test('what is no request is refused, whatever the code sends', async () => {
  const call = createHttpCall({ outgoing: createOutgoing({ ownHosts: async () => new Set([own.host]) }) });
  const url = `http://${own.host}/`;
  const wrong: unknown[] = [
    ...[
      null,
      5,
      'x',
      [],
      {},
      { method: 'GET' },
      { method: 'G ET', url, headers: [] },
      { method: 'GET', url: 5, headers: [] },
    ],
    ...[
      { method: 'GET', url, headers: 'x' },
      { method: 'GET', url, headers: [['a']] },
      { method: 'GET', url, headers: [['a\r\nb', 'c']] },
    ],
    ...[
      { method: 'GET', url, headers: [['a', 'b\r\nHost: x']] },
      { method: 'GET', url: 'file:///etc/passwd', headers: [] },
    ],
    ...[
      { method: 'GET', url: '', headers: [] },
      { method: 'GET', url, headers: [], timeoutMs: -1 },
    ],
  ];
  for (const argument of wrong) {
    const answer = await call(argument, { signal: new AbortController().signal });
    assert.match(JSON.stringify(answer), /"refused"/, JSON.stringify(argument));
  }
  const fine = await call({ method: 'GET', url, headers: [] }, { signal: new AbortController().signal });
  assert.match(JSON.stringify(fine), /"status":200,"statusText":"OK"/);
});

test('security row 10: of the requests of one run a few are under way at once, so that their answers fit in memory', async () => {
  let [now, most] = [0, 0];
  const told = await inSandbox(
    'return (await Promise.all(Array.from({ length: 60 }, () => fetch(url).then((r) => r.status)))).length;',
    `http://${own.host}/`,
    async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      return { status: 200, headers: [], body: new Uint8Array() };
    },
  );
  assert.equal(told, '60');
  assert.ok(most <= 10, `${most} at once`);
});

test('security row 10: the answers of one run are 50 MB at most', async () => {
  const body = new Uint8Array(5_000_000);
  const outgoing = createOutgoing({ ownHosts: async () => new Set() });
  const call = createHttpCall({ outgoing, inProcess: async () => ({ status: 200, headers: [], body }) });
  const { signal } = new AbortController();
  const answers = [];
  for (let at = 0; at < 12; at += 1)
    answers.push(await call({ method: 'GET', url: 'http://a/', headers: [] }, { signal }));
  const refused = answers.filter((answer) => /^{"refused":{"code":"EREGULARS_REFUSED"/.test(JSON.stringify(answer)));
  assert.equal(refused.length, 2);
});
