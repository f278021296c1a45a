import { ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { asking, type Network, scopesOf, vouchesForNone } from '../network.ts';
import { textAt } from '../told-json.ts';

const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/**
 * Microsoft accounts, personal and of any organisation: OpenID Connect whose issuer differs per directory, which
 * openid-client fills into the published template when it knows the host. `email` is whatever a directory's
 * administrator wrote, so it proves nothing.
 */
export function windowslive(options: OptionsOf<'windowslive'>): Network {
  const { graph_user: profile, emails: email } = options;
  return {
    server: { discover: 'https://login.microsoftonline.com/common/v2.0', calledAt: options.origin },
    auth: ClientSecretPost(options.client_secret),
    scopes: scopesOf(
      options,
      ...['openid', profile && 'profile', email && 'email', options.offline_access && 'offline_access'],
    ),
    asks: asking({ name: profile, email }),
    pkce: true,
    idToken: 'with nonce',
    hints: ['login_hint', 'prompt=select_account', 'prompt=login', 'prompt=consent'],
    async read({ claims, userinfo }) {
      const told = await userinfo();
      const [tenant, subject] = [textAt(claims, 'tid'), textAt(claims, 'sub')];
      // A subject is unique within its issuer, and here every directory is one.
      const id = tenant === personalTenant ? subject : tenant && subject && `${tenant}.${subject}`;
      return {
        id,
        profile: { ...claims, ...told, picture: undefined }, // its picture opens with a token only
        email: { address: claims.email ?? told.email, verified: false, vouches: vouchesForNone },
        raw: { ...claims, ...told },
      };
    },
  };
}
