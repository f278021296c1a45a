import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import type { Json } from '../../../base/json.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { textAt } from '../told-json.ts';

/** LinkedIn: OpenID Connect without nonce and PKCE, which its usual flow refuses. */
export function linkedin(options: OptionsOf<'linkedin'>): Network {
  const { profile, email, origin = 'https://www.linkedin.com' } = options;
  return {
    server: { discover: `${origin}/oauth` },
    auth: ClientSecretPost(options.client_secret),
    scopes: scopesOf(options, 'openid', profile && 'profile', email && 'email'),
    asks: asking({ name: profile, picture: profile, email }),
    pkce: false,
    idToken: 'without nonce',
    async read({ claims, userinfo }) {
      const told = await userinfo();
      return {
        id: claims.sub,
        profile: { ...told, locale: localeOf(told.locale) },
        email: { address: told.email, verified: told.email_verified === true, vouches: vouchesForNone },
        raw: { ...claims, ...told },
      };
    },
  };
}

/** Its `locale` is an object, `{language, country}`. */
function localeOf(told: Json | undefined): Json | undefined {
  const [language, country] = [textAt(told, 'language'), textAt(told, 'country')];
  return language && country ? `${language}-${country}` : told;
}
