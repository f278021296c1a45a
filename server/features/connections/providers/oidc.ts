import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import type { JsonObject } from '../../../base/json.ts';
import { readBirthday } from '../birthday.ts';
import { asking, type Network, scopesOf } from '../network.ts';
import { textAt } from '../told-json.ts';

const wellKnown = '/.well-known/openid-configuration';

/** Any OpenID provider, by its discovery document or by endpoints that are written down. */
export function oidc(options: OptionsOf<'oidc'>): Network {
  const scopes = scopesOf(options, 'openid');
  const profile = scopes.includes('profile');
  return {
    server: serverOf(options),
    auth: authOf(options),
    scopes,
    asks: asking({ name: profile, picture: profile, email: scopes.includes('email') }),
    pkce: options.connection_settings.pkce !== 'disabled',
    idToken: 'with nonce',
    hints: ['login_hint', 'ui_locales', 'prompt=login', 'prompt=consent', 'prompt=select_account'],
    async read({ claims, userinfo }) {
      const more = await userinfo();
      const told: JsonObject = { ...claims, ...more };
      // Address and flag count only where they stand side by side.
      const side = claims.email === undefined ? more : claims;
      return {
        id: claims.sub,
        profile: { ...told, birthdate: readBirthday(textAt(told, 'birthdate')) },
        email: {
          address: side.email,
          verified: side.email_verified === true,
          vouches: (domain) => options.trust_email_verified && options.domain_aliases.includes(domain),
        },
        raw: told,
      };
    },
  };
}

function serverOf(options: OptionsOf<'oidc'>): Network['server'] {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, discovery_url } = options;
  if (issuer === undefined || !authorization_endpoint || !token_endpoint || !jwks_uri) {
    return { discover: issuer ?? discovery_url?.slice(0, -wellKnown.length) ?? '' };
  }
  const endpoints = { authorization_endpoint, token_endpoint, jwks_uri };
  return { metadata: { issuer, ...endpoints, ...(userinfo_endpoint && { userinfo_endpoint }) } };
}

function authOf({ client_secret, token_endpoint_auth_method }: OptionsOf<'oidc'>): ClientAuth {
  if (client_secret === undefined) return None();
  return token_endpoint_auth_method === 'client_secret_basic'
    ? ClientSecretBasic(client_secret)
    : ClientSecretPost(client_secret);
}
