import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { at, listAt, objectAt } from '../told-json.ts';

/** GitHub: OAuth 2.0 (errors come with status 200, which the token response's check catches); addresses apart. */
export function github(options: OptionsOf<'github'>): Network {
  const [site, api] = [options.origin ?? 'https://github.com', options.origin ?? 'https://api.github.com'];
  const { email, profile, read_user } = options;
  return {
    server: {
      metadata: {
        issuer: `${site}/login/oauth`,
        authorization_endpoint: `${site}/login/oauth/authorize`,
        token_endpoint: `${site}/login/oauth/access_token`,
      },
    },
    auth: ClientSecretPost(options.client_secret),
    scopes: scopesOf(options, (profile || read_user) && 'read:user', email && 'user:email'),
    asks: asking({ name: true, picture: true, email }),
    pkce: true,
    idToken: 'none',
    namesIssuer: true,
    hints: ['prompt=select_account'],
    async read({ granted, get }) {
      const mayReadEmails = granted.has('user:email') || granted.has('user');
      const [user, emails] = await Promise.all([get(`${api}/user`), mayReadEmails ? get(`${api}/user/emails`) : []]);
      const primary = listAt(emails).find((one) => at(one, 'primary') === true);
      return {
        id: at(user, 'id'),
        profile: { name: at(user, 'name'), nickname: at(user, 'login'), picture: at(user, 'avatar_url') },
        email: {
          address: primary ? at(primary, 'email') : at(user, 'email'),
          verified: at(primary, 'verified') === true,
          vouches: vouchesForNone,
        },
        raw: { ...objectAt(user), ...(primary !== undefined && { emails: listAt(emails) }) },
      };
    },
  };
}
