import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { otherPeople } from '../../../demo/networks/demo-people.ts';
import { openidNetwork } from '../../../demo/networks/generic-oidc.ts';
import { type Network, startNetwork } from '../../../demo/networks/network.ts';
import { portalIds } from '../../../demo/umbrella/umbrella.ts';
import type { Browser, Page } from '../../../test/http-browser.ts';
import { openWorld, signInWith, signUp, type World } from '../../../test/sign-in-world.ts';
import { readOutgoingHosts, writeOutgoingHosts } from '../../base/outgoing-hosts.ts';
import { createConnection, updateConnection } from '../../features/connections/connections.ts';
import { updatePortal } from '../../features/portals/portals.ts';

const home = 'http://lumiere.example/';
const connection = 'works';
const person = 'sim-mia-03';

let world: World;
let network: Network;
let connectionId: string;
before(async () => {
  world = await openWorld();
  const paths = { discovery: '/.well-known/openid-configuration', authorize: '/a', token: '/t', keys: '/k' };
  const looks = { name: 'works', title: 'Works', colour: '#333', people: otherPeople };
  network = await startNetwork(openidNetwork({ ...looks, paths: { ...paths, userinfo: '/u', endSession: '/bye' } }));
  const { base, url } = world;
  network.register({
    clientId: 'regulars',
    clientSecret: 'a secret',
    redirectUris: [`${url}/login/callback`],
    logoutUris: [`${url}/v2/logout/callback`],
  });
  const hosts = await readOutgoingHosts(base.db);
  await writeOutgoingHosts(base.db, base.settings, [...hosts, new URL(network.origin).host]);
  await base.settings.refresh();
  ({ id: connectionId } = await createConnection(base, {
    name: connection,
    strategy: 'oidc',
    options: { client_id: 'regulars', client_secret: 'a secret', issuer: network.origin },
    enabled_clients: [portalIds.lumiere],
  }));
  await base.settings.refresh();
});
after(async () => {
  await world.close();
  await network.close();
});

async function signedIn(): Promise<{ browser: Browser; idToken: string }> {
  const browser = world.browser();
  const page = await signInWith(world, browser, connection, person);
  const { body } = await world.tokens(page);
  return { browser, idToken: String(body.id_token) };
}

/** Is somebody signed in at the network in this browser? */
async function isAtNetwork(browser: Browser): Promise<boolean> {
  const home = await browser.open(`${network.origin}/`);
  return home.html.includes('/simulated/sign-out');
}

async function isHere(browser: Browser): Promise<boolean> {
  const page = await browser.open(world.door('lumiere', { prompt: 'none' }));
  return page.url.searchParams.has('code');
}

function v2(params: Record<string, string>, federated = '&federated'): string {
  return `${world.url}/v2/logout?${new URLSearchParams({ client_id: portalIds.lumiere, ...params })}${federated}`;
}

const at = (page: Page) => page.url.origin + page.url.pathname;
const asked = () => network.requests.filter(({ path }) => path === '/bye').at(-1);

test('federated: the session at the network ends too, and the browser comes to where the portal may send it', async () => {
  const { browser } = await signedIn();
  assert.deepEqual([await isAtNetwork(browser), await isHere(browser)], [true, true]);
  const page = await browser.open(v2({ returnTo: home }));
  assert.equal(page.url.href, home);
  assert.deepEqual([await isAtNetwork(browser), await isHere(browser)], [false, false]);
  const { client_id, post_logout_redirect_uri, id_token_hint } = asked()?.query ?? {};
  assert.deepEqual([client_id, post_logout_redirect_uri], ['regulars', `${world.url}/v2/logout/callback`]);
  const claims = JSON.parse(Buffer.from(String(id_token_hint).split('.')[1] ?? '', 'base64url').toString());
  assert.equal(claims.sub, person, 'the network is told whose session that is');
});

test('without the word, only the session here ends', async () => {
  const { browser } = await signedIn();
  const before = network.requests.length;
  assert.equal((await browser.open(v2({ returnTo: home }, ''))).url.href, home);
  assert.equal(network.requests.length, before);
  assert.deepEqual([await isAtNetwork(browser), await isHere(browser)], [true, false]);
});

