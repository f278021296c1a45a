import { importPKCS8, SignJWT } from 'jose';
import type { ClientAuth } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { isJsonObject, type Json } from '../../../base/json.ts';
import { asking, type Network, scopesOf } from '../network.ts';
import { textAt } from '../told-json.ts';

const ownDomains = ['privaterelay.appleid.com', 'icloud.com', 'me.com', 'mac.com'];

/** Apple: OpenID Connect with a signed client secret; the answer comes by POST, the name beside it and only once. */
export function apple(options: OptionsOf<'apple'>): Network {
  const { name, email, origin: issuer = 'https://appleid.apple.com' } = options;
  return {
    server: { discover: issuer },
    auth: signedSecret(options, issuer),
    scopes: scopesOf(options, 'openid', name && 'name', email && 'email'),
    asks: asking({ name, email }),
    pkce: false,
    idToken: 'with nonce',
    parameters: { response_mode: 'form_post' },
    async read({ claims, params }) {
      const { firstName, lastName } = nameIn(params.get('user'));
      const full = [firstName, lastName].filter((part) => part !== undefined).join(' ');
      return {
        id: claims.sub,
        profile: { given_name: firstName, family_name: lastName, name: full || undefined },
        email: {
          address: claims.email,
          // Apple documents both flags as "a string or Boolean value".
          verified: claims.email_verified === true || claims.email_verified === 'true',
          vouches: (domain) => options.trust_email_verified && ownDomains.includes(domain),
        },
        raw: { ...claims, ...(full && { name: full }) },
      };
    },
  };
}

/** "Creating a client secret": ES256, `aud` Apple, `iss` the team, `sub` the client; good for 5 minutes here. */
function signedSecret({ client_id, team_id, kid, app_secret = '' }: OptionsOf<'apple'>, audience: string): ClientAuth {
  return async (_server, _client, body) => {
    const key = await importPKCS8(app_secret, 'ES256');
    const now = Math.floor(Date.now() / 1000);
    const secret = await new SignJWT({ iss: team_id, sub: client_id, aud: audience, iat: now, exp: now + 300 })
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(key);
    body.set('client_id', client_id);
    body.set('client_secret', secret);
  };
}

/** The browser carries `user`, so it is good for a name to call somebody by and for nothing else. */
function nameIn(user: string | null): { firstName?: string | undefined; lastName?: string | undefined } {
  if (user === null || user.length > 4096) return {};
  try {
    const read: Json = JSON.parse(user);
    const found = isJsonObject(read) ? read.name : undefined;
    return { firstName: textAt(found, 'firstName'), lastName: textAt(found, 'lastName') };
  } catch {
    return {};
  }
}
