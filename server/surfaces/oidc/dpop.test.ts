import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type OidcServer, oidcServer } from '../../../test/oidc-server.ts';
import { portalClient, readJwt } from '../../../test/portal-client.ts';
import { createApi } from '../../features/portals/portals.ts';

let server: OidcServer;
before(async () => {
  server = await oidcServer();
  await createApi(server.base, { identifier: 'my-api', settings: { allow_offline_access: true } });
});
after(() => server.close());

async function proofKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    prove(method: string, path: string, more: Record<string, unknown> = {}) {
      return new SignJWT({ htm: method, htu: `${server.url}${path}`, jti: randomUUID(), ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey);
    },
  };
}

async function ask(token: string, scheme: string, proof?: string) {
  const headers: Record<string, string> = { authorization: `${scheme} ${token}` };
  if (proof !== undefined) headers.dpop = proof;
  return fetch(`${server.url}/userinfo`, { headers });
}

test('a token that was asked for with a proof is bound to its key, opaque or JWT', async () => {
  server.journey.decided = { id_token: { 'https://shop.example/tier': 'gold', email: 'forged@example.com' } };
  const customer = await server.makeCustomer();
  const client = portalClient(server, { ...(await server.makePortal()), client_secret: '' });
  for (const audience of ['', 'my-api']) {
    const key = await proofKey();
    const { code, verifier } = await client.code(customer.user_id, { audience, scope: 'openid offline_access' });
    const body = {
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: 'https://shop.example/callback',
    };
    const tokens = await client.token(body, { dpop: await key.prove('POST', '/oauth/token') });
    assert.equal(tokens.status, 200, tokens.error_description);
    assert.equal(tokens.token_type, 'DPoP');
    assert.ok(tokens.headers.get('dpop-nonce'), 'a nonce for the next proof');
    if (audience) assert.deepEqual(readJwt(tokens.access_token).claims.cnf, { jkt: key.thumbprint });

    const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
    const proof = await key.prove('GET', '/userinfo', { ath });
    const good = await ask(tokens.access_token, 'DPoP', proof);
    assert.equal(good.status, 200, audience);
    const told = { sub: customer.user_id, 'https://shop.example/tier': 'gold' };
    assert.deepEqual(JSON.parse(await good.text()), told, 'and what code added');

    const other = await proofKey();
    const bad = [
      await ask(tokens.access_token, 'Bearer'),
      await ask(tokens.access_token, 'DPoP'),
      await ask(tokens.access_token, 'DPoP', proof), // used before
      await ask(tokens.access_token, 'DPoP', await other.prove('GET', '/userinfo', { ath })),
      await ask(tokens.access_token, 'DPoP', await key.prove('GET', '/userinfo')),
      await ask(tokens.access_token, 'DPoP', await key.prove('POST', '/userinfo', { ath })),
      await ask(tokens.access_token, 'DPoP', await key.prove('GET', '/oauth/token', { ath })),
    ];
    for (const response of bad) {
      assert.ok(response.status === 401 || response.status === 400, String(response.status));
      assert.equal(await response.text(), 'Unauthorized');
    }

    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    assert.notEqual((await client.token(refresh)).status, 200, 'a public portal’s refresh token is bound, too');
    const again = await client.token(refresh, { dpop: await key.prove('POST', '/oauth/token') });
    assert.equal(again.status, 200);
  }
});

test('security row 13: of 20 requests with the same proof, one is answered', async () => {
  const customer = await server.makeCustomer();
  const client = portalClient(server, { ...(await server.makePortal()), client_secret: '' });
  const key = await proofKey();
  const { code, verifier } = await client.code(customer.user_id);
  const redirect_uri = 'https://shop.example/callback';
  const tokens = await client.token(
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri },
    { dpop: await key.prove('POST', '/oauth/token') },
  );
  const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
  const proof = await key.prove('GET', '/userinfo', { ath });
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(tokens.access_token, 'DPoP', proof)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('a portal that requires proofs gets no tokens without', async () => {
  const customer = await server.makeCustomer();
  const made = await server.makePortal({ settings: { require_proof_of_possession: true } });
  const client = portalClient(server, { ...made, client_secret: '' });
  const { code, verifier } = await client.code(customer.user_id);
  const refused = await client.redeem(code, verifier);
  assert.deepEqual([refused.status, refused.error], [400, 'invalid_dpop_proof']);
});
