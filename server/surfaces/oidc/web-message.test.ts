import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient } from '../../../test/portal-client.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
});
after(() => server.close());

const settings = { web_origins: ['https://shop.example'] };
const publicPortal = async () => ({ ...(await server.makePortal({ settings })), client_secret: '' });
const silent = { prompt: 'none', response_mode: 'web_message' };

/** Runs the page's script as a browser would in a frame of the portal. */
function runInFrame(html: string): { message: Record<string, unknown>; origin: string } {
  const posted: { message: Record<string, unknown>; origin: string }[] = [];
  const parent = {
    postMessage: (message: object, origin: string) => posted.push({ message: { ...message }, origin }),
  };
  const document = { scripts: [{ parentElement: { removeChild() {} } }] };
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
  runInNewContext(script, { document, parent, close() {} });
  const [first] = posted;
  assert.ok(first && posted.length === 1);
  return first;
}

test('a silent sign-in is answered to the portal’s frame, in the words auth0-spa-js knows', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  await client.signIn(customer.user_id);
  const { response, verifier } = await client.authorize(silent);
  assert.equal(response.status, 200);
  const html = await response.text();
  const { message, origin } = runInFrame(html);
  assert.equal(origin, 'https://shop.example/callback');
  const { type, response: told } = JSON.parse(JSON.stringify(message));
  assert.equal(type, 'authorization_response');
  assert.equal(told.state, 'the-state');
  assert.equal((await client.redeem(told.code, verifier)).status, 200);

  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.ok(policy.includes(`script-src 'sha256-${hash}'`), policy);
  assert.ok(policy.includes('frame-ancestors https://shop.example'), policy);
  assert.equal(response.headers.get('x-frame-options'), null);
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('nobody signed in: login_required, to the frame', async () => {
  const client = portalClient(server, await publicPortal());
  const { response } = await client.authorize(silent);
  const { message } = runInFrame(await response.text());
  const told = JSON.parse(JSON.stringify(message)).response;
  assert.deepEqual([told.error, told.state], ['login_required', 'the-state']);
});

test('who is not among the web origins of the portal does not frame the answer', async () => {
  for (const origin of ['https://other.example', 'https://shop.example:8443', 'http://shop.example']) {
    const portal = await server.makePortal({ settings: { web_origins: [origin] } });
    const { response } = await portalClient(server, { ...portal, client_secret: '' }).authorize(silent);
    assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'$/);
  }
});

test('nothing is posted to an address that is not the portal’s', async () => {
  const client = portalClient(server, await publicPortal());
  const { response } = await client.authorize({ ...silent, redirect_uri: 'https://evil.example/' });
  assert.equal(response.status, 403);
  assert.doesNotMatch(await response.text(), /postMessage/);
});

test('what a portal sends cannot break out of the script', async () => {
  const client = portalClient(server, await publicPortal());
  const state = '</script><script>alert(1)</script>\u2028';
  const { response } = await client.authorize({ ...silent, state });
  const html = await response.text();
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.equal(JSON.parse(JSON.stringify(runInFrame(html).message)).response.state, state);
});

test('a form_post answer carries one script, allowed by its hash, and cannot be framed', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, await publicPortal());
  await client.signIn(customer.user_id);
  const state = '"><img src=x onerror=alert(1)>';
  const { response } = await client.authorize({ prompt: 'none', response_mode: 'form_post', state });
  const html = await response.text();
  assert.match(html, /<form method="post" action="https:\/\/shop\.example\/callback">/);
  assert.doesNotMatch(html, /<img/);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'sha256-/);
  assert.match(policy, /frame-ancestors 'none'/);
});
