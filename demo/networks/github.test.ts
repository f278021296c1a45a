import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { githubPeople } from './demo-people.ts';
import { github } from './github.ts';
import { type Network, startNetwork } from './network.ts';
import {
  addressOf,
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

const jonas = '6041773';
const amelie = '88120456';
const json = { accept: 'application/json' };
let network: Network;

before(async () => {
  network = await startNetwork(github(githubPeople), { clients: [testApp, strangeApp] });
});
after(() => network.close());

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/login/oauth/authorize`, {
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    scope: 'read:user user:email',
    state: 'the state',
    ...more,
  });
}

async function codeOf(person: string, more: Record<string, string | undefined> = {}): Promise<string> {
  return landed(await openVisitor().visit(ask(more), { person })).fields.code ?? '';
}

async function exchange(
  code: string,
  more: Record<string, string | undefined> = {},
  headers: Record<string, string> = json,
): Promise<Response> {
  const form = { client_id: testApp.clientId, client_secret: testApp.clientSecret, code, ...more };
  return postForm(`${network.origin}/login/oauth/access_token`, form, headers);
}

test('a whole sign-in; the token answer is a form unless JSON is asked for', async () => {
  const response = await exchange(await codeOf(jonas), {}, {});
  assert.match(response.headers.get('content-type') ?? '', /x-www-form-urlencoded/);
  const form = new URLSearchParams(await response.text());
  assert.equal(form.get('token_type'), 'bearer');
  assert.equal(form.get('scope'), 'read:user,user:email');
  const headers = bearer(form.get('access_token'));
  const user = await readObject(await fetch(`${network.origin}/user`, { headers }));
  assert.equal(user.id, 6041773);
  assert.equal(user.login, 'jonasweber');
  assert.equal(user.email, null);
  const emails = await (await fetch(`${network.origin}/user/emails`, { headers })).json();
  assert.deepEqual(emails, [
    { email: 'jonas@aurora-studio.example', verified: true, primary: true, visibility: 'private' },
    { email: '6041773+jonasweber@users.noreply.github.com', primary: false, verified: true, visibility: null },
  ]);
});

test('an unverified address says so', async () => {
  const { access_token: token } = await readObject(await exchange(await codeOf(amelie)));
  const emails = await (await fetch(`${network.origin}/user/emails`, { headers: bearer(token) })).json();
  assert.deepEqual(emails, [
    { email: 'amelie.laurent@example.com', verified: false, primary: true, visibility: 'private' },
  ]);
});

test('wrong token requests get status 200 and an error', async () => {
  const { verifier, challenge } = makePkce();
  const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
  const cases: [Record<string, string | undefined>, string][] = [
    [{ client_secret: 'wrong' }, 'incorrect_client_credentials'],
    [{ client_id: 'nobody' }, 'incorrect_client_credentials'],
    [{ client_id: strangeApp.clientId, client_secret: strangeApp.clientSecret }, 'bad_verification_code'],
    [{ redirect_uri: testApp.redirectUris[1] }, 'redirect_uri_mismatch'],
    [{ code_verifier: undefined }, 'bad_verification_code'],
    [{ code_verifier: makePkce().verifier }, 'bad_verification_code'],
    [{ code: 'never issued' }, 'bad_verification_code'],
  ];
  for (const [more, error] of cases) {
    const response = await exchange(await codeOf(jonas, pkce), { code_verifier: verifier, ...more });
    assert.equal(response.status, 200);
    assert.equal((await readObject(response)).error, error, JSON.stringify(more));
  }
  const code = await codeOf(jonas, pkce);
  assert.ok((await readObject(await exchange(code, { code_verifier: verifier }))).access_token);
  const reused = await readObject(await exchange(code, { code_verifier: verifier }));
  assert.equal(reused.error, 'bad_verification_code');
});

test('a wrong redirect address is told to the registered one only', async () => {
  const url = ask({ redirect_uri: 'http://evil.example/callback' });
  const landing = landed(await openVisitor().visit(url, { person: jonas }));
  assert.equal(landing.redirectUri, redirectUri);
  assert.equal(landing.fields.error, 'redirect_uri_mismatch');
  assert.equal(landing.fields.state, 'the state');
  assert.equal((await openVisitor().visit(ask({ client_id: 'nobody' }), { person: jonas })).kind, 'page');
});

test('the API wants a User-Agent, a good token and the scope', async () => {
  const { access_token: token } = await readObject(await exchange(await codeOf(jonas, { scope: 'read:user' })));
  const { hostname, port } = new URL(network.origin);
  const status = await new Promise((resolve, reject) => {
    const call = request({ hostname, port, path: '/user', headers: bearer(token) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on('error', reject).end();
  });
  assert.equal(status, 403);
  assert.equal((await fetch(`${network.origin}/user`)).status, 401);
  assert.equal((await fetch(`${network.origin}/user`, { headers: bearer('nonsense') })).status, 401);
  assert.equal((await fetch(`${network.origin}/user`, { headers: bearer(token) })).status, 200);
  assert.equal((await fetch(`${network.origin}/user/emails`, { headers: bearer(token) })).status, 404);
});

test('select_account and a no', async () => {
  const visitor = openVisitor();
  await visitor.visit(ask(), { person: jonas });
  assert.equal(landed(await visitor.visit(ask())).pages, 0);
  assert.equal((await visitor.visit(ask({ prompt: 'select_account' }))).kind, 'page');
  const no = landed(await openVisitor().visit(ask({ client_id: 'stranger' }), { person: jonas, agree: false }));
  assert.equal(no.fields.error, 'access_denied');
});
