import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { objectAt } from '../told-json.ts';

/** Amazon: OAuth 2.0 and the customer profile. */
export function amazon(options: OptionsOf<'amazon'>): Network {
  const [site, api] = [options.origin ?? 'https://www.amazon.com', options.origin ?? 'https://api.amazon.com'];
  return {
    server: {
      metadata: { issuer: site, authorization_endpoint: `${site}/ap/oa`, token_endpoint: `${api}/auth/o2/token` },
    },
    auth: ClientSecretPost(options.client_secret),
    scopes: scopesOf(options, 'profile', options.postal_code && 'postal_code'),
    asks: asking({ name: true, email: true, place: options.postal_code }),
    pkce: true,
    idToken: 'none',
    async read({ get }) {
      const user = objectAt(await get(`${api}/user/profile`));
      return {
        id: user.user_id,
        profile: { name: user.name },
        email: { address: user.email, verified: false, vouches: vouchesForNone },
        raw: user,
      };
    },
  };
}
