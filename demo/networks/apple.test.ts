import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  createRemoteJWKSet,
  exportPKCS8,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { apple } from './apple.ts';
import { applePeople } from './demo-people.ts';
import { type Network, startNetwork } from './network.ts';
import { addressOf, landed, postForm, readObject, redirectUri } from './test-app.ts';
import { openVisitor } from './visitor.ts';

const sofia = '001482.5f0c2b9e7d6a4c1f8e3b0a9d7c6e5f4a.0917';
const amelie = '000731.a3d1e8c47b5f42069d8c1e2f3a4b5c6d.1432';
const keys = await generateKeyPair('ES256', { extractable: true });
const foreign = await generateKeyPair('ES256');
const app = { clientId: 'shop.lumiere.web', redirectUris: [redirectUri], teamId: 'TEAM123456', keyId: 'KEY1234567' };
let network: Network;

before(async () => {
  const clients = [
    { ...app, clientSecret: await exportPKCS8(keys.privateKey) },
    { ...app, clientId: 'shop.other', clientSecret: await exportSPKI(keys.publicKey) },
  ];
  network = await startNetwork(apple(applePeople), { clients });
});
after(() => network.close());

function ask(more: Record<string, string | undefined> = {}): string {
  return addressOf(`${network.origin}/auth/authorize`, {
    client_id: app.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    response_mode: 'form_post',
    scope: 'name email',
    state: 'the state',
    nonce: 'the nonce',
    ...more,
  });
}

interface SecretChanges {
  iss?: string;
  sub?: string;
  aud?: string;
  days?: number;
  kid?: string;
  key?: typeof keys.privateKey;
}

async function makeSecret(changes: SecretChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: changes.kid ?? app.keyId })
    .setIssuer(changes.iss ?? app.teamId)
    .setSubject(changes.sub ?? app.clientId)
    .setAudience(changes.aud ?? network.origin)
    .setIssuedAt(now)
    .setExpirationTime(now + (changes.days ?? 1) * 86_400)
    .sign(changes.key ?? keys.privateKey);
}

async function exchange(code: string, more: Record<string, string | undefined> = {}): Promise<Response> {
  return postForm(`${network.origin}/auth/token`, {
    client_id: app.clientId,
    client_secret: await makeSecret(),
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    code,
    ...more,
  });
}

async function claimsOf(token: unknown): Promise<JWTPayload> {
  const published = createRemoteJWKSet(new URL(`${network.origin}/auth/keys`));
  const checks = { issuer: network.origin, audience: app.clientId, algorithms: ['RS256'] };
  return (await jwtVerify(String(token), published, checks)).payload;
}

test('the first yes is posted with the user, later ones without', async () => {
  const visitor = openVisitor();
  const first = landed(await visitor.visit(ask(), { person: sofia }));
  assert.equal(first.method, 'POST');
  assert.equal(first.redirectUri, redirectUri);
  assert.equal(first.fields.state, 'the state');
  const user = JSON.parse(first.fields.user ?? '');
  assert.deepEqual(user.name, { firstName: 'Sofia', lastName: 'Marchetti' });
  assert.match(user.email, /^sim-[0-9a-f]{10}@privaterelay\.appleid\.com$/);
  const tokens = await readObject(await exchange(first.fields.code ?? ''));
  const claims = await claimsOf(tokens.id_token);
  assert.equal(claims.sub, sofia);
  assert.equal(claims.nonce, 'the nonce');
  assert.equal(claims.nonce_supported, true);
  assert.equal(claims.email, user.email);
  assert.equal(claims.email_verified, 'true');
  assert.equal(claims.is_private_email, 'true');

  const second = landed(await visitor.visit(ask()));
  assert.equal(second.fields.user, undefined);
  const again = await claimsOf((await readObject(await exchange(second.fields.code ?? ''))).id_token);
  assert.equal(again.email, user.email, 'the address stays in the ID token');
  const refreshed = await exchange('', {
    grant_type: 'refresh_token',
    refresh_token: String(tokens.refresh_token),
    code: undefined,
  });
  assert.equal((await claimsOf((await readObject(refreshed)).id_token)).nonce, undefined);
});

test('a shared address is the real one, with a boolean flag', async () => {
  const { fields } = landed(await openVisitor().visit(ask(), { person: amelie }));
  assert.equal(JSON.parse(fields.user ?? '').email, 'amelie.laurent@example.com');
  const claims = await claimsOf((await readObject(await exchange(fields.code ?? ''))).id_token);
  assert.equal(claims.email, 'amelie.laurent@example.com');
  assert.equal(claims.email_verified, true);
  assert.equal(claims.is_private_email, undefined);
});

test('code and id_token together come with the hash of the code', async () => {
  const { fields } = landed(await openVisitor().visit(ask({ response_type: 'code id_token' }), { person: amelie }));
  const claims = await claimsOf(fields.id_token);
  assert.equal(claims.nonce, 'the nonce');
  assert.ok(claims.c_hash);
});

test('name and e-mail are told by form_post only', async () => {
  const wrong = [
    ask({ response_mode: undefined }),
    ask({ response_mode: 'query' }),
    ask({ response_mode: 'query', scope: undefined, response_type: 'code id_token' }),
    ask({ scope: 'name phone' }),
    ask({ client_id: 'nobody' }),
    ask({ redirect_uri: 'http://127.0.0.1:9/' }),
  ];
  for (const url of wrong) assert.equal((await openVisitor().visit(url, { person: sofia })).kind, 'page', url);
  const bare = ask({ response_mode: undefined, scope: undefined });
  const { method, fields } = landed(await openVisitor().visit(bare, { person: sofia }));
  assert.equal(method, 'GET');
  assert.equal((await claimsOf((await readObject(await exchange(fields.code ?? ''))).id_token)).email, undefined);
});

test('a no is posted, too', async () => {
  const url = ask({ client_id: 'shop.other' });
  const { method, fields } = landed(await openVisitor().visit(url, { person: sofia, agree: false }));
  assert.equal(method, 'POST');
  assert.deepEqual(fields, { error: 'user_cancelled_authorize', state: 'the state' });
});

test('a client secret must be right in every part', async () => {
  const visitor = openVisitor();
  const wrong: Record<string, SecretChanges> = {
    issuer: { iss: 'TEAM000000' },
    subject: { sub: 'shop.other' },
    audience: { aud: 'https://example.com' },
    'seven months': { days: 210 },
    expired: { days: -1 },
    'key id': { kid: 'KEY0000000' },
    signature: { key: foreign.privateKey },
  };
  for (const [what, changes] of Object.entries(wrong)) {
    const { fields } = landed(await visitor.visit(ask(), { person: sofia }));
    const response = await exchange(fields.code ?? '', { client_secret: await makeSecret(changes) });
    assert.equal(response.status, 400, what);
    assert.deepEqual(await readObject(response), { error: 'invalid_client' }, what);
  }
  const { fields } = landed(await visitor.visit(ask(), { person: sofia }));
  const ok = await exchange(fields.code ?? '', { client_secret: await makeSecret({ days: 180 }) });
  assert.equal(ok.status, 200);
  assert.deepEqual(await readObject(await exchange(fields.code ?? '')), { error: 'invalid_grant' }, 'reuse');
  assert.deepEqual(await readObject(await exchange('never issued')), { error: 'invalid_grant' });
});
