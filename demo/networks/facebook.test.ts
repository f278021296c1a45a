import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { facebookPeople } from './demo-people.ts';
import { facebook } from './facebook.ts';
import { formatBirthday } from './facebook-graph.ts';
import { type Network, startNetwork } from './network.ts';
import { addressOf, landed, postForm, readObject, redirectUri, strangeApp, testApp } from './test-app.ts';
import { openVisitor, type Visitor } from './visitor.ts';

const sofia = '10160844201175532';
const mia = '10222719380914467';
const diego = '10158330947726118';
let network: Network;

before(async () => {
  network = await startNetwork(facebook(facebookPeople), { clients: [testApp, strangeApp] });
});
after(() => network.close());

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/v25.0/dialog/oauth`, {
    client_id: testApp.clientId,
    redirect_uri: redirectUri,
    state: 'the state',
    scope: 'email,user_birthday,user_likes',
    ...more,
  });
}

function tokenUrl(code: string, more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/v25.0/oauth/access_token`, {
    client_id: testApp.clientId,
    client_secret: testApp.clientSecret,
    redirect_uri: redirectUri,
    code,
    ...more,
  });
}

async function tokenOf(person: string, untick: string[] = [], visitor: Visitor = openVisitor()): Promise<string> {
  const { fields } = landed(await visitor.visit(ask(), { person, untick }));
  const answer = await readObject(await fetch(tokenUrl(fields.code ?? '')));
  assert.equal(answer.token_type, 'bearer');
  return String(answer.access_token);
}

function graph(path: string, token: string, more: Record<string, string | undefined> = {}): string {
  const appsecret_proof = createHmac('sha256', testApp.clientSecret).update(token).digest('hex');
  return addressOf(`${network.origin}/v25.0${path}`, { access_token: token, appsecret_proof, ...more });
}

async function errorOf(response: Response): Promise<Record<string, unknown>> {
  assert.equal(response.status, 400);
  const { error } = await readObject(response);
  assert.ok(typeof error === 'object' && error !== null);
  return Object.fromEntries(Object.entries(error));
}

test('me tells the fields that were asked for and allowed', async () => {
  const token = await tokenOf(sofia);
  const fields = 'id,name,first_name,last_name,email,birthday,gender,picture.type(large)';
  const me = await readObject(await fetch(graph('/me', token, { fields })));
  const picture = { height: 200, is_silhouette: false, url: `${network.origin}/pictures/${sofia}.png`, width: 200 };
  assert.deepEqual(me, {
    id: sofia,
    name: 'Sofia Marchetti',
    first_name: 'Sofia',
    last_name: 'Marchetti',
    email: 'sofia-marchetti@gmail.com',
    birthday: '04/18/1991',
    picture: { data: picture },
  });
  assert.deepEqual(await readObject(await fetch(graph('/me', token))), { id: sofia, name: 'Sofia Marchetti' });
  assert.equal((await errorOf(await fetch(graph('/me', token, { fields: 'id,shoe_size' })))).code, 100);
});

test('birthdays come in three precisions, and an e-mail address only if there is one', async () => {
  const miaToken = await tokenOf(mia);
  const fields = 'birthday,email';
  assert.deepEqual(await readObject(await fetch(graph('/me', miaToken, { fields }))), { birthday: '07/02', id: mia });
  const told = await readObject(await fetch(graph('/me', await tokenOf(diego), { fields })));
  assert.deepEqual(told, { birthday: '1988', email: 'diego-romero@gmail.com', id: diego });
  assert.equal(formatBirthday({ year: 1991 }), '1991');
  assert.equal(formatBirthday({}), undefined);
});

test('likes come page by page; the next link lacks the proof', async () => {
  const token = await tokenOf(sofia);
  const names = new Set<string>();
  let url = graph('/me/likes', token, { fields: 'name,category', limit: '25' });
  const sizes: number[] = [];
  for (;;) {
    const page = await readObject(await fetch(url));
    assert.ok(Array.isArray(page.data));
    sizes.push(page.data.length);
    for (const one of page.data) names.add(JSON.stringify(one));
    const next = JSON.parse(JSON.stringify(page)).paging.next;
    if (next === undefined) break;
    assert.ok(!String(next).includes('appsecret_proof'));
    assert.equal((await errorOf(await fetch(String(next)))).type, 'GraphMethodException');
    const after = new URL(String(next)).searchParams.get('after') ?? '';
    url = graph('/me/likes', token, { fields: 'name,category', limit: '25', after });
  }
  assert.deepEqual(sizes, [25, 25, 10]);
  assert.equal(names.size, 60);
  const most = await readObject(await fetch(graph(`/${sofia}/likes`, token, { limit: '1000' })));
  assert.ok(Array.isArray(most.data) && most.data.length === 60);
  assert.equal((await errorOf(await fetch(graph('/me/likes', token, { after: 'bm8=' })))).code, 100);
});

