import { ClientSecretBasic } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { at, objectAt, textAt } from '../told-json.ts';

/** X: OAuth 2.0; whatever it tells stands in an envelope, `data`. */
export function twitter(options: OptionsOf<'twitter'>): Network {
  const [site, api] = [options.origin ?? 'https://x.com', options.origin ?? 'https://api.x.com'];
  return {
    server: {
      metadata: {
        issuer: site,
        authorization_endpoint: `${site}/i/oauth2/authorize`,
        token_endpoint: `${api}/2/oauth2/token`,
      },
    },
    auth: ClientSecretBasic(options.client_secret),
    scopes: scopesOf(
      options,
      ...['users.read', 'tweet.read', options.email && 'users.email', options.offline_access && 'offline.access'],
    ),
    asks: asking({ name: true, picture: true, email: options.email }),
    pkce: true,
    idToken: 'none',
    async read({ granted, get }) {
      const fields = ['profile_image_url', granted.has('users.email') && 'confirmed_email'].filter(Boolean);
      const user = objectAt(await get(`${api}/2/users/me`, { 'user.fields': fields.join(',') }), 'data');
      return {
        id: at(user, 'id'),
        profile: {
          name: at(user, 'name'),
          nickname: at(user, 'username'),
          picture: textAt(user, 'profile_image_url')?.replace('_normal.', '_400x400.'), // else 48 pixels
        },
        email: { address: at(user, 'confirmed_email'), verified: false, vouches: vouchesForNone },
        raw: user,
      };
    },
  };
}
