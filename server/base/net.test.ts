import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, test } from 'node:test';
import { isProblem } from './errors.ts';
import { createOutgoing, type Outgoing } from './net.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server on 127.0.0.1 and what reached it. */
async function listen(answer: RequestListener) {
  const seen: { method: string | undefined; url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = [];
  const server = createServer((request, reply) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers });
    answer(request, reply);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { port: address.port, seen, host: (name: string) => `${name}:${address.port}` };
}

/** Names resolve as told; each answer of a name is given once, the last one for ever. */
function resolver(names: Record<string, string[][]>) {
  return async (name: string): Promise<LookupAddress[]> => {
    const answers = names[name] ?? [];
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
}

function open(own: string[], names: Record<string, string[][]> = {}): Outgoing {
  return createOutgoing({ ownHosts: async () => new Set(own), resolve: resolver(names) });
}

const refused = (error: unknown) => isProblem(error, 'outgoing_refused');
const failed = (reason: string) => (error: unknown) =>
  isProblem(error, 'outgoing_failed') && error.extra.reason === reason;

test('security case 11: addresses that may never be called are refused however they are written', async () => {
  const target = await listen((_request, reply) => reply.end('inside'));
  const { port, seen } = target;
  const outgoing = open([]);
  const hosts = [
    ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001'],
    ...['0.0.0.0', '0', '10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '169.254.169.254', '0xa9fea9fe'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[fe80::1]', '[fd00:ec2::254]'],
    ...['[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '１２７.0.0.1', '127。0。0。1', '①②⑦.0.0.1', '127.0.0.1.'],
    ...['134744072', '010.8.8.8', '0x8.8.8.8', '224.0.0.1', '255.255.255.255'],
  ];
  for (const host of hosts) await assert.rejects(outgoing.fetch(`http://${host}:${port}/`), refused, host);
  const urls = [
    ...['file:///etc/passwd', 'ftp://example.com/', 'gopher://example.com', 'data:text/plain,x', 'javascript:1'],
    ...[`http://user:pass@127.0.0.1:${port}/`, 'https://user@example.com/', 'https://:pw@example.com/', '//x', '', 'x'],
    ...[`http:\\\\127.1:${port}\\`, 'http://', 'http://[::1', 'http://exa mple.com/', 'unix:/var/run/docker.sock'],
  ];
  for (const url of urls) await assert.rejects(outgoing.fetch(url), refused, url);
  assert.deepEqual(seen, []);
});

test('security case 11: names that lead inside are refused, one bad address among good ones too', async () => {
  const names = {
    'inside.example': [['127.0.0.1']],
    'both.example': [['93.184.215.14', '10.0.0.5']],
    'both6.example': [['2606:4700::1111', '::ffff:10.0.0.5']],
    'metadata.example': [['169.254.169.254']],
    'nat64.example': [['64:ff9b::a00:1']],
  };
  const outgoing = open(['metadata.example:80'], names);
  for (const name of Object.keys(names)) await assert.rejects(outgoing.fetch(`http://${name}/`), refused, name);
  await assert.rejects(outgoing.fetch('http://nowhere.example/'), failed('connection'));
});

test('security case 11: a name is resolved once and the connection goes to just that address (rebinding)', async () => {
  const inside = await listen((_request, reply) => reply.end('inside'));
  const host = inside.host('rebound.example');
  // The first answer is harmless and nobody listens there; a second look would find the inside.
  const outgoing = open([], { 'rebound.example': [['203.0.114.1'], ['127.0.0.1']] });
  await assert.rejects(outgoing.fetch(`http://${host}/`, {}, { timeoutMs: 400 }), (error) =>
    isProblem(error, 'outgoing_failed'),
  );
  assert.equal(inside.seen.length, 0);
  // The system's resolver knows no such name: only the given address can have been used.
  const pinned = open([host], { 'rebound.example': [['127.0.0.1']] });
  assert.equal(await (await pinned.fetch(`http://${host}/`)).text(), 'inside');
  assert.equal(inside.seen[0]?.headers.host, host);
});

test("the umbrella's own hosts may be private, by host and port, and are called as they are listed", async () => {
  const { port, host } = await listen((_request, reply) => reply.end('own'));
  const outgoing = open([host('127.0.0.1'), host('own.example')], { 'own.example': [['127.0.0.1']] });
  assert.equal(await (await outgoing.fetch(`http://127.0.0.1:${port}/`)).text(), 'own');
  assert.equal(await (await outgoing.fetch(new URL(`http://own.example:${port}/x`))).text(), 'own');
  await assert.rejects(outgoing.fetch('http://127.0.0.1:1/'), refused);
  await assert.rejects(outgoing.fetch(`http://localhost:${port}/`), failed('connection'));
  assert.equal(await outgoing.isOwn(`http://own.example:${port}/any`), true);
  assert.equal(await outgoing.isOwn('https://own.example/'), false);
});

test('what is sent: method, form, headers; never an encoding we cannot measure', async () => {
  const bodies: string[] = [];
  const { host, seen } = await listen(async (request, reply) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    if (request.url === '/zip') reply.setHeader('content-encoding', 'gzip');
    reply.writeHead(request.url === '/none' ? 204 : 201, { 'x-told': 'yes' }).end('{"a":1}');
  });
  const outgoing = open([host('127.0.0.1')]);
  const at = (path: string) => `http://${host('127.0.0.1')}${path}`;
  const answer = await outgoing.fetch(at('/form'), { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('x-told'), 'yes');
  assert.deepEqual(await answer.json(), { a: 1 });
  assert.equal(bodies[0], 'a=b+c');
  assert.match(String(seen[0]?.headers['content-type']), /x-www-form-urlencoded/);
  assert.equal(seen[0]?.headers['accept-encoding'], 'identity');
  assert.equal(seen[0]?.headers['user-agent'], 'Regulars');
  assert.equal((await outgoing.fetch(at('/none'))).body, null);
  await assert.rejects(outgoing.fetch(at('/zip')), failed('encoding'));
  await assert.rejects(outgoing.fetch(at('/'), { headers: { 'x-a': 'b\r\nx-c: d' } }), failed('connection'));
});

test('size and time are bounded: endless, slow, silent and dripping answers', async () => {
  const timers: NodeJS.Timeout[] = [];
  after(() => timers.forEach(clearInterval));
  const { host } = await listen((request, reply) => {
    if (request.url === '/endless') timers.push(setInterval(() => reply.write('x'.repeat(64_000)), 1));
    if (request.url === '/drip') timers.push(setInterval(() => reply.write('x'), 20));
    if (request.url === '/announced') reply.writeHead(200, { 'content-length': '5000000' }).write('x'.repeat(50_001));
    if (request.url === '/cut') reply.writeHead(200, { 'content-length': '50' }).write('half', () => reply.destroy());
    if (request.url === '/exact') reply.end('x'.repeat(50_000));
  });
  const outgoing = open([host('127.0.0.1')]);
  const get = (path: string) =>
    outgoing.fetch(`http://${host('127.0.0.1')}${path}`, {}, { timeoutMs: 300, maxBytes: 50_000 });
  await assert.rejects(get('/endless'), failed('too_large'));
  await assert.rejects(get('/announced'), failed('too_large'));
  await assert.rejects(get('/drip'), failed('timeout'));
  await assert.rejects(get('/silent'), failed('timeout'));
  await assert.rejects(get('/cut'), failed('connection'));
  assert.equal((await (await get('/exact')).text()).length, 50_000);
  const slowName = createOutgoing({ ownHosts: async () => new Set(), resolve: () => new Promise(() => undefined) });
  const started = performance.now();
  await assert.rejects(slowName.fetch('http://slow.example/', {}, { timeoutMs: 200 }), failed('timeout'));
  const stop = AbortSignal.timeout(100);
  await assert.rejects(slowName.fetch('http://slow.example/', { signal: stop }), failed('timeout'));
  assert.ok(performance.now() - started < 2000);
});

test('redirects are not followed unless asked, at most three times, each one checked', async () => {
  const inside = await listen((_request, reply) => reply.end('inside'));
  const { host, seen } = await listen((request, reply) => {
    const hops = Number(request.url?.slice(2));
    const to = {
      p: `http://${inside.host('127.0.0.1')}/`,
      m: 'http://169.254.169.254/latest/',
      n: 'http://in.example/',
    };
    const place = Object.entries(to).find(([letter]) => request.url === `/${letter}`)?.[1];
    if (place) reply.writeHead(302, { location: place }).end();
    else if (hops > 0) reply.writeHead(303, { location: `/h${hops - 1}` }).end();
    else reply.end('arrived');
  });
  const outgoing = open([host('127.0.0.1')], { 'in.example': [['10.0.0.1']] });
  const at = (path: string) => `http://${host('127.0.0.1')}${path}`;
  const plain = await outgoing.fetch(at('/h1'));
  assert.equal(plain.status, 303);
  assert.equal(seen.length, 1);
  const follow = { redirect: 'follow' } as const;
  assert.equal(await (await outgoing.fetch(at('/h3'), follow)).text(), 'arrived');
  await assert.rejects(outgoing.fetch(at('/h4'), follow), failed('redirects'));
  for (const path of ['/p', '/m', '/n']) await assert.rejects(outgoing.fetch(at(path), follow), refused, path);
  assert.equal(inside.seen.length, 0);
});

test('credentials never cross to another origin', async () => {
  const other = await listen((_request, reply) => reply.end('other'));
  const { host, seen } = await listen((request, reply) => {
    const status = Number(request.url?.slice(1));
    if (status) reply.writeHead(status, { location: `http://${other.host('127.0.0.1')}/` }).end();
    else reply.end();
  });
  const outgoing = open([host('127.0.0.1'), other.host('127.0.0.1')]);
  const at = (path: string) => `http://${host('127.0.0.1')}${path}`;
  const headers = { Authorization: 'Bearer s3cret', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'text/plain' };
  await outgoing.fetch(at('/302'), { headers, redirect: 'follow' });
  assert.equal(seen[0]?.headers.authorization, 'Bearer s3cret');
  const { authorization, cookie, accept, 'x-api-key': key } = other.seen[0]?.headers ?? {};
  assert.deepEqual([authorization, cookie, key, accept], [undefined, undefined, undefined, 'text/plain']);
  const post = { method: 'POST', body: 'client_secret=s', headers, redirect: 'follow' } as const;
  for (const status of [307, 308]) await assert.rejects(outgoing.fetch(at(`/${status}`), post), refused);
  await outgoing.fetch(at('/303'), post);
  assert.deepEqual([other.seen.length, other.seen[1]?.method], [2, 'GET']);
});
