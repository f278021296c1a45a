// The yardstick: oidc-provider as it comes, in memory, behind Node's own HTTP server. Run as a child process of the
// benchmarks; prints one JSON line with its address and ready-made tokens.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

const workers = Number(process.argv[2] ?? 32);
const server = createServer();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
if (typeof address !== 'object' || !address) throw new Error('no address');
const origin = `http://127.0.0.1:${address.port}`;

const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const api = 'urn:bench:api';

const configuration: Configuration = {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
  clients: [
    {
      client_id: 'web',
      client_secret: 'web-secret-of-the-bench',
      redirect_uris: ['https://app.example/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
    },
    {
      client_id: 'machine',
      client_secret: 'machine-secret-of-the-bench',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: {
    openid: ['sub'],
    profile: ['name', 'nickname', 'picture', 'updated_at'],
    email: ['email', 'email_verified'],
  },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: async () => ({
      sub,
      name: 'Bench Customer',
      nickname: 'bench',
      picture: 'https://example.com/p.png',
      updated_at: 1,
      email: 'bench@example.com',
      email_verified: true,
    }),
  }),
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => [],
      getResourceServerInfo: () => ({
        scope: 'read:things',
        audience: api,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
};

const provider = new Provider(origin, configuration);
const web = await provider.Client.find('web');
if (!web) throw new Error('no client');
const refreshTokens: string[] = [];
const accessTokens: string[] = [];
for (let i = 0; i < workers; i += 1) {
  const grant = new provider.Grant({ clientId: 'web', accountId: `customer-${i}` });
  grant.addOIDCScope('openid profile email offline_access');
  const grantId = await grant.save();
  const common = {
    accountId: `customer-${i}`,
    client: web,
    grantId,
    gty: 'authorization_code',
    scope: 'openid profile email offline_access',
  };
  refreshTokens.push(await new provider.RefreshToken(common).save());
  accessTokens.push(await new provider.AccessToken(common).save());
}

server.on('request', provider.callback());
process.stdout.write(`${JSON.stringify({ origin, api, refreshTokens, accessTokens })}\n`);
