import { ClientSecretBasic, ClientSecretPost } from 'openid-client';
import type { OptionsOf } from '../../../../contract/connection-options.ts';
import { readBirthday } from '../birthday.ts';
import { asking, type Network, scopesOf } from '../network.ts';
import { at, objectAt, textAt } from '../told-json.ts';

/** Any OAuth 2.0 provider with a profile that an access token reads; `fieldsMap` tells what is where in it. */
export function oauth2(options: OptionsOf<'oauth2'>): Network {
  const { authorizationURL, tokenURL, userinfo_endpoint, fieldsMap, client_secret } = options;
  const basic = options.token_endpoint_auth_method === 'client_secret_basic';
  return {
    server: {
      metadata: {
        issuer: new URL(tokenURL).origin,
        authorization_endpoint: authorizationURL,
        token_endpoint: tokenURL,
      },
    },
    auth: basic ? ClientSecretBasic(client_secret) : ClientSecretPost(client_secret),
    scopes: scopesOf(options),
    ...(!options.useOauthSpecScope && { scopeSeparator: ',' }),
    asks: asking({ name: true, email: true }),
    pkce: options.pkce_enabled,
    idToken: 'none',
    parameters: options.authParams,
    async read({ get }) {
      const user = objectAt(await get(userinfo_endpoint));
      const told = (attribute: string) => at(user, fieldsMap[attribute] ?? attribute);
      return {
        id: told('user_id') ?? user.sub ?? user.id,
        profile: {
          name: told('name'),
          given_name: told('given_name'),
          family_name: told('family_name'),
          nickname: told('nickname'),
          picture: told('picture'),
          gender: told('gender'),
          birthdate: readBirthday(textAt(user, fieldsMap.birthdate ?? 'birthdate')),
          locale: told('locale'),
          zoneinfo: told('zoneinfo'),
        },
        email: {
          address: told('email'),
          verified: told('email_verified') === true,
          vouches: (domain) => options.trust_email_verified && options.domain_aliases.includes(domain),
        },
        raw: user,
      };
    },
  };
}