test('who declines likes gets an empty list, and the permissions say so', async () => {
  const visitor = openVisitor();
  const url = ask({ return_scopes: 'true', client_id: strangeApp.clientId });
  const { fields } = landed(await visitor.visit(url, { person: mia, untick: ['user_likes', 'email'] }));
  assert.equal(fields.granted_scopes, 'public_profile,user_birthday');
  assert.equal(fields.denied_scopes, 'email,user_likes');
  const stranger = { client_id: strangeApp.clientId, client_secret: strangeApp.clientSecret };
  const token = String((await readObject(await fetch(tokenUrl(fields.code ?? '', stranger)))).access_token);
  const appsecret_proof = createHmac('sha256', strangeApp.clientSecret).update(token).digest('hex');
  assert.deepEqual(await readObject(await fetch(graph('/me/likes', token, { appsecret_proof }))), { data: [] });
  const permissions = await readObject(await fetch(graph('/me/permissions', token, { appsecret_proof })));
  assert.deepEqual(permissions.data, [
    { permission: 'public_profile', status: 'granted' },
    { permission: 'user_birthday', status: 'granted' },
    { permission: 'email', status: 'declined' },
    { permission: 'user_likes', status: 'declined' },
  ]);
  // What was declined is asked again only by rerequest.
  assert.equal(landed(await visitor.visit(url)).pages, 0);
  assert.equal((await visitor.visit(`${url}&auth_type=rerequest`)).kind, 'page');
  assert.equal((await visitor.visit(`${url}&auth_type=reauthenticate`)).kind, 'page');
});

test('a token without the right proof is refused', async () => {
  const token = await tokenOf(sofia);
  const missing = await errorOf(await fetch(graph('/me', token, { appsecret_proof: undefined })));
  assert.equal(missing.type, 'GraphMethodException');
  const wrong = createHmac('sha256', 'another secret').update(token).digest('hex');
  const refused = await errorOf(await fetch(graph('/me', token, { appsecret_proof: wrong })));
  assert.equal(refused.message, 'Invalid appsecret_proof provided in the API argument');
  assert.equal((await errorOf(await fetch(graph('/me', 'nonsense')))).code, 190);
  assert.equal((await errorOf(await fetch(`${network.origin}/v25.0/me`))).code, 2500);
  assert.equal((await errorOf(await fetch(graph(`/${mia}`, token)))).error_subcode, 33);
});

test('removing the app ends its token', async () => {
  const token = await tokenOf(diego);
  network.agreements.forget(testApp.clientId, diego);
  assert.equal((await errorOf(await fetch(graph('/me', token)))).error_subcode, 458);
});

test('codes are good once, for their app and address, by GET and by POST', async () => {
  const visitor = openVisitor();
  const code = async () => landed(await visitor.visit(ask(), { person: sofia })).fields.code ?? '';
  const first = await code();
  const post = await postForm(tokenUrl('').split('?')[0] ?? '', {
    ...Object.fromEntries(new URL(tokenUrl(first)).searchParams),
  });
  assert.equal(post.status, 200);
  const token = String((await readObject(post)).access_token);
  assert.equal((await errorOf(await fetch(tokenUrl(first)))).error_subcode, 36009);
  assert.equal((await errorOf(await fetch(graph('/me', token)))).code, 190, 'reuse ends the token');
  const other = { redirect_uri: testApp.redirectUris[1] };
  assert.equal((await errorOf(await fetch(tokenUrl(await code(), other)))).error_subcode, 36008);
  assert.equal((await errorOf(await fetch(tokenUrl(await code(), { client_secret: 'wrong' })))).code, 1);
  assert.equal((await errorOf(await fetch(tokenUrl(await code(), { client_id: 'nobody' })))).code, 101);
  const stranger = { client_id: strangeApp.clientId, client_secret: strangeApp.clientSecret };
  assert.equal((await errorOf(await fetch(tokenUrl(await code(), stranger)))).code, 100);
});

test('the dialog refuses what is wrong and tells of a no', async () => {
  const wrong = [
    ask({ client_id: 'nobody' }),
    ask({ redirect_uri: 'http://127.0.0.1:9/' }),
    ask({ scope: 'email,user_secrets' }),
    ask({ response_type: 'token' }),
  ];
  for (const url of wrong) assert.equal((await openVisitor().visit(url, { person: sofia })).kind, 'page', url);
  const no = landed(await openVisitor().visit(ask({ client_id: 'stranger' }), { person: sofia, agree: false }));
  assert.equal(no.fields.error, 'access_denied');
  assert.equal(no.fields.error_reason, 'user_denied');
  assert.equal(no.fields.state, 'the state');
  const raw = await fetch(ask(), { redirect: 'manual' });
  assert.equal(raw.status, 200);
  network.misbehave('user_denies', { times: 1 });
  const location = (await fetch(ask(), { redirect: 'manual' })).headers.get('location') ?? '';
  assert.ok(location.endsWith('#_=_'));
});