test('/oidc/logout?federated goes the same way, with the state of the portal at its end; also past the question', async () => {
  const { browser, idToken } = await signedIn();
  const query = { post_logout_redirect_uri: home, state: 's&1', federated: '' };
  const oidc = (more: Record<string, string>) =>
    `${world.url}/oidc/logout?${new URLSearchParams({ ...query, ...more })}`;
  const page = await browser.open(oidc({ id_token_hint: idToken }));
  assert.equal(page.url.href, `${home}?state=s%261`);
  assert.equal(await isAtNetwork(browser), false);

  const other = await signedIn();
  const question = await other.browser.open(oidc({ client_id: portalIds.lumiere }));
  assert.equal(at(question), `${world.url}/oidc/logout`);
  assert.equal(await isAtNetwork(other.browser), true, 'nothing proves that it is their own wish');
  const end = await other.browser.submit(question, '/oidc/logout', { logout: 'yes' });
  assert.equal(end.url.href, `${home}?state=s%261`);
  assert.equal(await isAtNetwork(other.browser), false);
});

test('who came by a password, or whose network does not answer, is signed out here and goes on', async () => {
  const browser = world.browser();
  await signUp(world, browser, 'zoe@shop.example', 'a long enough phrase');
  assert.equal((await browser.open(v2({ returnTo: home }))).url.href, home);
  assert.equal(await isHere(browser), false);

  const works = await signedIn();
  network.misbehave('error_500', { endpoint: 'discovery' });
  // What was read once is good for an hour; a changed connection is read anew.
  await updateConnection(world.base, connectionId, { display_name: 'Works' });
  await world.base.settings.refresh();
  const before = network.requests.length;
  assert.equal((await works.browser.open(v2({ returnTo: home }))).url.href, home);
  assert.equal(await isHere(works.browser), false);
  assert.ok(
    network.requests.slice(before).some(({ endpoint }) => endpoint === 'discovery'),
    'it was asked',
  );
  network.misbehave(null);
});

test('security row 9: federated logout leads nowhere that the portal does not list, whatever comes back', async () => {
  const { browser } = await signedIn();
  for (const returnTo of ['https://evil.example/', '//evil.example', `${home}x`, 'javascript:alert(1)']) {
    const page = await browser.open(v2({ returnTo }));
    assert.deepEqual([page.status, page.url.pathname], [400, '/v2/logout'], returnTo);
  }
  assert.deepEqual([await isAtNetwork(browser), await isHere(browser)], [true, true], 'and ends nothing');

  const callback = (query: string) => browser.open(`${world.url}/v2/logout/callback${query}`);
  const forged = world.base.vault.encrypt(JSON.stringify({ address: 'https://evil.example/' }), 'another context');
  const nonsense = ['', '?state=', '?state=x', '?state=https://evil.example/', `?state=${forged}`];
  nonsense.push('?returnTo=https://evil.example/', '?state=a&state=b', '?post_logout_redirect_uri=//evil.example');
  for (const query of nonsense) {
    const page = await callback(query);
    assert.deepEqual([page.status, at(page)], [200, `${world.url}/v2/logout/callback`], query);
    assert.ok(page.html.includes('You are signed out'), query);
  }

  await browser.open(v2({ returnTo: home }));
  const { state = '' } = asked()?.query ?? {};
  const way = `?${new URLSearchParams({ state })}`;
  assert.equal((await callback(way)).url.href, home);
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 3601_000 });
  assert.equal(at(await callback(way)), `${world.url}/v2/logout/callback`, 'an hour later it is worth nothing');
  mock.timers.reset();
  // The portal takes the address back while the browser is away.
  const change = { settings: { allowed_logout_urls: [] } };
  await updatePortal(world.base, portalIds.lumiere, change, () => undefined);
  await world.base.settings.refresh();
  const refused = await callback(way);
  assert.deepEqual([refused.status, refused.url.pathname], [400, '/v2/logout/callback']);
});
