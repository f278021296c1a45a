import type Provider from 'oidc-provider';
import type { Base } from '../../base/base.ts';
import type { Journey } from './journey-port.ts';
import { exchangeOwn, required } from './own-grant.ts';

/** The portal asks for the password itself; `realm` names the connection. Off unless the portal has the grant type. */
export const passwordGrants = ['password', 'http://auth0.com/oauth/grant-type/password-realm'];

const params = ['username', 'password', 'scope', 'audience', 'realm'];

/** Teaches the engine the two grant types. */
export function addPasswordGrants(base: Base, provider: Provider, journey: Journey): void {
  for (const name of passwordGrants) {
    provider.registerGrantType(
      name,
      (ctx) =>
        exchangeOwn(base, provider, ctx, 'password', (visit) =>
          journey.onPassword({
            ...visit,
            username: required(ctx, 'username'),
            password: required(ctx, 'password'),
            realm: name === 'password' ? undefined : required(ctx, 'realm'),
          }),
        ),
      params,
    );
  }
}
