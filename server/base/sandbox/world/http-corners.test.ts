// What is rare in HTTP, in plain Node and inside.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { echo, inNode, listen, openTest } from './test-both.ts';

const { url, host, server } = await listen(echo);
const { sandbox, inSandbox } = openTest(() => [host]);
after(async () => {
  await sandbox.close();
  server.close();
  server.closeAllConnections();
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
