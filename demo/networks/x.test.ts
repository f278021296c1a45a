import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { xPeople } from './demo-people.ts';
import { type Network, startNetwork } from './network.ts';
import {
  addressOf,
  basicAuth,
  bearer,
  landed,
  makePkce,
  postForm,
  readObject,
  redirectUri,
  strangeApp,
  testApp,
} from './test-app.ts';
import { openVisitor } from './visitor.ts';
import { x } from './x.ts';

const mia = '1480225631190077441';
const jonas = '92817364';
const { verifier, challenge } = makePkce();
let network: Network;

before(async () => {
  network = await startNetwork(x(xPeople), { clients: [testApp, strangeApp] });
});
after(() => network.close());

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/i/oauth2/authorize`, {
    response_type: 'code',
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    scope: 'tweet.read users.read users.email offline.access',
    state: 'the state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  });
}

async function codeOf(person: string, more: Record<string, string | undefined> = {}): Promise<string> {
  return landed(await openVisitor().visit(ask(more), { person })).fields.code ?? '';
}

async function exchange(
  code: string,
  more: Record<string, string | undefined> = {},
  headers: Record<string, string> = basicAuth(testApp),
): Promise<Response> {
  const form = { grant_type: 'authorization_code', redirect_uri: redirectUri, code_verifier: verifier, code, ...more };
  return postForm(`${network.origin}/2/oauth2/token`, form, headers);
}

const me = (fields: string) => `${network.origin}/2/users/me?user.fields=${fields}`;

test('a whole sign-in, with an address only if asked and there', async () => {
  const tokens = await readObject(await exchange(await codeOf(jonas)));
  assert.equal(tokens.token_type, 'bearer');
  assert.equal(tokens.expires_in, 7200);
  const headers = bearer(tokens.access_token);
  const told = await readObject(await fetch(me('profile_image_url,confirmed_email'), { headers }));
  assert.deepEqual(told.data, {
    id: jonas,
    name: 'Jonas Weber',
    username: 'jonasweber',
    profile_image_url: `${network.origin}/pictures/${jonas}.png`,
    confirmed_email: 'jonas@aurora-studio.example',
  });
  const less = await readObject(await fetch(`${network.origin}/2/users/me`, { headers }));
  assert.deepEqual(less.data, { id: jonas, name: 'Jonas Weber', username: 'jonasweber' });
  const without = await readObject(await exchange(await codeOf(jonas, { scope: 'tweet.read users.read' })));
  assert.equal(without.refresh_token, undefined);
  const unasked = await fetch(me('confirmed_email'), { headers: bearer(without.access_token) });
  assert.deepEqual((await readObject(unasked)).data, less.data);
  const none = await readObject(await exchange(await codeOf(mia)));
  const miaTold = await fetch(me('confirmed_email'), { headers: bearer(none.access_token) });
  assert.deepEqual((await readObject(miaTold)).data, { id: mia, name: 'Mia Johansson', username: 'miaoutside' });
});

test('refresh tokens work once', async () => {
  const { refresh_token: refresh } = await readObject(await exchange(await codeOf(jonas)));
  const form = { grant_type: 'refresh_token', refresh_token: String(refresh), code_verifier: undefined };
  const again = await exchange('', form);
  assert.equal(again.status, 200);
  assert.notEqual((await readObject(again)).refresh_token, refresh);
  assert.equal((await exchange('', form)).status, 400);
});

test('PKCE, state, scope and the exact address are required', async () => {
  const wrong = [
    ask({ code_challenge: undefined, code_challenge_method: undefined }),
    ask({ state: undefined }),
    ask({ scope: undefined }),
    ask({ scope: 'users.read everything' }),
    ask({ redirect_uri: `${redirectUri}/` }),
    ask({ client_id: 'nobody' }),
  ];
  for (const url of wrong) assert.equal((await openVisitor().visit(url, { person: mia })).kind, 'page', url);
});

test('wrong token requests are refused in words of X', async () => {
  const inBody = { client_id: testApp.clientId, client_secret: testApp.clientSecret };
  const noBasic = await exchange(await codeOf(mia), inBody, {});
  assert.equal(noBasic.status, 401);
  const told = { error: 'unauthorized_client', error_description: 'Missing valid authorization header' };
  assert.deepEqual(await readObject(noBasic), told);
  assert.equal((await exchange(await codeOf(mia), {}, basicAuth({ ...testApp, clientSecret: 'wrong' }))).status, 401);
  const cases: [Record<string, string | undefined>, RegExp][] = [
    [{ code_verifier: makePkce().verifier }, /code verifier did not match/],
    [{ code_verifier: undefined }, /\[code_verifier\]/],
    [{ redirect_uri: testApp.redirectUris[1] }, /redirect uri did not match/],
    [{ grant_type: undefined }, /\[grant_type\]/],
  ];
  for (const [more, words] of cases) {
    const response = await exchange(await codeOf(mia), more);
    assert.equal(response.status, 400);
    assert.match(String((await readObject(response)).error_description), words);
  }
  const code = await codeOf(mia);
  assert.equal((await exchange(code, {}, basicAuth(strangeApp))).status, 400);
  assert.equal((await exchange(code)).status, 400, 'used up by the stranger');
});

test('the users lookup is strict about tokens, scopes and fields', async () => {
  assert.equal((await fetch(me('id'))).status, 401);
  const { access_token: token } = await readObject(await exchange(await codeOf(mia, { scope: 'users.read' })));
  assert.equal((await fetch(me('id'), { headers: bearer(token) })).status, 403);
  const good = await readObject(await exchange(await codeOf(mia)));
  assert.equal((await fetch(me('email'), { headers: bearer(good.access_token) })).status, 400);
});

test('a no comes back as access_denied', async () => {
  const no = landed(await openVisitor().visit(ask({ client_id: 'stranger' }), { person: mia, agree: false }));
  assert.deepEqual(no.fields, { error: 'access_denied', state: 'the state' });
});
