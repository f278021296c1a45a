// What is rare in HTTP, in plain Node and inside.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { echo, inNode, listen, openTest } from './test-both.ts';

const { url, host, server } = await listen(echo);
// By the path: status lines that `node:http` does not write.
const raw = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (asked) => {
    const status = /^GET \/(\d+)/.exec(String(asked))?.[1] ?? '404';
    const upgrade = status === '101' ? 'upgrade: other\r\nconnection: upgrade\r\n' : 'connection: close\r\n';
    socket.end(`HTTP/1.1 ${status} Status\r\n${upgrade}content-length: 4\r\n\r\nbody`);
  });
});
await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
const address = raw.address();
const rawHost = typeof address === 'object' && address ? `127.0.0.1:${address.port}` : '';
const { sandbox, inSandbox } = openTest(() => [host, rawHost]);
after(async () => {
  await sandbox.close();
  server.close();
  server.closeAllConnections();
  raw.close();
});

test('a status that HTTP does not know is told as in Node, by all clients', async () => {
  const script = `const out = [];
    for (const status of [599, 600, 999]) {
      const at = url + '/' + status;
      out.push(await fetch(at).then(async (r) => [r.status, r.ok, r.statusText, await r.text()]));
      out.push(await new Promise((ok, no) => require('http').get(at, (r) => { let all = ''; r.on('data', (d) => { all += d; }).on('end', () => ok([r.statusCode, r.statusMessage, all])); }).on('error', no)));
      out.push(await require('axios').get(at).catch((error) => [error.message, error.response.status]), await new Promise((ok) => require('request')(at, (error, r, body) => ok([error, r && r.statusCode, body]))));
    }
    return out;`;
  assert.equal(await inSandbox(script, `http://${rawHost}`), await inNode(script, `http://${rawHost}`));
});

test('an answer with another protocol, or one that only says that an answer follows, fails at once and can be caught', async () => {
  const script = `return [await fetch(url + '/101').catch((error) => [error.name, error.message])];`;
  const began = performance.now();
  assert.equal(await inSandbox(script, `http://${rawHost}`), await inNode(script, `http://${rawHost}`));
  const clients = `const out = []; out.push(await fetch(url).catch((error) => [error.name, error.message, error.cause.code]));
    out.push(await new Promise((ok) => require('http').get(url, ok).on('error', (error) => ok(error.code))));
    return out;`;
  for (const status of [0, 100, 101, 103]) {
    const own = async () => ({ status, headers: [], body: new Uint8Array([1]) });
    assert.equal(await inSandbox(clients, url, own), "[ [ 'TypeError', 'fetch failed', 'ECONNRESET' ], 'ECONNRESET' ]");
  }
  assert.ok(performance.now() - began < 8000, `after ${performance.now() - began} ms`);
});

test('what fails while an answer is read is what the code that asked hears', async () => {
  const script = `const zlib = require('zlib'); const { createGunzip } = zlib;
    zlib.createGunzip = () => { throw new RangeError('not to be read'); };
    try { return await fetch(url + '/?packed=gzip').then((r) => r.text()).catch((error) => [error.name, error.message, error.cause?.message]); } finally { zlib.createGunzip = createGunzip; }`;
  assert.equal(await inSandbox(script, url), "[ 'TypeError', 'fetch failed', 'not to be read' ]");
});

test('the class of requests is Node’s: names, instances, subclasses old and new, errors', async () => {
  const script = `const out = []; const http = require('http'); const { ClientRequest } = http;
    const request = http.get(url); request.on('error', () => {}); out.push(request.constructor === ClientRequest, request instanceof ClientRequest, Object.getPrototypeOf(request) === ClientRequest.prototype, ClientRequest.name, ClientRequest.length, typeof ClientRequest, Object.getOwnPropertyNames(ClientRequest), Object.getOwnPropertyDescriptor(ClientRequest.prototype, 'constructor').enumerable, Object.getPrototypeOf(ClientRequest) === http.OutgoingMessage, require('_http_client').ClientRequest === ClientRequest);
    function Old(...given) { ClientRequest.apply(this, given); } require('util').inherits(Old, ClientRequest);
    class New extends ClientRequest { own() { return this.method; } }
    for (const Kind of [ClientRequest, Old, New]) await new Promise((done) => { const own = new Kind(url + '/own', (r) => { r.resume().on('end', done); out.push(r.statusCode); }); out.push(own.constructor === Kind, own.constructor.name, own instanceof Kind, own.own?.()); own.end(); });
    Object.prototype.get = () => 5; Object.prototype.construct = () => ({}); out.push(http.ClientRequest.name, new ClientRequest(url).on('error', () => {}).method); delete Object.prototype.get; delete Object.prototype.construct;
    try { new ClientRequest('ftp://x.y'); } catch (error) { out.push(error.code); } try { ClientRequest(url); } catch (error) { out.push(error.name); }
    return out;`;
  assert.equal(await inSandbox(script, url), await inNode(script, url));
});
